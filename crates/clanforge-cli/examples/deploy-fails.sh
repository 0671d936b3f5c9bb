#!/bin/sh
clanforge rollout --image 5678 -- sh -c "echo no space left on device >&2; exit 1"
