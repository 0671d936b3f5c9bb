"""The asynchronous client, for asyncio.

>>> import asyncio
>>> async def main(service):
...     async with service.async_client() as client:
...         return (await client.image_status(1234, 5678)).total_machines
>>> with simulate("happy") as service:
...     asyncio.run(main(service))
54
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

from . import _clanforge
from ._client import described, merged
from ._closing import AsyncClosing
from ._credentials import Credentials, native_credentials
from ._models import ImageRef, ImageStatus
from ._policy import Baseline, native_baseline, policy
from ._settings import Settings, log_level, native, seconds
from ._updates import Outcome, Update, no_outcome, update_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self, Unpack

    from ._credentials import CredentialsProvider
    from ._policy import WaitOptions
    from ._settings import Duration

__all__ = ["AsyncClient", "AsyncWatch", "image_status"]

# Once the interpreter begins to end, no thread of the native half may enter it any more.
atexit.register(_clanforge.close)

_mailboxes: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _clanforge.Mailbox] = weakref.WeakKeyDictionary()


def _begin_anew() -> None:
    # A child by fork has none of its parent's threads, and no loop of its own yet.
    _clanforge.reopen()
    _mailboxes.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


async def _run(
    start: Callable[[_clanforge.Mailbox, asyncio.Future[Any]], _clanforge.Task | None],
    provider: CredentialsProvider | None,
) -> Any:
    loop = asyncio.get_running_loop()
    mailbox = _mailboxes.get(loop)
    if mailbox is None:
        mailbox = _mailboxes[loop] = _clanforge.Mailbox()
        mailbox.wake_by(_Waker(loop), mailbox.drain)
    future = loop.create_future()
    task = start(mailbox, future)
    if task is None:
        # The interpreter is ending, and ends its daemon threads as they are: there is nobody left to tell.
        if threading.current_thread() is not threading.main_thread():
            await future
        raise RuntimeError("the interpreter is ending: no call can begin any more")
    try:
        told = await future
        while provider is not None and isinstance(told, _clanforge.Asked):
            told = await _answered(told, provider)
        return told
    finally:
        # Ends what still runs where the caller was cancelled; after the end it does nothing.
        task.cancel()


async def _answered(asked: _clanforge.Asked, provider: CredentialsProvider) -> Any:
    """Give a call its credentials, and return what it is told next; its end may come before them."""
    providing = asyncio.ensure_future(_provided(provider))
    # Where the call ends before it, nobody else looks at what it raises.
    providing.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.wait((providing, asked.future), return_when=asyncio.FIRST_COMPLETED)
        if not asked.future.done():
            asked.give(providing.result())
        return await asked.future
    finally:
        providing.cancel()
        asked.future.cancel()


async def _provided(provider: CredentialsProvider) -> str:
    given = provider()
    if not isinstance(given, Credentials) and hasattr(given, "__await__"):
        given = await given
    return native_credentials(given)


class _Waker:
    """Wakes a loop without keeping it alive."""

    __slots__ = ("_loop",)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = weakref.ref(loop)

    def __call__(self, callback: Callable[[], None]) -> None:
        loop = self._loop()
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(callback)


class AsyncClient(AsyncClosing):
    """Asks the service for image statuses from asyncio: the twin of `Client`, with the same settings and methods.

    One client may be used by several event loops in turn or at once. Cancelling a task ends its call, and closes the
    connection in flight.
    """

    __slots__ = ("_native", "_provider", "_settings")

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self._settings = settings
        self._provider = settings.get("credentials_provider")
        self._native = _clanforge.Client(native(settings), True)

    async def image_status(
        self,
        account_service_id: int,
        image_id: int,
        *,
        detail: bool = False,
        timeout: Duration | None = None,
        retries: int | None = None,
    ) -> ImageStatus:
        """Return how far an image is: see `Client.image_status`."""
        image = ImageRef(account_service_id, image_id)
        limit = None if timeout is None else seconds("timeout", timeout)
        return ImageStatus._of(
            await _run(
                lambda mailbox, future: self._native.start_image_status(
                    mailbox,
                    future,
                    image._ids,
                    detail,
                    limit,
                    retries,
                    log_level(),
                ),
                self._provider,
            )
        )

    async def wait(
        self,
        account_service_id: int,
        image_id: int,
        *,
        baseline: Baseline | None = None,
        detail: bool = False,
        seed: int | None = None,
        **options: Unpack[WaitOptions],
    ) -> Outcome:
        """Wait until an image is ready by a gate, and return how it ended: see `Client.wait`."""
        async with self.watch(
            account_service_id, image_id, baseline=baseline, detail=detail, seed=seed, **options
        ) as updates:
            return await updates.outcome()

    def watch(
        self,
        account_service_id: int,
        image_id: int,
        *,
        baseline: Baseline | None = None,
        detail: bool = False,
        seed: int | None = None,
        **options: Unpack[WaitOptions],
    ) -> AsyncWatch:
        """Wait as `wait` does, and return an asynchronous iterator of what happens meanwhile: see `Client.watch`."""
        image = ImageRef(account_service_id, image_id)
        return AsyncWatch(
            self._native.watch(
                image._ids, policy(options), native_baseline(baseline), detail, seed
            ),
            self._provider,
        )

    async def baseline(self, account_service_id: int, image_id: int) -> Baseline:
        """Return the status, with detail, from before a rollout is started: see `Client.baseline`."""
        status = await self.image_status(account_service_id, image_id, detail=True)
        return Baseline(ImageRef(account_service_id, image_id), status)

    def with_options(self, **settings: Unpack[Settings]) -> AsyncClient:
        """Return a client with some settings changed; the connections are its own."""
        return AsyncClient(**merged(self._settings, settings))

    async def close(self) -> None:
        """Give the connections up. A call after that is a `ConfigurationError`."""
        self._native.close()

    def __repr__(self) -> str:
        return f"<clanforge.AsyncClient of {described(self._settings)}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a client holds credentials and connections: it cannot be pickled")


class AsyncWatch(AsyncClosing):
    """The updates of a wait, one after another: the twin of `Watch`. An asynchronous iterator and context manager."""

    __slots__ = ("_native", "_outcome", "_provider")

    def __init__(self, native: _clanforge.Watch, provider: CredentialsProvider | None) -> None:
        self._native = native
        self._provider = provider
        self._outcome: Outcome | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Update:
        told = await _run(
            lambda mailbox, future: self._native.start_next(mailbox, future, log_level()), self._provider
        )
        if told is None:
            raise StopAsyncIteration
        update = update_of(told)
        if isinstance(update, Outcome):
            self._outcome = update
        return update

    async def outcome(self) -> Outcome:
        """Wait to the end, and return the outcome; after the end, return it again.

        Raises:
            ConfigurationError: where the wait was closed or given up before.
        """
        if self._outcome is None:
            async for _ in self:
                pass
        if self._outcome is None:
            raise no_outcome()
        return self._outcome

    async def close(self) -> None:
        """End the waiting, and close its connection."""
        self._native.close()


async def image_status(
    account_service_id: int,
    image_id: int,
    *,
    detail: bool = False,
    timeout: Duration | None = None,
    retries: int | None = None,
) -> ImageStatus:
    """Return how far an image is, with credentials from the environment: `AsyncClient.image_status` for a single call."""
    async with AsyncClient() as client:
        return await client.image_status(account_service_id, image_id, detail=detail, timeout=timeout, retries=retries)
