#!/bin/bash
# Rolls out, and tells a channel of Discord how it ended. DISCORD_WEBHOOK is the secret URL of the webhook.
set -o pipefail
text=$(clanforge rollout --image 5678 -- ./start-the-rollout | tail -n 1) && ./switch-players-over
code=$?
if [ "$code" -eq 0 ]; then text="Released. $text"; else text="Not released, exit code $code. $text"; fi
jq -n --arg text "$text" '{content: $text, allowed_mentions: {parse: []}}' |
  curl -fsS -H 'Content-Type: application/json' -d @- -K <(echo "url = $DISCORD_WEBHOOK")
exit "$code"
