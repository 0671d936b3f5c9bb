#!/bin/sh
# test-scenario: failures-stay
clanforge rollout --image 5678 --max-failed 10% --record patch.jsonl -- ./start-the-rollout 1.2.3
clanforge replay patch.jsonl --max-failed 2
clanforge report patch.jsonl -o html > patch.html
