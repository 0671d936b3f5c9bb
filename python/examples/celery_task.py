"""Waits for a rollout in a Celery task. Each forked worker opens connections of its own."""

from typing import Any

import celery

import clanforge

app = celery.Celery("release", broker="memory://")
client = clanforge.Client()


@app.task(time_limit=3600)
def wait(image_id: int, baseline: dict[str, Any]) -> str:
    # The timeout is below the task's time limit, so that the wait ends first, with a reason.
    outcome = client.wait(1234, image_id, baseline=clanforge.Baseline.from_dict(baseline), timeout=3000)
    return outcome.reason


if __name__ == "__main__":
    app.conf.task_always_eager = True
    baseline = client.baseline(1234, 5678).to_dict()
    # Start the rollout here.
    print(wait.delay(5678, baseline).get())
