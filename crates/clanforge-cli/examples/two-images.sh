#!/bin/sh
# test-scenario: staged-regions
clanforge rollout --image 5678 --image 5679 --per region --max-failed 5% --timeout 90m -- ./start-the-rollout 1.2.3
