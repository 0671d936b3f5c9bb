"""The examples, run as their docstrings say, against the simulator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from subprocess import PIPE

import pytest
from conftest import ROOT

import clanforge

EXAMPLES = ROOT / "python" / "examples"
RUNS = {
    "zero_downtime_patch.py": (["1", "2"], "players are sent to the new version"),
    "watch_images.py": (["1", "2", "3"], "image 3: ready: 54 of 54 machines completed"),
    "region_table.py": (["1", "2"], "percent_complete"),
}


@pytest.fixture(scope="module")
def processes() -> Iterator[dict[str, subprocess.Popen[str]]]:
    """All examples, started at once: a wait takes its time."""
    with ExitStack() as stack:
        started = {}
        for file in sorted(EXAMPLES.glob("*.py")):
            # A faster rollout would be over before a wait with the default intervals observes its start.
            service = stack.enter_context(clanforge.simulate("happy", speed=30))
            command = [sys.executable, "-W", "error", str(file), *RUNS[file.name][0]]
            environment = {**os.environ, **service.environment}
            process = subprocess.Popen(command, env=environment, stdout=PIPE, stderr=PIPE, text=True)
            started[file.name] = stack.enter_context(process)
            stack.callback(process.kill)
        yield started


@pytest.mark.parametrize("name", [file.name for file in sorted(EXAMPLES.glob("*.py"))])
def test_an_example_runs(name: str, processes: dict[str, subprocess.Popen[str]]) -> None:
    stdout, stderr = processes[name].communicate(timeout=600)
    assert (processes[name].returncode, stderr) == (0, "")
    assert RUNS[name][1] in stdout
