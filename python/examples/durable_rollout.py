"""Rolls a version out to several images with a durable DBOS workflow, whose state is in SQLite.

    python durable_rollout.py VERSION ACCOUNT_SERVICE_ID IMAGE_ID [IMAGE_ID ...]

The worker may be killed at any moment. Run again, it continues the rollout of the version where it stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from dbos import DBOS, SetWorkflowID

from clanforge import ClanforgeError, Client, ImageRef, ImageStatus, Monitor, Policy, ReadFailure

POLICY = Policy.from_json(os.environ.get("ROLLOUT_POLICY", "{}"))


@DBOS.step()
def begin(account: int, image: int) -> str:
    """Take the baseline, and return a snapshot of the wait before its first reading."""
    with Client() as client:
        return Monitor(ImageRef(account, image), baseline=client.baseline(account, image), policy=POLICY).snapshot()


@DBOS.step()
def deploy(version: str) -> float:
    # A step that is interrupted runs again: it must do no harm to start a version twice.
    subprocess.run(["./start-the-rollout", version], check=True)
    return time.time()


@DBOS.step()
def read(account: int, image: int, snapshot: str, began: float) -> tuple[str, float | None, str | None]:
    """Take a reading, and return a snapshot of the wait after it, the seconds until the next one, and the outcome."""
    monitor = Monitor.restore(snapshot)
    problem = None
    try:
        with Client(retries=0) as client:
            reading: ImageStatus | ReadFailure = client.image_status(account, image, detail=monitor.needs_detail)
    except ClanforgeError as error:
        problem = error
        reading = ReadFailure(error.kind, str(error), error.status, error.retry_after)
    step = monitor.observe(time.time() - began, reading)
    if problem is not None and step.next_reading is None and step.outcome is None:
        raise problem
    return monitor.snapshot(), step.next_reading, None if step.outcome is None else step.outcome.to_json()


@DBOS.workflow()
def wait(account: int, image: int, before: str, began: float) -> str | None:
    snapshot, pause, outcome = read(account, image, before, began)
    while pause is not None:
        DBOS.sleep(pause)
        snapshot, pause, outcome = read(account, image, snapshot, began)
    return outcome


@DBOS.workflow()
def roll_out(version: str, account: int, images: list[int]) -> list[str | None]:
    before = [begin(account, image) for image in images]
    began = deploy(version)
    waits = [DBOS.start_workflow(wait, account, image, each, began) for image, each in zip(images, before)]
    return [each.get_result() for each in waits]


if __name__ == "__main__":
    version, account, *images = sys.argv[1:]
    DBOS(config={"name": "rollouts", "system_database_url": "sqlite:///rollouts.sqlite"})
    DBOS.launch()
    with SetWorkflowID(f"rollout-{version}"):
        rollout = DBOS.start_workflow(roll_out, version, int(account), [int(image) for image in images])
    print(*rollout.get_result(), sep="\n")
    DBOS.destroy()
