#!/bin/sh
# Tests deploy.sh without changes to it and with its own policy, in simulated time. Each scenario has its own folder and simulator.
set -eu
export CLANFORGE_ACCESS_KEY=simulator-access-key CLANFORGE_SECRET_KEY=simulator-secret-key
export CLANFORGE_ACCOUNT_SERVICE_ID=1234
failed=0

# check SCENARIO EXIT_CODE SCRIPTS: runs deploy.sh, and compares its exit code, and which of its scripts it ran.
check() {
    folder=$(mktemp -d)
    cp deploy.sh "$folder"
    for script in start-the-rollout switch-players-over; do
        printf '#!/bin/sh\necho %s >> ran\n' "$script" > "$folder/$script"
        chmod +x "$folder/$script"
    done
    clanforge simulate --scenario "$1" > "$folder/url" 2> "$folder/simulator.log" &
    simulator=$!
    until [ -s "$folder/url" ]; do kill -0 "$simulator"; sleep 0.1; done
    url=$(cat "$folder/url")
    code=0
    (cd "$folder" && CLANFORGE_BASE_URL=$url CLANFORGE_SIMULATION=$url/simulation sh deploy.sh 1.2.3 > log 2>&1) || code=$?
    kill "$simulator"
    result="$code $(xargs < "$folder/ran")"
    if [ "$result" = "$2 $3" ]; then
        echo "passed: $1"
        rm -r "$folder"
    else
        echo "FAILED: $1: $result, see $folder/log"
        failed=1
    fi
}

check happy 0 'start-the-rollout switch-players-over'
check failures-stay 1 'start-the-rollout'
check never-starts 6 'start-the-rollout'
exit "$failed"
