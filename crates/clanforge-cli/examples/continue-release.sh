#!/bin/sh
# test-before: clanforge baseline --image 5678 --output-file before.json
cd /var/lib/release || exit
[ -e before.json ] || exit 0
clanforge wait --image 5678 --since before.json --state wait.json --once --max-unreachable 12h
code=$?
case $code in
    0) ./switch-players-over && rm before.json wait.json; exit ;;
    8) exit 0 ;; # The wait has not ended yet.
    1 | 3 | 6 | 124) mv before.json ended.json ;; # The wait ended, and the image is not ready.
esac
exit "$code" # After any other error the next run tries again.
