"""Patches a live game: takes a baseline, deploys, waits, and switches players over.

    python zero_downtime_patch.py ACCOUNT_SERVICE_ID IMAGE_ID

Credentials come from CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY. Replace `deploy` and `switch` with your own.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import clanforge


def deploy() -> None:
    print("the new version is deployed")


def switch() -> None:
    print("players are sent to the new version")


def main(account_service_id: int, image_id: int) -> int:
    # In each region, 2 % of the machines may fail; the scaling system replaces them.
    gate = clanforge.Gate(max_failed="2%", per="region")
    with clanforge.Client() as client:
        # Taken before the deployment, so that the wait can tell the counts of the new version from those of the old one.
        baseline = client.baseline(account_service_id, image_id)
        deploy()
        updates = client.watch(
            account_service_id, image_id, baseline=baseline, gate=gate, timeout=timedelta(minutes=40)
        )
        for update in updates:
            match update:
                case clanforge.ReadingTaken(status=status, estimate=None):
                    print(f"{status.percent_text} completed")
                case clanforge.ReadingTaken(status=status, estimate=estimate) if estimate:
                    print(f"{status.percent_text} completed, {estimate.low:.0f} to {estimate.high:.0f} s left")
                case clanforge.ReadFailed(error=error, next_reading=interval):
                    print(f"reading failed: {error.message}; next reading in {interval or 0:.0f} s", file=sys.stderr)
                case clanforge.Outcome() as outcome:
                    print(outcome.reason)
        outcome = updates.outcome()
    if not outcome.is_ready:
        return outcome.exit_code
    switch()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
