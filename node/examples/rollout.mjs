// Rolls a version out to several images, and ends with the exit code of the command.
//
//     node rollout.mjs ACCOUNT_SERVICE_ID IMAGE_ID…
//
// Credentials come from CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY. Replace `deploy` with your own.

import { Client, ClanforgeError } from 'clanforge';

const [accountServiceId, ...imageIds] = process.argv.slice(2).map(Number);
const deploy = async () => console.log('the new version is deployed');
try {
  const { outcomes } = await new Client().rollout(imageIds.map((imageId) => ({ accountServiceId, imageId })), deploy);
  for (const { image, outcome } of outcomes) console.log(`image ${image.imageId}: ${outcome}`);
} catch (error) {
  if (!(error instanceof ClanforgeError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.exitCode;
}
