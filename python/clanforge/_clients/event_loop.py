"""Calls for which an event loop of asyncio waits."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import weakref
from contextvars import copy_context
from inspect import isawaitable
from typing import Any

from .. import _clanforge
from .._generated.errors import ConfigurationError
from .._models.credentials import CredentialsProvider, credentials_json
from .base import OutcomeT, WatchBase
from .settings import log_level

# After the interpreter starts to shut down, the runtime thread of the native module must not enter it.
atexit.register(_clanforge.shut_down)

_queues: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _clanforge.CompletionQueue] = weakref.WeakKeyDictionary()


def _reset_after_fork() -> None:
    # A forked child has none of its parent's threads, and no event loop yet.
    _clanforge.reset_after_fork()
    _queues.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)


async def run(call: _clanforge.Call, provider: CredentialsProvider | None) -> Any:
    """Start a call in the background, and return its result."""
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


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    raise ConfigurationError(
        "AsyncClient needs a running asyncio event loop: under trio, call the methods of a Client with trio.to_thread.run_sync"
    )


async def _provide_credentials(provider: CredentialsProvider | None, request: _clanforge.CredentialsRequest) -> None:
    """Respond to a call's request for credentials."""
    request.respond(credentials_json(await finished(provider() if provider is not None else None)))


def _pass_failure(providing: asyncio.Task[None], call: asyncio.Future[Any]) -> None:
    """End the call of a provider that failed, unless the call has ended before."""
    error = asyncio.CancelledError() if providing.cancelled() else providing.exception()
    if error is not None and not call.done():
        call.set_exception(error)


async def finished(result: object) -> object:
    """Return the result of a function, or of the coroutine function that it is."""
    return await result if isawaitable(result) else result


class Updates(WatchBase[OutcomeT]):
    """The updates of a wait. If a caller is cancelled while it waits for the next update, the next caller gets that update."""

    __slots__ = ("_lock", "_next")

    def __init__(self, native: _clanforge.Watch, provider: CredentialsProvider | None) -> None:
        super().__init__(native, provider)
        self._lock = asyncio.Lock()
        self._next: asyncio.Task[Any] | None = None

    def __del__(self) -> None:
        self._native.close()

    async def _next_update(self) -> Any:
        async with self._lock:
            if self._next is None:
                self._next = _running_loop().create_task(run(self._native.next(), self._provider))
                # Otherwise asyncio reports an exception that nobody retrieves.
                self._next.add_done_callback(lambda done: done.cancelled() or done.exception())
            try:
                return await asyncio.shield(self._next)
            finally:
                if self._next.done():
                    self._next = None
