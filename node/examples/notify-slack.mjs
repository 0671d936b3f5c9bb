// Posts the progress of a wait to a Slack channel: each quarter of the machines, and the outcome.
//
//     node notify-slack.mjs WEBHOOK_URL

import { Client } from 'clanforge';

const webhook = process.argv[2];
const post = (text) =>
  fetch(webhook, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text }) });

const client = new Client();
const image = { accountServiceId: 1234, imageId: 5678 };
const baseline = await client.baseline(image);
let posted = 0;
for await (const update of client.watch({ ...image, baseline })) {
  if (update.update === 'read_failed') console.error(update.error.message);
  if (update.update === 'outcome') {
    await post(String(update));
    process.exitCode = update.exitCode;
  }
  if (update.update === 'reading' && update.freshness === 'observed') {
    const quarter = Math.floor((update.status.percentComplete ?? 0) / 25);
    if (quarter > posted) await post(`${update.status.percentText} of the machines have the new version`);
    posted = Math.max(posted, quarter);
  }
}
