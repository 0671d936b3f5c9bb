// Prints the updates of a rollout, until the image is ready or Ctrl-C ends the wait.
//
//     node watch-rollout.mjs ACCOUNT_SERVICE_ID IMAGE_ID
//
// Credentials come from CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY. Replace `deploy` with your own.

import { Client, ClanforgeError } from 'clanforge';

const [accountServiceId, imageId] = process.argv.slice(2).map(Number);
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('interrupted: the rollout continues')));

async function deploy() {
  console.log('the new version is deployed');
}

const client = new Client();
try {
  // Taken before the deployment, so that the wait can tell the counts of the new version from those of the old one.
  const baseline = await client.baseline({ accountServiceId, imageId }, { signal: interrupted.signal });
  await deploy();
  const updates = client.watch({ accountServiceId, imageId, baseline, detail: true }, { signal: interrupted.signal });
  for await (const update of updates) {
    switch (update.update) {
      case 'reading': {
        const { status, estimate, freshness } = update;
        const lagging = status.pendingRegions()?.[0];
        const left = estimate ? `, ${Math.round(estimate.lowMs / 1000)} to ${Math.round(estimate.highMs / 1000)} s left` : '';
        const progress = `${status.percentText} completed${left}${lagging ? `, ${lagging.name} lags most` : ''}`;
        console.log(freshness === 'observed' ? progress : 'waiting for the rollout to start');
        break;
      }
      case 'read_failed':
        console.log(`reading failed: ${update.error.message}`);
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
