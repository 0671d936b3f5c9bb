"""The code of the guide for trio, gevent, Celery and daemons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]


def output(completed: subprocess.CompletedProcess[str]) -> str:
    assert (completed.returncode, completed.stderr) == (0, ""), completed
    return completed.stdout


def test_an_asynchronous_client_under_trio_raises_an_error_that_says_what_to_do(run_python: Run) -> None:
    pytest.importorskip("trio")
    script = """
        import clanforge, trio

        async def main():
            async with clanforge.AsyncClient() as client:
                for call in (lambda: client.image_status(1, 2), lambda: anext(client.watch(1, 2)), lambda: client.wait(1, 2)):
                    try:
                        await call()
                    except clanforge.ConfigurationError as error:
                        print(error)

        trio.run(main)
    """
    error = "AsyncClient needs a running asyncio event loop: under trio, call the methods of a Client with trio.to_thread.run_sync\n"
    assert output(run_python(script)) == error * 3


def test_a_blocking_client_works_in_threads_of_trio(run_python: Run) -> None:
    pytest.importorskip("trio")
    script = """
        import clanforge, trio

        async def main():
            with clanforge.Client() as client:
                return await trio.to_thread.run_sync(client.image_status, 1, 2)

        print(trio.run(main).total_machines)
    """
    assert output(run_python(script)) == "54\n"


def test_greenlets_run_while_a_call_waits_in_the_threadpool_of_gevent(run_python: Run) -> None:
    pytest.importorskip("gevent")
    script = """
        from gevent import monkey
        monkey.patch_all()
        import gevent, socket, clanforge

        silent = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        ran = []

        def call():
            with clanforge.Client(base_url=url, timeout=0.5) as client:
                try:
                    client.image_status(1, 2)
                except clanforge.TimeoutError:
                    return "timed out"

        def wait():
            ran.append(gevent.get_hub().threadpool.apply(call))

        def tick():
            gevent.sleep(0.01)
            ran.append("ticked")

        gevent.joinall([gevent.spawn(wait), gevent.spawn(tick)])
        silent.close()
        client = clanforge.Client()
        calls = [gevent.get_hub().threadpool.spawn(client.image_status, 1, image) for image in range(1, 6)]
        print(ran, sum(call.get().total_machines for call in calls))
    """
    assert output(run_python(script)) == f"['ticked', 'timed out'] {5 * 54}\n"


def test_a_task_of_celery_makes_calls_in_forked_workers(run_python: Run, tmp_path: Path) -> None:
    pytest.importorskip("celery")
    (tmp_path / "tasks.py").write_text(
        f"""
import celery, clanforge

queue = {str(tmp_path / "queue")!r}
folders = {{"data_folder_in": queue, "data_folder_out": queue, "control_folder": {str(tmp_path / "control")!r}}}
app = celery.Celery("tasks", broker="filesystem://", backend="file://{tmp_path / 'results'}")
app.conf.update(broker_transport_options=folders, worker_hijack_root_logger=False)
client = clanforge.Client()

@app.task
def machines(image_id):
    return client.image_status(1, image_id).total_machines
"""
    )
    for folder in ("queue", "results"):
        (tmp_path / folder).mkdir()
    script = f"""
        import subprocess, sys, time

        sys.path.insert(0, {str(tmp_path)!r})
        import tasks

        # The client of the parent has been used before its workers are forked.
        tasks.client.image_status(1, 2)
        worker = subprocess.Popen([sys.executable, "-m", "celery", "-A", "tasks", "worker", "-c", "2", "-l", "ERROR", "--without-gossip"],
                                  cwd={str(tmp_path)!r}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            calls = [tasks.machines.delay(image_id) for image_id in range(1, 5)]
            print(sum(call.get(timeout=120) for call in calls))
        finally:
            worker.terminate()
            worker.wait()
    """
    assert output(run_python(script)) == f"{4 * 54}\n"


def test_a_daemon_makes_calls_with_a_new_and_an_old_client(run_python: Run, tmp_path: Path) -> None:
    pytest.importorskip("daemon")
    result = tmp_path / "result"
    script = f"""
        import os, pathlib, sys, time, warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        import clanforge, daemon

        old = clanforge.Client()
        old.image_status(1, 2)
        if os.fork() == 0:
            with daemon.DaemonContext():
                with clanforge.Client() as new:
                    text = f"{{old.image_status(1, 2).total_machines}} {{new.image_status(1, 2).total_machines}}"
                with open({str(tmp_path / "part")!r}, "w") as file:
                    file.write(text)
                os.rename({str(tmp_path / "part")!r}, {str(result)!r})
            sys.exit()
        os.wait()
        deadline = time.monotonic() + 60
        while not os.path.exists({str(result)!r}) and time.monotonic() < deadline:
            time.sleep(0.01)
        print(pathlib.Path({str(result)!r}).read_text())
    """
    assert output(run_python(script)) == "54 54\n"
