"""Rolls a version out to two images, and sends players over once both are ready."""

import subprocess
import sys

import clanforge

version = sys.argv[1]
images = [(1234, 5678), (1234, 5679)]  # account service IDs, image IDs
gate = clanforge.Gate(max_failed="5%")

try:
    with clanforge.Client() as client, client.rollout(images, gate=gate, timeout=90 * 60):
        subprocess.run(["./start-the-rollout", version], check=True)
except clanforge.ClanforgeError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
subprocess.run(["./switch-players-over", version], check=True)
