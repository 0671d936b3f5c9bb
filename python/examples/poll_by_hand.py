"""Polls without clanforge, until no machine is pending, as most scripts do, with their mistakes."""

import base64
import json
import os
import time
from urllib.request import Request, urlopen

address = f"{os.environ['CLANFORGE_BASE_URL']}/cfp/v2/project/1234/image/5678/status"
keys = f"{os.environ['CLANFORGE_ACCESS_KEY']}:{os.environ['CLANFORGE_SECRET_KEY']}"
request = Request(address, headers={"Authorization": "Basic " + base64.b64encode(keys.encode()).decode()})

deadline = time.monotonic() + 3600
while time.monotonic() < deadline:
    with urlopen(request, timeout=20) as response:
        status = json.load(response)
    print(status)
    if status["pending_machines"] == 0:
        break
    time.sleep(30)
else:
    raise SystemExit("timed out")
if status["failed_machines"] > 0 or status["completed_machines"] == 0:
    raise SystemExit("failed")
print("ready")
