#!/bin/sh
# test-scenario: stragglers, started
clanforge check --image 5678 --max-failed 5%
