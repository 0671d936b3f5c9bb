#!/bin/sh
clanforge rollout --image 5678 -- curl -fsS -o log -X POST "$CLANFORGE_SIMULATION/outage?seconds=3600"
