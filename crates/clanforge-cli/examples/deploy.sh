#!/bin/sh
# Rolls a version out to two images, and sends players over once both are ready.
# Run it again if it is interrupted: the state continues the rollout, and does not start it twice.
# To start the rollout again after one that failed, remove its state first.
set -eu
version=$1

clanforge rollout --image 5678 --image 5679 --max-failed 5% --timeout 90m \
    --state "rollout-$version.json" -- ./start-the-rollout "$version"
./switch-players-over "$version"
rm "rollout-$version.json"
