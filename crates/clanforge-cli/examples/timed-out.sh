#!/bin/sh
# test-scenario: stragglers
clanforge rollout --image 5678 --timeout 30m -- ./start-the-rollout 1.2.3
