"""The example of a rollout in a durable workflow, whose worker is killed at random."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from conftest import ROOT

import clanforge

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "python" / "examples" / "durable_rollout.py"
POLICY = json.dumps({"settle_seconds": 1, "min_interval_seconds": 0.05, "max_interval_seconds": 0.2})
KILLS = 5


def roll_out(folder: Path, scenario: str, kills: int) -> tuple[list[list[str]], str]:
    """Return how the rollouts of two images end, and which versions were started."""
    folder.mkdir()
    script, log = folder / "start-the-rollout", folder / "log"
    script.write_text('#!/bin/sh\necho "$1" >> log\n')
    script.chmod(0o755)
    command = [sys.executable, str(EXAMPLE), "1.2.3", "1", "2", "3"]
    with clanforge.simulate(scenario) as service:
        environment = {**os.environ, **service.environment, "ROLLOUT_POLICY": POLICY}
        seen = 0
        while True:
            worker = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            last = seen + random.randint(0, 10) if kills > 0 else sys.maxsize
            kills -= 1
            with worker:
                while worker.poll() is None and seen <= last:
                    requests = service.requests
                    # The simulated time stops while no worker runs: the wait gets no evidence from what it does not read.
                    if log.exists():
                        service.advance((requests - seen) * 30)
                    seen = requests
                    time.sleep(0.001)
                # Kill the worker at a random moment after the reading.
                time.sleep(random.uniform(0, 0.1) if worker.poll() is None else 0)
                worker.kill()
                stdout, stderr = worker.communicate()
            if worker.returncode == 0:
                outcomes = [clanforge.Outcome.from_json(line) for line in stdout.splitlines()]
                return [[outcome.kind, outcome.freshness, str(outcome)] for outcome in outcomes], log.read_text()
            assert worker.returncode < 0, stderr


def test_a_workflow_whose_worker_is_killed_ends_as_the_uninterrupted_one(tmp_path: Path) -> None:
    for scenario in ("happy", "failures-stay"):
        expected, _ = roll_out(tmp_path / scenario, scenario, kills=0)
        outcomes, started = roll_out(tmp_path / f"{scenario}-killed", scenario, KILLS)
        assert outcomes == expected
        assert [kind for kind, *_ in outcomes] == ["ready" if scenario == "happy" else "failed"] * 2
        # Twice only if the worker was killed while the step ran.
        assert set(started.split()) == {"1.2.3"}
