"""Waits for a rollout in a Celery task. Each forked worker opens connections of its own."""

import celery

import clanforge

app = celery.Celery("release", broker="memory://")
client = clanforge.Client()


@app.task(time_limit=3600)
def wait(image_id: int) -> str:
    # Below the time limit of the task, so that the wait says why it ends.
    return client.wait(1234, image_id, timeout=3000).reason


if __name__ == "__main__":
    app.conf.task_always_eager = True
    print(wait.delay(5678).get())
