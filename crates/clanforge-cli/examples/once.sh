#!/bin/sh
clanforge baseline --image 5678 --output-file before.json
./start-the-rollout 1.2.3
clanforge wait --image 5678 --since before.json --state wait.json --once -o json
