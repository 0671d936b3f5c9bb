"""Takes a baseline, starts a rollout, and waits for it: first for one image, then for two at once."""

import subprocess

import clanforge


def deploy() -> None:
    subprocess.run(["./start-the-rollout"], check=True)


# docs: wait
with clanforge.Client() as client:
    baseline = client.baseline(1234, 5678)
    deploy()
    outcome = client.wait(1234, 5678, baseline=baseline, gate=clanforge.Gate(max_failed="5%"), timeout=40 * 60)
print(outcome.reason)
if not outcome.is_ready:
    raise SystemExit(outcome.exit_code)
# docs: end

# docs: several
images = [(1234, 5679), (1234, 5680)]
with clanforge.Client() as client:
    baselines = [client.baseline(*image) for image in images]
    deploy()
    combined = client.wait_all(images, baselines=baselines, check=True)
for each in combined.outcomes:
    print(each.image.image_id, each.outcome.reason if each.outcome else each.error)
# docs: end
