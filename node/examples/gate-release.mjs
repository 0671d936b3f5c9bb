// A build step that gates a release: takes a baseline, deploys, waits, and sets the exit code.
//
//     node gate-release.mjs ACCOUNT_SERVICE_ID IMAGE_ID
//
// Credentials come from CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY. Replace `deploy` with your own.

import { Client, ClanforgeError } from 'clanforge';

const [accountServiceId, imageId] = process.argv.slice(2).map(Number);

async function deploy() {
  console.log('the new version is deployed');
}

const client = new Client();
try {
  // Taken before the deployment, so that the wait can tell the counts of the new version from those of the old one.
  const baseline = await client.baseline({ accountServiceId, imageId });
  await deploy();
  const outcome = await client.wait({
    accountServiceId,
    imageId,
    baseline,
    // In each region, 2 % of the machines may fail; the scaling system replaces them.
    gate: { maxFailed: '2%', per: 'region' },
    timeoutMs: 40 * 60_000,
  });
  console.log(String(outcome));
  process.exitCode = outcome.exitCode;
} catch (error) {
  if (!(error instanceof ClanforgeError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.exitCode;
} finally {
  await client.close();
}
