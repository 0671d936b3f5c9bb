"""Forks, several event loops, and interpreters that shut down during calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]


def assert_clean(completed: subprocess.CompletedProcess[str], expected: str) -> None:
    assert (completed.returncode, completed.stdout.strip(), completed.stderr) == (0, expected, "")


@pytest.mark.parametrize("kind", ["blocking", "async"])
def test_a_forked_child_can_make_calls(run_python: Run, kind: str) -> None:
    script = """
        import asyncio, os, sys
        import clanforge
        from clanforge.aio import AsyncClient

        if sys.argv[1] == "blocking":
            client = clanforge.Client()
            call = lambda: client.image_status(1, 2).total_machines
        else:
            client = AsyncClient()
            async def one():
                return (await client.image_status(1, 2)).total_machines
            call = lambda: asyncio.run(one())
        call()
        child = os.fork() if sys.version_info < (3, 12) else None
        if child is None:
            import warnings
            with warnings.catch_warnings():
                # Python warns of forking a process with threads, and the runtime has one.
                warnings.simplefilter("ignore", DeprecationWarning)
                child = os.fork()
        if child == 0:
            assert call() == 54
            assert call() == 54
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), call())
    """
    assert_clean(run_python(script, kind), "0 54")


def test_a_pool_of_forked_processes_can_make_calls(run_python: Run) -> None:
    script = """
        import multiprocessing, warnings
        import clanforge

        client = clanforge.Client()

        def call(_):
            return client.image_status(1, 2).total_machines

        if __name__ == "__main__":
            call(0)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                with multiprocessing.get_context("fork").Pool(3) as pool:
                    print(sum(pool.map(call, range(12))))
    """
    assert_clean(run_python(script), str(12 * 54))


def test_one_client_works_in_several_event_loops_in_turn(run_python: Run) -> None:
    script = """
        import asyncio
        from clanforge.aio import AsyncClient

        client = AsyncClient()

        async def call():
            statuses = await asyncio.gather(*(client.image_status(1, 2) for _ in range(8)))
            return sum(status.total_machines for status in statuses)

        print(*(asyncio.run(call()) for _ in range(3)))
    """
    assert_clean(run_python(script), " ".join([str(8 * 54)] * 3))


def test_uvloop_can_run_and_cancel_calls(run_python: Run) -> None:
    pytest.importorskip("uvloop")
    script = """
        import asyncio, uvloop
        from clanforge.aio import AsyncClient

        async def call():
            async with AsyncClient() as client:
                task = asyncio.create_task(client.wait(1, 2, timeout=3600))
                await asyncio.sleep(0.1)
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    return (await client.image_status(1, 2)).total_machines

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) if hasattr(asyncio, "Runner") else __import__("contextlib").nullcontext() as runner:
            print(runner.run(call()) if runner else uvloop.new_event_loop().run_until_complete(call()))
    """
    assert_clean(run_python(script), "54")


@pytest.mark.parametrize("attempt", range(8))
def test_an_interpreter_exits_cleanly_with_calls_in_flight(run_python: Run, attempt: int) -> None:
    script = """
        import asyncio, sys, threading, time
        import clanforge
        from clanforge.aio import AsyncClient

        client, blocking = AsyncClient(), clanforge.Client()
        completed = threading.Event(), threading.Event()
        loop = asyncio.new_event_loop()

        async def forever():
            while True:
                await client.image_status(1, 2)
                completed[0].set()

        def call():
            while True:
                blocking.image_status(1, 2)
                completed[1].set()

        def run():
            asyncio.set_event_loop(loop)
            for _ in range(16):
                loop.create_task(forever())
            loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        threading.Thread(target=call, daemon=True).start()
        # Exits once calls of both kinds have completed, at another moment of the calls each time.
        assert completed[0].wait(60) and completed[1].wait(60)
        time.sleep(int(sys.argv[1]) / 1000)
        print("end")
    """
    assert_clean(run_python(script, str(attempt)), "end")


@pytest.mark.parametrize("attempt", range(6))
def test_a_forked_child_exits_cleanly_with_calls_in_flight(run_python: Run, attempt: int) -> None:
    script = """
        import asyncio, os, sys, threading, warnings
        from clanforge.aio import AsyncClient

        client, completed = AsyncClient(), threading.Event()

        async def forever():
            while True:
                await client.image_status(1, 2)
                completed.set()

        async def run():
            await asyncio.gather(*(forever() for _ in range(16)))

        threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
        assert completed.wait(60)
        for _ in range(5):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                child = os.fork()
            if child == 0:
                sys.exit(0)
            _, status = os.waitpid(child, 0)
            assert os.waitstatus_to_exitcode(status) == 0
        print("end", flush=True)
        # Exit without shutting down the interpreter: the thread that still makes calls would report it.
        os._exit(0)
    """
    assert_clean(run_python(script), "end")


CLOSE_DESCRIPTORS = """
import asyncio, os, sys, warnings
import clanforge

def close_descriptors():
    os.closerange(3, 256)

def fork():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()

def blocking(client):
    return client.image_status(1, 2).total_machines

def asynchronous(client):
    async def call():
        return (await client.image_status(1, 2)).total_machines
    return asyncio.run(call())
"""


@pytest.mark.parametrize("forks", [False, True])
def test_clients_work_after_all_descriptors_were_closed(run_python: Run, forks: bool) -> None:
    script = f"""{CLOSE_DESCRIPTORS}
old = clanforge.Client()
updates = old.watch(1, 2)
next(updates)
blocking(old)
child = fork() if {forks} else 0
if child:
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    close_descriptors()
    # Others get the numbers of the closed descriptors, and keep them.
    files = [open(os.devnull) for _ in range(20)]
    print(blocking(old), blocking(clanforge.Client()), flush=True)
    try:
        next(updates)
    except clanforge.ConfigurationError as error:
        print(error, flush=True)
    del old, updates
    for file in files:
        file.close()
"""
    ended = "the wait belongs to a parent process, or its file descriptors were closed: start a new wait"
    assert_clean(run_python(script), f"54 54\n{ended}" + ("\n0" if forks else ""))


def test_asynchronous_clients_work_in_a_daemon(run_python: Run) -> None:
    script = f"""{CLOSE_DESCRIPTORS}
old = clanforge.AsyncClient()
asynchronous(old)
child = fork()
if child:
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    close_descriptors()
    print(asynchronous(old), asynchronous(clanforge.AsyncClient()), flush=True)
"""
    assert_clean(run_python(script), "54 54\n0")


def test_an_asynchronous_client_says_that_its_descriptors_were_closed(run_python: Run) -> None:
    script = f"""{CLOSE_DESCRIPTORS}
old = clanforge.AsyncClient()
asynchronous(old)
close_descriptors()
for client in old, clanforge.AsyncClient():
    try:
        asynchronous(client)
    except clanforge.LocalError as error:
        print(error)
"""
    expected = (
        "the file descriptors of asynchronous calls were closed, as when a process becomes a daemon: make the first "
        "asynchronous call afterwards, or fork before you close them"
    )
    completed = run_python(script)
    # The thread of asynchronous calls may notice it too, and say so.
    assert (completed.returncode, completed.stdout) == (0, f"{expected}\n{expected}\n"), completed
