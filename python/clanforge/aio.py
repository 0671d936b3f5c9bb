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
from collections.abc import Callable
from contextvars import copy_context
from inspect import isawaitable
from types import TracebackType
from typing import Any

from . import _clanforge
from ._clients.base import AllOutcomes, ClientBase, OneOutcome, OutcomeT, Backoff, WatchBase, check_arguments
from ._clients.context_managers import AsyncContextManager
from ._models.credentials import CredentialsProvider, credentials_json
from ._generated.errors import ApiError, ConfigurationError
from ._generated.models import Baseline, CombinedOutcome, ImageRef, Outcome, RolloutOptions, Update, WaitAllOptions, WaitOptions
from ._generated.options import CallOptions, StatusOptions
from ._models.record import Duration, Self, Unpack, named_arguments
from ._clients.rollout import RolloutBase, check_deploy, failure
from ._clients.settings import Images, image_ids, log_level
from ._models.status import ImageStatus

__all__ = ["AsyncClient", "AsyncRollout", "AsyncWatch", "AsyncWatchAll", "image_status"]

# After the interpreter starts to shut down, the runtime thread of the native module must not enter it.
atexit.register(_clanforge.shut_down)

_queues: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _clanforge.CompletionQueue] = weakref.WeakKeyDictionary()


def _reset_after_fork() -> None:
    # A forked child has none of its parent's threads, and no event loop yet.
    _clanforge.reset_after_fork()
    _queues.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    raise ConfigurationError(
        "AsyncClient needs a running asyncio event loop: under trio, call the methods of a Client with trio.to_thread.run_sync"
    )


async def _run(call: _clanforge.Call, provider: CredentialsProvider | None) -> Any:
    loop = _running_loop()
    queue = _queues.get(loop)
    if queue is None:
        queue = _queues[loop] = _clanforge.CompletionQueue(weakref.ref(loop))
    future = loop.create_future()
    context = copy_context()
    providing: list[asyncio.Task[None]] = []

    def provide(request: _clanforge.CredentialsRequest) -> None:
        providing.append(context.run(loop.create_task, _provide_credentials(provider, request)))
        providing[-1].add_done_callback(lambda done: _pass_failure(done, future))

    task = queue.start(call, future, provide, log_level())
    if task is None:
        # The interpreter is shutting down, and stops a daemon thread wherever it is: here, in a call that never completes.
        if threading.current_thread() is not threading.main_thread():
            await future
        raise RuntimeError("cannot start a call: the interpreter is shutting down")
    try:
        return await future
    finally:
        # Cancels the call if its caller was cancelled. Has no effect after the call has completed.
        task.cancel()
        for each in providing:
            each.cancel()


async def _provide_credentials(provider: CredentialsProvider | None, request: _clanforge.CredentialsRequest) -> None:
    """Respond to a call's request for credentials."""
    credentials = provider() if provider is not None else None
    if isawaitable(credentials):
        credentials = await credentials
    request.respond(credentials_json(credentials))


def _pass_failure(providing: asyncio.Task[None], call: asyncio.Future[Any]) -> None:
    """End the call of a provider that failed, unless the call has ended before."""
    error = asyncio.CancelledError() if providing.cancelled() else providing.exception()
    if error is not None and not call.done():
        call.set_exception(error)


class _AsyncWatch(WatchBase[OutcomeT], AsyncContextManager):
    __slots__ = ("_lock", "_next")

    def __init__(self, native: _clanforge.Watch, provider: CredentialsProvider | None) -> None:
        super().__init__(native, provider)
        self._lock = asyncio.Lock()
        self._next: asyncio.Task[Any] | None = None

    def __del__(self) -> None:
        self._native.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Update:
        async with self._lock:
            if self._next is None:
                self._next = _running_loop().create_task(_run(self._native.next(), self._provider))
                # Otherwise asyncio reports an exception that nobody retrieves.
                self._next.add_done_callback(lambda done: done.cancelled() or done.exception())
            try:
                encoded = await asyncio.shield(self._next)
            finally:
                if self._next.done():
                    self._next = None
        return self._received(encoded, StopAsyncIteration)

    async def outcome(self) -> OutcomeT:
        """Wait until the wait ends, and return the outcome. Later calls return it again.

        Raises:
            ConfigurationError: if the wait was closed or interrupted, or ended with an error that an earlier call raised.
        """
        async for _ in self:
            pass
        return self._known_outcome()


class AsyncWatch(OneOutcome, _AsyncWatch[Outcome]):
    """The updates of a wait, for asyncio: see `Watch`. An asynchronous iterator and context manager.

    Cancelling a call for the next update does not end the wait: the next call returns that update. So you can repeat
    ``asyncio.wait_for(anext(updates), 5)`` after it timed out. To end the wait, close the watch or leave its block.
    """

    __slots__ = ()


class AsyncWatchAll(AllOutcomes, _AsyncWatch[CombinedOutcome]):
    """The updates of a wait for several images, for asyncio: see `WatchAll` and `AsyncWatch`."""

    __slots__ = ()


class AsyncRollout(RolloutBase["AsyncClient"]):
    """A rollout, as an ``async with`` block or by `run`: see `Client.rollout`."""

    __slots__ = ()

    async def run(self, deploy: Callable[[], object]) -> CombinedOutcome:
        """Take the baselines, call ``deploy``, and wait: see `Rollout.run`. ``deploy`` may be a coroutine function."""
        check_deploy(deploy, is_async=True)
        begun = await self._begin(is_block=False)
        if not begun.is_deployed():
            begun.starting()
            try:
                result = deploy()
                if isawaitable(result):
                    await result
            except Exception as error:
                begun.ended(failure(error))
                raise
            begun.ended(None)
        return await self._wait()

    async def __aenter__(self) -> Self:
        await self._begin(is_block=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self._wait()

    async def _begin(self, *, is_block: bool) -> _clanforge.Rollout:
        return self._keep(await _run(self._call(is_block=is_block), self._client._provider))

    async def _wait(self) -> CombinedOutcome:
        return self._end(await _outcome(self._watch(), self._on_update))


class AsyncClient(ClientBase[AsyncWatch, AsyncWatchAll], AsyncContextManager):
    """A client for asyncio, with the same settings and methods as `Client`.

    Several event loops can use one client, one after another or at the same time. Cancelling a task cancels its call, and
    closes the connection of the call.
    """

    __slots__ = ()

    _is_async = True
    _watch = AsyncWatch
    _watch_all = AsyncWatchAll

    async def image_status(
        self, account_service_id: int | ImageRef | None = None, image_id: int | None = None, **options: Unpack[StatusOptions]
    ) -> ImageStatus:
        """Return the status of an image: see `Client.image_status`."""
        call = self._status_call(account_service_id, image_id, options)
        return ImageStatus._from_native(await _run(call, self._provider))

    async def wait(
        self,
        account_service_id: int | ImageRef | None = None,
        image_id: int | None = None,
        *,
        check: bool = False,
        on_update: Callable[[Update], object] | None = None,
        **options: Unpack[WaitOptions],
    ) -> Outcome:
        """Wait until an image is ready, and return the outcome: see `Client.wait`. ``on_update`` may be a coroutine function."""
        check_arguments(check, on_update, options, WaitOptions)
        outcome = await _outcome(self.watch(account_service_id, image_id, **options), on_update)
        return outcome.raise_for_status() if check else outcome

    @named_arguments
    async def wait_all(
        self,
        images: Images,
        *,
        check: bool = False,
        on_update: Callable[[Update], object] | None = None,
        **options: Unpack[WaitAllOptions],
    ) -> CombinedOutcome:
        """Wait for several images at once, and return the outcome of each: see `Client.wait_all`."""
        check_arguments(check, on_update, options, WaitAllOptions)
        outcome = await _outcome(self.watch_all(images, **options), on_update)
        return outcome.raise_for_status() if check else outcome

    @named_arguments
    def rollout(
        self,
        images: ImageRef | Images,
        *,
        allow_busy: bool = False,
        assume_deployed: bool = False,
        on_update: Callable[[Update], object] | None = None,
        **options: Unpack[RolloutOptions],
    ) -> AsyncRollout:
        """Return the rollout of one image or several: an ``async with`` block in which you start it. See `Client.rollout`."""
        return AsyncRollout(self, images, allow_busy, assume_deployed, on_update, options)

    async def baseline(
        self,
        account_service_id: int | ImageRef | None = None,
        image_id: int | None = None,
        *,
        retry_for: Duration = 0,
        **options: Unpack[CallOptions],
    ) -> Baseline:
        """Return the status with detail, before you start a rollout: see `Client.baseline`."""
        image = ImageRef(*image_ids(account_service_id, image_id))
        backoff = Backoff(retry_for)
        while True:
            taken_at = _clanforge.now()
            try:
                return self._baseline(image, await self.image_status(image, detail=True, **options), taken_at)
            except ApiError as error:
                pause = backoff.after(error)
            await asyncio.sleep(pause)


async def _outcome(updates: _AsyncWatch[OutcomeT], on_update: Callable[[Update], object] | None) -> OutcomeT:
    """Call the function with each update of a wait, close the wait, and return its outcome."""
    async with updates:
        async for update in updates:
            seen = on_update(update) if on_update is not None else None
            if isawaitable(seen):
                await seen
        return await updates.outcome()


async def image_status(
    account_service_id: int | ImageRef | None = None, image_id: int | None = None, **options: Unpack[StatusOptions]
) -> ImageStatus:
    """Return the status of an image, with credentials from the environment. For several calls, create an `AsyncClient`."""
    async with AsyncClient() as client:
        return await client.image_status(account_service_id, image_id, **options)
