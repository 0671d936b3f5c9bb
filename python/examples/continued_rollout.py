"""Rolls a version out by a function. Run again after an interruption, the script continues, and does not start it twice."""

import subprocess
import sys

import clanforge

version = sys.argv[1]


def deploy() -> None:
    subprocess.run(["./start-the-rollout", version], check=True)


with clanforge.Client() as client:
    client.rollout([(1234, 5678)], state=f"rollout-{version}.json").run(deploy)
subprocess.run(["./switch-players-over", version], check=True)
