#!/bin/bash
# Rolls out, and posts to a Discord channel how the rollout ended. DISCORD_WEBHOOK is the secret URL of the webhook.
: > rollout.env
clanforge rollout --image 5678 --ci-outputs rollout.env -- ./start-the-rollout
code=$?
text=$(sed -n 's/^CLANFORGE_REASON=//p' rollout.env)
if [ "$code" -ne 0 ]; then
  text="Not released, exit code $code. ${text:-The log has the reason.}"
elif ./switch-players-over; then
  text="Released. $text"
else
  code=$?
  text="Rolled out, but switch-players-over ended with exit code $code."
fi
jq -n --arg text "$text" '{content: $text, allowed_mentions: {parse: []}}' |
  curl -fsS -H 'Content-Type: application/json' -d @- -K <(echo "url = $DISCORD_WEBHOOK")
exit "$code"
