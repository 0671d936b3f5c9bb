#!/bin/sh
# test-before: clanforge baseline --image 5678 --output-file before.json
# docs: wait
clanforge wait --image 5678 --since before.json --state wait.json
# docs: end
