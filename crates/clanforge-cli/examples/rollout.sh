#!/bin/sh
clanforge rollout --image 5678 --max-failed 5% -- ./start-the-rollout 1.2.3 &&
    ./switch-players-over 1.2.3
