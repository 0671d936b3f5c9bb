// Rolls a version out to two images, and sends players over once both are ready.

import { execFileSync } from 'node:child_process';
import { Client, ClanforgeError } from 'clanforge';

const [version = ''] = process.argv.slice(2);
const images = [5678, 5679].map((imageId) => ({ accountServiceId: 1234, imageId }));
const deploy = () => execFileSync('./start-the-rollout', [version], { stdio: 'inherit' });

try {
  await new Client().rollout(images, deploy, { gate: { maxFailed: '5%' }, timeoutMs: 90 * 60_000 });
  execFileSync('./switch-players-over', [version], { stdio: 'inherit' });
} catch (error) {
  if (!(error instanceof ClanforgeError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
