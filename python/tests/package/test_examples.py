"""The examples, run as their first lines say, against the simulator."""

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
    words, told = RUNS[name]
    # No faster than a wait with its default intervals can follow.
    with clanforge.simulate("happy", speed=30) as service:
        ended = subprocess.run(
            [sys.executable, "-W", "error", EXAMPLES / name, *words],
            env={**os.environ, **service.environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert told in ended.stdout
