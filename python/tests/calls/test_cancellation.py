"""Calls that end before they complete: by Ctrl-C, by a cancelled task, or because a block is left.

The clients have timeouts of an hour, and the server never responds: a call that ends was cancelled.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from servers import LONG, SilentServer, StatusServer

import clanforge
from clanforge.aio import AsyncClient

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS: dict[str, Callable[[clanforge.Client], Any]] = {
    "image_status": lambda client: client.image_status(1, 2),
    "wait": lambda client: client.wait(1, 2),
    "watch": lambda client: list(client.watch(1, 2)),
    "wait_all": lambda client: client.wait_all([(1, 2), (1, 3)]),
}

async def first_update(client: AsyncClient) -> clanforge.Update:
    async with client.watch(1, 2) as updates:
        return await anext(updates)


ASYNC_CALLS: dict[str, Callable[[AsyncClient], Any]] = {
    "image_status": lambda client: client.image_status(1, 2),
    "wait": lambda client: client.wait(1, 2),
    "watch": first_update,
    "wait_all": lambda client: client.wait_all([(1, 2), (1, 3)]),
}

# A wait that never ends, whose second reading is due after an hour.
SLOW: Any = {"gate": clanforge.Gate(min_completed=4), "min_interval": 3600, "max_interval": 3600, "timeout": None}

PATIENT: Any = {"token": "t", "timeout": 3600, "attempt_timeout": 3600, "retries": 0}


def interrupt() -> None:
    """Send SIGINT to the main thread, as Ctrl-C does."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


async def iterations_of_the_loop(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_ctrl_c_ends_a_call_and_closes_its_connection(call: Callable[[clanforge.Client], Any]) -> None:
    def press() -> None:
        assert server.received_request.wait(LONG)
        interrupt()

    with SilentServer() as server, clanforge.Client(base_url=server.url, **PATIENT) as client:
        thread = threading.Thread(target=press)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            call(client)
        thread.join()
        assert server.closed_by_client.wait(LONG)


@pytest.mark.parametrize("call", ASYNC_CALLS.values(), ids=ASYNC_CALLS)
def test_a_cancelled_task_ends_in_the_next_iterations_of_the_loop_and_closes_its_connection(
    call: Callable[[AsyncClient], Any],
) -> None:
    async def run(server: SilentServer) -> None:
        async with AsyncClient(base_url=server.url, **PATIENT) as client:

            async def task() -> Any:
                return await call(client)

            running = asyncio.create_task(task())
            assert await asyncio.to_thread(server.received_request.wait, LONG)
            running.cancel()
            await iterations_of_the_loop(3)
            assert running.cancelled()
            assert await asyncio.to_thread(server.closed_by_client.wait, LONG)

    with SilentServer() as server:
        asyncio.run(run(server))


@pytest.mark.parametrize("call", ASYNC_CALLS.values(), ids=ASYNC_CALLS)
def test_a_timeout_of_asyncio_ends_a_call_and_closes_its_connection(call: Callable[[AsyncClient], Any]) -> None:
    async def run(server: SilentServer) -> None:
        async with AsyncClient(base_url=server.url, **PATIENT) as client:

            async def with_timeout() -> None:
                if sys.version_info >= (3, 11):
                    async with asyncio.timeout(0.2):
                        await call(client)
                else:
                    await asyncio.wait_for(call(client), 0.2)

            with pytest.raises(asyncio.TimeoutError):
                await with_timeout()
            assert await asyncio.to_thread(server.closed_by_client.wait, LONG)

    with SilentServer() as server:
        asyncio.run(run(server))


def test_a_cancelled_call_passes_its_messages_to_logging(caplog: pytest.LogCaptureFixture) -> None:
    retried, release = threading.Event(), threading.Event()

    def status(number: int) -> int:
        if number == 0:
            return 503
        # The call has logged its retry, and waits for this response.
        retried.set()
        release.wait(LONG)
        return 200

    async def run(server: StatusServer) -> None:
        async with AsyncClient(base_url=server.url, **{**PATIENT, "retries": 1, "initial_backoff": 0.001, "max_backoff": 0.001}) as client:
            running = asyncio.create_task(client.image_status(1, 2))
            assert await asyncio.to_thread(retried.wait, LONG)
            assert not caplog.records
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

    caplog.set_level("DEBUG", logger="clanforge")
    with StatusServer(status) as server:
        asyncio.run(run(server))
        release.set()
    assert [record for record in caplog.records if record.name == "clanforge"]


@pytest.mark.parametrize("is_async", [False, True])
def test_leaving_the_block_of_a_watch_closes_its_connection(is_async: bool) -> None:
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
        deadline = time.monotonic() + LONG
        while service.open_connections and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (service.open_connections, service.requests) == (0, requests)


@pytest.mark.parametrize("is_async", [False, True])
def test_closing_a_watch_ends_a_call_for_its_next_update(is_async: bool) -> None:
    with SilentServer() as server:
        if is_async:

            async def run() -> None:
                async with AsyncClient(base_url=server.url, **PATIENT) as client:
                    updates = client.watch(1, 2)
                    waiting = asyncio.create_task(anext(updates, None))
                    assert await asyncio.to_thread(server.received_request.wait, LONG)
                    await updates.close()
                    for following in (waiting, anext(updates, None)):
                        with pytest.raises(clanforge.ConfigurationError, match="the wait has no outcome: it was closed"):
                            await asyncio.wait_for(following, LONG)

            asyncio.run(run())
        else:
            with clanforge.Client(base_url=server.url, **PATIENT) as client:
                updates = client.watch(1, 2)

                def close() -> None:
                    assert server.received_request.wait(LONG)
                    updates.close()

                thread = threading.Thread(target=close)
                thread.start()
                for _ in range(2):
                    with pytest.raises(clanforge.ConfigurationError, match="the wait has no outcome: it was closed"):
                        next(updates, None)
                thread.join()
        assert server.closed_by_client.wait(LONG)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_closing_a_client_ends_its_calls_in_other_threads(call: Callable[[clanforge.Client], Any]) -> None:
    with SilentServer() as server, ThreadPoolExecutor(1) as threads:
        with clanforge.Client(base_url=server.url, **PATIENT) as client:
            running = threads.submit(call, client)
            assert server.received_request.wait(LONG)
        with pytest.raises(clanforge.ConfigurationError, match="the client was closed during the call"):
            running.result(LONG)
        assert server.closed_by_client.wait(LONG)


@pytest.mark.parametrize("call", ASYNC_CALLS.values(), ids=ASYNC_CALLS)
def test_closing_a_client_ends_its_calls_in_other_tasks(call: Callable[[AsyncClient], Any]) -> None:
    async def run(server: SilentServer) -> None:
        async with AsyncClient(base_url=server.url, **PATIENT) as client:
            running = asyncio.ensure_future(call(client))
            assert await asyncio.to_thread(server.received_request.wait, LONG)
        with pytest.raises(clanforge.ConfigurationError, match="the client was closed during the call"):
            await asyncio.wait_for(running, LONG)
        assert await asyncio.to_thread(server.closed_by_client.wait, LONG)

    with SilentServer() as server:
        asyncio.run(run(server))


@pytest.mark.parametrize("is_async", [False, True])
def test_a_wait_sends_no_request_once_its_client_is_closed(is_async: bool) -> None:
    responded = threading.Event()

    def status(_: int) -> int:
        responded.set()
        return 200

    with StatusServer(status) as server, ThreadPoolExecutor(1) as threads:
        if is_async:

            async def run() -> None:
                async with AsyncClient(base_url=server.url, **PATIENT) as client:
                    waiting = asyncio.create_task(client.wait(1, 2, **SLOW))
                    updates = client.watch(1, 2, **SLOW)
                    assert (await anext(updates)).update == "reading"
                    assert await asyncio.to_thread(responded.wait, LONG)
                with pytest.raises(clanforge.ConfigurationError, match="the client was closed"):
                    await waiting
                with pytest.raises(clanforge.ConfigurationError, match="the client was closed"):
                    await anext(updates)

            asyncio.run(run())
        else:
            with clanforge.Client(base_url=server.url, **PATIENT) as client:
                waiting = threads.submit(client.wait, 1, 2, **SLOW)
                updates = client.watch(1, 2, **SLOW)
                assert next(updates).update == "reading"
                assert responded.wait(LONG)
            with pytest.raises(clanforge.ConfigurationError, match="the client was closed"):
                waiting.result(LONG)
            with pytest.raises(clanforge.ConfigurationError, match="the client was closed"):
                next(updates)
        assert len(server.requests) <= 2


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_other_threads_run_while_a_call_waits(call: Callable[[clanforge.Client], Any]) -> None:
    finished = []

    def work() -> None:
        assert server.received_request.wait(LONG)
        # Far more bytecode than a thread runs before it hands the GIL to a thread that waits for it.
        finished.append(sum(range(1_000_000)))
        interrupt()

    with SilentServer() as server, clanforge.Client(base_url=server.url, **PATIENT) as client:
        thread = threading.Thread(target=work)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            call(client)
        thread.join()
    assert finished


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
        thread.join(LONG)
    assert not failures
    assert service.requests == 640


def test_cancelling_calls_while_others_complete_keeps_none_waiting(service: clanforge.Simulation) -> None:
    async def main() -> None:
        async with service.async_client() as client:
            for _ in range(50):
                calls = [asyncio.create_task(client.image_status(1, 2)) for _ in range(32)]
                await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
                for call in calls[::2]:
                    call.cancel()
                # The calls that were not cancelled have responses.
                statuses = await asyncio.wait_for(asyncio.gather(*calls[1::2]), LONG)
                assert {status.total_machines for status in statuses} == {54}

    asyncio.run(main())


def test_a_signal_handler_can_make_a_call_during_a_call(service: clanforge.Simulation) -> None:
    totals = []

    def handle(*_: object) -> None:
        totals.append(quick.image_status(1, 2).total_machines)
        raise KeyboardInterrupt

    def send() -> None:
        assert server.received_request.wait(LONG)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    with SilentServer() as server, clanforge.Client(base_url=server.url, **PATIENT) as slow, service.client() as quick:
        previous = signal.signal(signal.SIGUSR1, handle)
        try:
            thread = threading.Thread(target=send)
            thread.start()
            with pytest.raises(KeyboardInterrupt):
                slow.image_status(1, 2)
            thread.join()
        finally:
            signal.signal(signal.SIGUSR1, previous)
    assert totals == [54]


def test_a_timeout_of_a_call_for_the_next_update_does_not_end_the_wait() -> None:
    release = threading.Event()

    def status(_: int) -> int:
        release.wait(LONG)
        return 200

    async def run(server: StatusServer) -> None:
        async with AsyncClient(base_url=server.url, **PATIENT) as client, client.watch(1, 2, **SLOW) as updates:
            for _ in range(3):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(anext(updates), 0.05)
            release.set()
            # The first request continues: its response is the first update.
            assert (await anext(updates)).update == "reading"
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(anext(updates), 0.05)
        assert len(server.requests) == 1

    with StatusServer(status) as server:
        asyncio.run(run(server))


def test_calls_for_the_next_update_at_the_same_time_get_one_each() -> None:
    async def run(server: StatusServer) -> None:
        async with AsyncClient(base_url=server.url, **PATIENT) as client:
            async with client.watch(1, 2, **{**SLOW, "min_interval": 0.01, "max_interval": 0.01}) as updates:
                first, second = await asyncio.gather(anext(updates), anext(updates))
        assert first.elapsed < second.elapsed

    with StatusServer(lambda _: 200) as server:
        asyncio.run(run(server))


def test_a_watch_without_a_reference_ends() -> None:
    async def run(server: SilentServer) -> None:
        async with AsyncClient(base_url=server.url, **PATIENT) as client:
            updates = client.watch(1, 2)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(anext(updates), 0.05)
            assert await asyncio.to_thread(server.received_request.wait, LONG)
            del updates
            gc.collect()
            assert await asyncio.to_thread(server.closed_by_client.wait, LONG)

    with SilentServer() as server:
        asyncio.run(run(server))


def test_a_blocking_watch_whose_call_was_interrupted_is_abandoned() -> None:
    def press() -> None:
        assert server.received_request.wait(LONG)
        interrupt()

    with SilentServer() as server, clanforge.Client(base_url=server.url, **PATIENT) as client, client.watch(1, 2) as updates:
        thread = threading.Thread(target=press)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            next(updates)
        thread.join()
        with pytest.raises(clanforge.ConfigurationError, match="the wait was abandoned.*start a new wait"):
            next(updates)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_logging_handler_that_raises_does_not_block_calls(service: clanforge.Simulation) -> None:
    def refuse(record: logging.LogRecord) -> bool:
        raise RuntimeError("no logs today")

    async def run() -> list[clanforge.ImageStatus]:
        async with service.async_client() as client:
            return await asyncio.wait_for(asyncio.gather(*(client.image_status(1, 2) for _ in range(4))), LONG)

    logger = logging.getLogger("clanforge")
    before = logger.level
    logger.addFilter(refuse)
    logger.setLevel(logging.DEBUG)
    try:
        assert len(asyncio.run(run())) == 4
    finally:
        logger.setLevel(before)
        logger.removeFilter(refuse)
