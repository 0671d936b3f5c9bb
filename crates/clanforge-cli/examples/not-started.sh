#!/bin/sh
# test-scenario: never-starts
clanforge rollout --image 5678 -- ./start-the-rollout 1.2.3
