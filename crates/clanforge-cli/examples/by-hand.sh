#!/bin/sh
set -eu
clanforge baseline --image 5678 --output-file before.json
./start-the-rollout 1.2.3
clanforge wait --image 5678 --since before.json --max-failed 5%
./switch-players-over 1.2.3
