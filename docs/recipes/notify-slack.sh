#!/bin/bash
# Rolls out, and tells a channel of Slack how it ended. SLACK_WEBHOOK is the secret URL of the webhook.
set -o pipefail
text=$(clanforge rollout --image 5678 -- ./start-the-rollout | tail -n 1) && ./switch-players-over
code=$?
if [ "$code" -eq 0 ]; then text="Released. $text"; else text="Not released, exit code $code. $text"; fi
jq -n --arg text "$text" '{text: ($text | gsub("&"; "&amp;") | gsub("<"; "&lt;"))}' |
  curl -fsS -H 'Content-Type: application/json' -d @- -K <(echo "url = $SLACK_WEBHOOK")
exit "$code"
