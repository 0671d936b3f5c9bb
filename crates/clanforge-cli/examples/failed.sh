#!/bin/sh
# test-scenario: failures-stay
clanforge rollout --image 5678 --max-failed 5% -- ./start-the-rollout 1.2.3
