"""The examples, run as their docstrings say, against the simulator."""

from __future__ import annotations

import os
import shutil
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
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
}


@pytest.fixture(scope="module")
def processes() -> Iterator[dict[str, subprocess.Popen[str]]]:
    """All examples, started at once."""
    with ExitStack() as stack:
        started = {}
        for name, (arguments, _) in RUNS.items():
            service = stack.enter_context(clanforge.simulate("happy"))
            command = [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments]
            environment = {**os.environ, **service.environment}
            process = subprocess.Popen(command, env=environment, stdout=PIPE, stderr=PIPE, text=True)
            started[name] = stack.enter_context(process)
            stack.callback(process.kill)
        yield started


@pytest.mark.parametrize("name", RUNS)
def test_an_example_runs(name: str, processes: dict[str, subprocess.Popen[str]]) -> None:
    stdout, stderr = processes[name].communicate(timeout=600)
    assert (processes[name].returncode, stderr) == (0, "")
    assert RUNS[name][1] in stdout


def test_a_foreign_project_tests_its_deploy_script_without_waiting(tmp_path: Path) -> None:
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


def test_every_example_is_run() -> None:
    assert {file.name for file in EXAMPLES.glob("*.py")} == {*RUNS, "test_zero_downtime_patch.py"}


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("fail=2", "unexpected argument 'fail': expected one of scenario, images, .*image_id, fail_next, outage"),
        ("fail_next='2'", "invalid fail_next '2': expected an integer"),
        ("outage='long'", "invalid outage 'long': expected a number of seconds"),
        ("'happy', 5", "unexpected argument of type int without a name: expected scenario"),
    ],
)
def test_wrong_arguments_of_the_pytest_marker_are_named(tmp_path: Path, marker: str, message: str) -> None:
    file = tmp_path / "test_marked.py"
    file.write_text(f"import pytest\n@pytest.mark.clanforge({marker})\ndef test_it(clanforge_service): pass\n")
    ran = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", file], cwd=tmp_path, capture_output=True, text=True)
    assert re.search(f"ArgumentTypeError: {message}", ran.stdout), ran.stdout
