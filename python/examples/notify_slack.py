"""Posts the progress of a wait to a Slack channel: each quarter of the machines, and the outcome.

    python notify_slack.py WEBHOOK_URL
"""

import json
import sys
from urllib.request import Request, urlopen

import clanforge

webhook = sys.argv[1]
posted = 0


def post(text: str) -> None:
    body = json.dumps({"text": text}).encode()
    urlopen(Request(webhook, body, {"Content-Type": "application/json"}), timeout=10).close()


def report(update: clanforge.Update) -> None:
    global posted
    match update:
        case clanforge.ReadingTaken(status=status) if update.freshness == "observed":
            quarter = int(status.percent_complete or 0) // 25
            if quarter > posted:
                posted = quarter
                post(f"{status.percent_text} of the machines have the new version")
        case clanforge.ReadFailed(error=error):
            print(error.message, file=sys.stderr)
        case clanforge.Outcome() as outcome:
            post(outcome.reason)


with clanforge.Client() as client:
    client.wait(1234, 5678, baseline=client.baseline(1234, 5678), on_update=report, check=True)
