"""The examples, run as their docstrings say, against the simulator."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import ROOT

import clanforge

EXAMPLES = ROOT / "python" / "examples"
RUNS = {
    "zero_downtime_patch.py": (["1", "2"], "players are sent to the new version"),
    "watch_images.py": (["1", "2", "3"], "image 3: ready: 54 of 54 machines completed"),
    "region_table.py": (["1", "2"], "percent_complete"),
}


@pytest.mark.parametrize("name", [file.name for file in sorted(EXAMPLES.glob("*.py"))])
def test_an_example_runs(name: str) -> None:
    arguments, expected = RUNS[name]
    # A faster rollout would be over before a wait with the default intervals observes its start.
    with clanforge.simulate("happy", speed=30) as service:
        completed = subprocess.run(
            [sys.executable, "-W", "error", EXAMPLES / name, *arguments],
            env={**os.environ, **service.environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert (completed.returncode, completed.stderr) == (0, "")
    assert expected in completed.stdout
