// Prints the updates of a rollout, until the image is ready or Ctrl-C ends the wait.
//
//     node watch-rollout.mjs ACCOUNT_SERVICE_ID IMAGE_ID

import { Client, ClanforgeError } from 'clanforge';

const [accountServiceId, imageId] = process.argv.slice(2).map(Number);
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('interrupted: the rollout continues')));

const client = new Client();
try {
  const updates = client.watch({ accountServiceId, imageId, detail: true }, { signal: interrupted.signal });
  for await (const update of updates) {
    switch (update.update) {
      case 'reading': {
        const { status, estimate } = update;
        const lagging = status.pendingRegions()?.[0];
        const left = estimate ? `, ${Math.round(estimate.lowMs / 1000)} to ${Math.round(estimate.highMs / 1000)} s left` : '';
        console.log(`${status.percentText} completed${left}${lagging ? `, ${lagging.name} lags most` : ''}`);
        break;
      }
      case 'read_failed':
        console.log(`no reading: ${update.error.message}`);
        break;
      case 'outcome':
        console.log(String(update));
        process.exitCode = update.exitCode;
        break;
    }
  }
} catch (error) {
  if (!interrupted.signal.aborted && !(error instanceof ClanforgeError)) throw error;
  console.error(error.message);
  process.exitCode = interrupted.signal.aborted ? 130 : error.exitCode;
} finally {
  await client.close();
}
