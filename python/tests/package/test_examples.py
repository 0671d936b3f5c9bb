"""The examples, run as their docstrings say, against the simulator."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from subprocess import PIPE

import pytest
from conftest import ROOT

import clanforge

EXAMPLES = ROOT / "python" / "examples"
RUNS = {
    "zero_downtime_patch.py": (["1", "2"], "players are sent to the new version"),
    "watch_images.py": (["1", "2", "3"], "image 3: ready: 54 of 54 machines completed"),
    "deploy.py": (["1", "2,3", sys.executable, "-c", ""], "players can be sent to the new version"),
    "region_table.py": (["1", "2"], "percent_complete"),
    "rollout.py": (["1.2.3"], "start 1.2.3\nswitch 1.2.3\n"),
    "continued_rollout.py": (["1.2.4"], "start 1.2.4\nswitch 1.2.4\n"),
    "status.py": ([], "ready 100 %\n"),
    "wait_by_hand.py": ([], "5680 ready: 54 of 54 machines completed"),
    "credentials_from_file.py": (["token"], "100 %\n"),
    "trio_status.py": ([], "100 %\n"),
    "gevent_status.py": ([], "100 %\n"),
    "celery_task.py": ([], "ready: 54 of 54 machines completed"),
    "poll_by_hand.py": ([], "'completed_machines': 54}\nready\n"),
}


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """All examples, started at the same time."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "token").write_text("simulator-token\n")
    for name, text in (("start-the-rollout", "start"), ("switch-players-over", "switch")):
        (folder / name).write_text(f'#!/bin/sh\necho "{text} $1"\n')
        (folder / name).chmod(0o755)
    with ExitStack() as stack:
        started = {}
        for name, (arguments, _) in RUNS.items():
            service = stack.enter_context(clanforge.simulate("happy"))
            command = [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments]
            environment = {**os.environ, **service.environment}
            if name == "credentials_from_file.py":
                del environment["CLANFORGE_ACCESS_KEY"], environment["CLANFORGE_SECRET_KEY"]
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=PIPE, stderr=PIPE, text=True)
            started[name] = stack.enter_context(process)
            stack.callback(process.kill)
        yield started


@pytest.mark.parametrize("name", RUNS)
def test_an_example_runs(name: str, processes: dict[str, subprocess.Popen[str]]) -> None:
    stdout, stderr = processes[name].communicate(timeout=600)
    assert processes[name].returncode == 0, stderr
    assert stderr == ""
    assert RUNS[name][1] in stdout


def test_another_project_tests_its_deploy_script_without_waiting(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "scripts")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "scripts"]
    run = subprocess.run(command, cwd=tmp_path, stdout=PIPE, text=True, check=False)
    assert "5 passed" in run.stdout, run.stdout


@pytest.mark.parametrize(
    ("scenario", "command", "code", "text"),
    [
        ("failures-stay", "", 1, "image 2 of account service 1: failed"),
        ("happy", "raise SystemExit(3)", 1, "returned non-zero exit status 3"),
    ],
)
def test_a_deploy_script_ends_with_an_error_unless_every_image_is_ready(scenario: str, command: str, code: int, text: str) -> None:
    with clanforge.simulate(scenario) as service:
        run = subprocess.run(
            [sys.executable, str(EXAMPLES / "deploy.py"), "1", "2,3", sys.executable, "-c", command],
            env={**os.environ, **service.environment},
            stdout=PIPE,
            stderr=PIPE,
            text=True,
            check=False,
        )
    assert (run.returncode, run.stdout) == (code, "")
    assert text in run.stderr


@pytest.mark.parametrize("name", ["rollout.py", "continued_rollout.py"])
def test_a_rollout_that_is_not_ready_ends_with_its_exit_code(name: str, tmp_path: Path) -> None:
    start = tmp_path / "start-the-rollout"
    start.write_text("#!/bin/sh\n")
    start.chmod(0o755)
    with clanforge.simulate("never-starts") as service:
        command = [sys.executable, "-W", "error", str(EXAMPLES / name), "1.2.5"]
        environment = {**os.environ, **service.environment}
        run = subprocess.run(command, cwd=tmp_path, env=environment, stdout=PIPE, stderr=PIPE, text=True, check=False)
    assert (run.returncode, "Traceback" in run.stderr) == (6, False)


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    with clanforge.simulate("happy") as service:
        return subprocess.run(
            [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments],
            env={**os.environ, **service.environment},
            stdout=PIPE,
            stderr=PIPE,
            text=True,
            check=False,
        )


def test_the_progress_and_the_outcome_are_posted_to_slack() -> None:
    texts: list[str] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            texts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Webhook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ran = run("notify_slack.py", f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(texts) == 5
    assert re.fullmatch(r"\d\d(\.\d)? % of the machines have the new version", texts[0])
    assert texts[-1].startswith("ready: 54 of 54 machines completed")


def test_the_log_names_each_request() -> None:
    ran = run("log.py")
    assert ran.returncode == 0
    assert "DEBUG clanforge" in ran.stderr


def test_every_example_is_run() -> None:
    # These have tests of their own.
    others = {"durable_rollout.py", "log.py", "notify_slack.py", "test_zero_downtime_patch.py"}
    assert {file.name for file in EXAMPLES.glob("*.py")} == {*RUNS, *others}


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("fail=2", "unexpected argument 'fail': expected one of scenario, images, .*image_id, fail_next, outage"),
        ("fail_next='2'", "invalid fail_next '2': expected an integer"),
        ("outage='long'", "invalid outage 'long': expected a number of seconds"),
        ("'happy', 5", "unexpected positional argument of type int: expected scenario"),
    ],
)
def test_wrong_arguments_of_the_pytest_marker_are_named(tmp_path: Path, marker: str, message: str) -> None:
    file = tmp_path / "test_marked.py"
    file.write_text(f"import pytest\n@pytest.mark.clanforge({marker})\ndef test_it(clanforge_service): pass\n")
    ran = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", file], cwd=tmp_path, capture_output=True, text=True)
    assert re.search(f"ArgumentTypeError: {message}", ran.stdout), ran.stdout
