#!/bin/sh
exec > log
# docs: control
curl -fsS -X POST "$CLANFORGE_SIMULATION/start-rollout"
curl -fsS -X POST "$CLANFORGE_SIMULATION/advance?seconds=300"
curl -fsS -X POST "$CLANFORGE_SIMULATION/fail-next?count=2&status=503"
curl -fsS -X POST "$CLANFORGE_SIMULATION/outage?seconds=60"
curl -fsS "$CLANFORGE_SIMULATION/requests"
# docs: end
