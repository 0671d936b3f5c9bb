"""What ends a call before its time: Ctrl-C, a cancelled task, a block that is left."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from servers import Silent

import clanforge
from clanforge.aio import AsyncClient

if TYPE_CHECKING:
    from collections.abc import Callable

# What is promised, in seconds.
AT_ONCE = 0.1

CALLS: dict[str, Callable[[clanforge.Client], Any]] = {
    "image_status": lambda client: client.image_status(1, 2),
    "wait": lambda client: client.wait(1, 2),
    "watch": lambda client: list(client.watch(1, 2)),
}

KEYS = {"access_key": "key", "secret_key": "secret"}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_ctrl_c_ends_a_call_at_once_and_closes_its_connection(call: Callable[[clanforge.Client], Any]) -> None:
    with Silent() as server:
        client = clanforge.Client(base_url=server.url, **KEYS)
        pressed = []

        def press() -> None:
            server.asked.wait(10)
            time.sleep(0.07)
            pressed.append(time.monotonic())
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        thread = threading.Thread(target=press)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            call(client)
        ended = time.monotonic()
        thread.join()
        assert ended - pressed[0] < AT_ONCE
        assert server.closed.wait(10)
        assert server.closed_at - pressed[0] < AT_ONCE


ASYNC_CALLS: dict[str, Callable[[AsyncClient], Any]] = {
    "image_status": lambda client: client.image_status(1, 2),
    "wait": lambda client: client.wait(1, 2),
    "watch": lambda client: anext(client.watch(1, 2)),
}


@pytest.mark.parametrize("call", ASYNC_CALLS.values(), ids=ASYNC_CALLS)
def test_a_cancelled_task_ends_at_once_and_closes_its_connection(call: Callable[[AsyncClient], Any]) -> None:
    async def run(server: Silent) -> float:
        async with AsyncClient(base_url=server.url, **KEYS) as client:

            async def task() -> Any:
                return await call(client)

            running = asyncio.create_task(task())
            await asyncio.to_thread(server.asked.wait, 10)
            cancelled = time.monotonic()
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            assert time.monotonic() - cancelled < AT_ONCE
            assert await asyncio.to_thread(server.closed.wait, 10)
            return cancelled

    with Silent() as server:
        cancelled = asyncio.run(run(server))
        assert server.closed_at - cancelled < AT_ONCE


@pytest.mark.parametrize("call", ASYNC_CALLS.values(), ids=ASYNC_CALLS)
def test_a_timeout_of_asyncio_ends_a_call(call: Callable[[AsyncClient], Any]) -> None:
    async def run(server: Silent) -> None:
        async with AsyncClient(base_url=server.url, **KEYS) as client:

            async def until() -> None:
                if sys.version_info >= (3, 11):
                    async with asyncio.timeout(0.2):
                        await call(client)
                else:
                    await asyncio.wait_for(call(client), 0.2)

            begun = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await until()
            assert time.monotonic() - begun < 0.2 + AT_ONCE
            assert await asyncio.to_thread(server.closed.wait, 10)

    with Silent() as server:
        asyncio.run(run(server))


def test_what_a_cancelled_wait_logged_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def run(service: clanforge.Simulation) -> None:
        async with service.async_client() as client:
            await asyncio.wait_for(client.wait(1, 2, min_interval=0.1, max_interval=0.2), 1)

    caplog.set_level("DEBUG", logger="clanforge")
    with clanforge.simulate("happy") as service, pytest.raises(asyncio.TimeoutError):
        asyncio.run(run(service))
    assert len(caplog.records) > 1


@pytest.mark.parametrize("is_async", [False, True])
def test_leaving_a_watch_ends_the_waiting(is_async: bool) -> None:
    with clanforge.simulate("happy") as service:
        if is_async:

            async def run() -> None:
                async with service.async_client() as client, client.watch(1, 2) as updates:
                    async for update in updates:
                        assert update.update == "reading"
                        break

            asyncio.run(run())
        else:
            with service.client() as client, client.watch(1, 2) as updates:
                assert next(updates).update == "reading"
        requests = service.requests
        deadline = time.monotonic() + 10
        while service.open_connections and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (service.open_connections, service.requests) == (0, requests)


@pytest.mark.parametrize("is_async", [False, True])
def test_closing_a_watch_ends_a_call_for_its_next_update(is_async: bool) -> None:
    with Silent() as server:
        if is_async:

            async def run() -> float:
                async with AsyncClient(base_url=server.url, **KEYS) as client:
                    updates = client.watch(1, 2)
                    waiting = asyncio.create_task(anext(updates, None))
                    await asyncio.to_thread(server.asked.wait, 10)
                    closed = time.monotonic()
                    await updates.close()
                    assert await asyncio.wait_for(waiting, 10) is None
                    return closed

            closed = asyncio.run(run())
        else:
            with clanforge.Client(base_url=server.url, **KEYS) as client:
                updates = client.watch(1, 2)
                moments = []

                def close() -> None:
                    server.asked.wait(10)
                    moments.append(time.monotonic())
                    updates.close()

                thread = threading.Thread(target=close)
                thread.start()
                assert next(updates, None) is None
                thread.join()
                closed = moments[0]
        assert time.monotonic() - closed < AT_ONCE
        assert server.closed.wait(10)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_other_threads_run_on_while_a_call_waits(call: Callable[[clanforge.Client], Any]) -> None:
    counted = 0

    def count() -> None:
        nonlocal counted
        server.asked.wait(10)
        begun = time.monotonic()
        while time.monotonic() - begun < 0.2:
            counted += 1
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    with Silent() as server, clanforge.Client(base_url=server.url, **KEYS) as client:
        thread = threading.Thread(target=count)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            call(client)
        thread.join()
    assert counted > 10_000


def test_thirty_two_threads_share_a_client(service: clanforge.Simulation) -> None:
    client = service.client()
    failures: list[BaseException] = []

    def call() -> None:
        try:
            for _ in range(20):
                assert client.image_status(1, 2).total_machines == 54
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=call) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert service.requests == 640


def test_a_signal_handler_may_call_as_well(service: clanforge.Simulation) -> None:
    seen = []
    with Silent() as server:
        slow, quick = clanforge.Client(base_url=server.url, **KEYS), service.client()
        before = signal.signal(signal.SIGUSR1, lambda *_: seen.append(quick.image_status(1, 2).total_machines))
        try:
            timer = threading.Timer(0.1, lambda: signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1))
            timer.start()
            with contextlib.suppress(clanforge.TimeoutError):
                slow.image_status(1, 2, timeout=0.5, retries=0)
        finally:
            signal.signal(signal.SIGUSR1, before)
    assert seen == [54]


def test_a_wait_that_was_given_up_says_so() -> None:
    async def run(service: clanforge.Simulation) -> None:
        async with service.async_client() as client, client.watch(1, 2) as updates:
            await anext(updates)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(anext(updates), 0.05)
            with pytest.raises(clanforge.ConfigurationError, match="given up"):
                await anext(updates)

    with clanforge.simulate("happy") as service:
        asyncio.run(run(service))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_log_handler_that_raises_keeps_nobody_waiting(service: clanforge.Simulation) -> None:
    import logging

    def refuse(record: logging.LogRecord) -> bool:
        raise RuntimeError("no logs today")

    async def run() -> list[clanforge.ImageStatus]:
        async with service.async_client() as client:
            return await asyncio.wait_for(asyncio.gather(*(client.image_status(1, 2) for _ in range(4))), 10)

    logger = logging.getLogger("clanforge")
    before = logger.level
    logger.addFilter(refuse)
    logger.setLevel(logging.DEBUG)
    try:
        assert len(asyncio.run(run())) == 4
    finally:
        logger.setLevel(before)
        logger.removeFilter(refuse)
