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
from typing import Any, TypeVar

from . import _clanforge
from ._client_base import ClientBase, WatchBase
from ._context_managers import AsyncContextManager
from ._credentials import Credentials, CredentialsProvider, credentials_json
from ._generated.models import Baseline, ImageRef, Outcome, Update, WaitOptions
from ._record import Duration, Unpack
from ._settings import log_level
from ._status import ImageStatus

__all__ = ["AsyncClient", "AsyncWatch", "image_status"]

_W = TypeVar("_W", bound="AsyncWatch")

# Once the interpreter shuts down, the runtime thread of the native module must not enter it any more.
atexit.register(_clanforge.shut_down)

_queues: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _clanforge.CompletionQueue] = weakref.WeakKeyDictionary()


def _reset_after_fork() -> None:
    # A forked child has none of its parent's threads, and no event loop yet.
    _clanforge.reset_after_fork()
    _queues.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)


async def _run(call: _clanforge.Call, provider: CredentialsProvider | None) -> Any:
    loop = asyncio.get_running_loop()
    queue = _queues.get(loop)
    if queue is None:
        queue = _queues[loop] = _clanforge.CompletionQueue(weakref.ref(loop))
    future = loop.create_future()
    task = call.start(queue, future, log_level())
    if task is None:
        # The interpreter is shutting down. It stops a daemon thread where it is: the future of its call never completes.
        if threading.current_thread() is not threading.main_thread():
            await future
        raise RuntimeError("cannot start a call: the interpreter is shutting down")
    try:
        result = await future
        while provider is not None and isinstance(result, _clanforge.CredentialsRequest):
            result = await _provide_credentials(result, provider)
        return result
    finally:
        # Cancels the call where its caller was cancelled. Has no effect after the call has completed.
        task.cancel()


async def _provide_credentials(request: _clanforge.CredentialsRequest, provider: CredentialsProvider) -> Any:
    """Respond to a call's request for credentials, and return its next result. The call may end before the provider."""
    providing = asyncio.ensure_future(_request_credentials(provider))
    # Retrieves the exception of a provider that outlives its call, which asyncio would report otherwise.
    providing.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.wait((providing, request.future), return_when=asyncio.FIRST_COMPLETED)
        if not request.future.done():
            request.respond(providing.result())
        return await request.future
    finally:
        providing.cancel()
        request.future.cancel()


async def _request_credentials(provider: CredentialsProvider) -> str:
    credentials = provider()
    if not isinstance(credentials, Credentials) and hasattr(credentials, "__await__"):
        credentials = await credentials
    return credentials_json(credentials)


class AsyncWatch(WatchBase, AsyncContextManager):
    """The updates of a wait, for asyncio: see `Watch`. An asynchronous iterator and context manager."""

    __slots__ = ()

    def __aiter__(self: _W) -> _W:
        return self

    async def __anext__(self) -> Update:
        return self._received(await _run(self._native.next(), self._provider), StopAsyncIteration)

    async def outcome(self) -> Outcome:
        """Wait until the wait ends, and return the outcome. Later calls return it again.

        Raises:
            ConfigurationError: where the wait was closed or abandoned before.
        """
        if self._outcome is None:
            async for _ in self:
                pass
        return self._known_outcome()

    async def close(self) -> None:
        """End the wait, and close its connection."""
        self._native.close()


class AsyncClient(ClientBase[AsyncWatch], AsyncContextManager):
    """A client for asyncio, with the same settings and methods as `Client`.

    Several event loops can use one client, one after another or at the same time. Cancelling a task cancels its call, and
    closes the connection of the call.
    """

    __slots__ = ()

    _is_async = True
    _watch = AsyncWatch

    async def image_status(
        self,
        account_service_id: int,
        image_id: int,
        *,
        detail: bool = False,
        timeout: Duration | None = None,
        retries: int | None = None,
    ) -> ImageStatus:
        """Return the status of an image: see `Client.image_status`."""
        call = self._status_call(account_service_id, image_id, detail, timeout, retries)
        return ImageStatus._from_native(await _run(call, self._provider))

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
        """Wait until an image is ready, and return the outcome: see `Client.wait`."""
        async with self.watch(
            account_service_id, image_id, baseline=baseline, detail=detail, seed=seed, **options
        ) as updates:
            return await updates.outcome()

    async def baseline(self, account_service_id: int, image_id: int) -> Baseline:
        """Return the status with detail, before you start a rollout: see `Client.baseline`."""
        taken_at = _clanforge.now()
        status = await self.image_status(account_service_id, image_id, detail=True)
        return self._baseline(account_service_id, image_id, status, taken_at)

    async def close(self) -> None:
        """Close the connections. Later calls raise a `ConfigurationError`."""
        self._native.close()


async def image_status(
    account_service_id: int,
    image_id: int,
    *,
    detail: bool = False,
    timeout: Duration | None = None,
    retries: int | None = None,
) -> ImageStatus:
    """Return the status of an image, with credentials from the environment. For several calls, create an `AsyncClient`."""
    async with AsyncClient() as client:
        return await client.image_status(account_service_id, image_id, detail=detail, timeout=timeout, retries=retries)
