"""Runs a command that starts a rollout of several images, and waits until each is ready.

    python deploy.py ACCOUNT_SERVICE_ID IMAGE_ID[,IMAGE_ID ...] COMMAND [ARGUMENT ...]
"""

import subprocess
import sys

import clanforge

account, images, *command = sys.argv[1:]
try:
    with clanforge.Client() as client, client.rollout([(int(account), int(image)) for image in images.split(",")]):
        subprocess.run(command, check=True)
except clanforge.ClanforgeError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
print("players can be sent to the new version")
