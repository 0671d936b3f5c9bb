#!/bin/sh
# test-before: clanforge baseline --image 5678 --output-file before.json
cd /var/lib/release || exit
[ -e before.json ] && [ ! -e done ] || exit 0
clanforge wait --image 5678 --since before.json --state wait.json --once
code=$?
[ "$code" -eq 8 ] && exit 0
echo "$code" > done
[ "$code" -eq 0 ] && ./switch-players-over
