// A build step that gates a release: baseline, deploy, wait, and an exit code that the pipeline goes by.
//
//     node gate-release.mjs ACCOUNT_SERVICE_ID IMAGE_ID
//
// Credentials come from CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY. Replace `deploy` by your own.

import { Client, ClanforgeError } from 'clanforge';

const [accountServiceId, imageId] = process.argv.slice(2).map(Number);

async function deploy() {
  console.log('the new version is deployed');
}

const client = new Client();
try {
  // Taken before the deploy command: by it the wait knows the new version's counts from the old one's.
  const baseline = await client.baseline({ accountServiceId, imageId });
  await deploy();
  const outcome = await client.wait({
    accountServiceId,
    imageId,
    baseline,
    // Two machines in a hundred may fail, in each region; the scaling system replaces them.
    gate: { maxFailed: '2%', per: 'region' },
    timeoutMs: 40 * 60_000,
  });
  console.log(outcome.reason);
  process.exitCode = outcome.isReady ? 0 : 1;
} catch (error) {
  if (!(error instanceof ClanforgeError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 2;
} finally {
  await client.close();
}
