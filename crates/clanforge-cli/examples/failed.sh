#!/bin/sh
# test-scenario: failures-stay
clanforge rollout --image 5678 -- ./start-the-rollout 1.2.3
