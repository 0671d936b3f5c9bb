"""Rolls a version out. Run again after an interruption, the script continues the wait, and does not start the rollout twice.

To start the rollout again after one that failed, remove its state first.
"""

import subprocess
import sys
from pathlib import Path

import clanforge

version = sys.argv[1]
state = Path(f"rollout-{version}.json")


def deploy() -> None:
    subprocess.run(["./start-the-rollout", version], check=True)


try:
    with clanforge.Client() as client:
        client.rollout([(1234, 5678)], state=state).run(deploy)
except clanforge.ClanforgeError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
subprocess.run(["./switch-players-over", version], check=True)
state.unlink()
