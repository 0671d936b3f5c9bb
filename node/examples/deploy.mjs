// Rolls a version out to two images, and sends players over once both are ready.

import { execFileSync } from 'node:child_process';
import { Client } from 'clanforge';

const version = process.argv[2];
const images = [5678, 5679].map((imageId) => ({ accountServiceId: 1234, imageId }));
const run = (script) => execFileSync(script, [version], { stdio: 'inherit' });

try {
  await new Client().rollout(images, () => run('./start-the-rollout'), { gate: { maxFailed: '5%' }, timeoutMs: 90 * 60_000 });
  run('./switch-players-over');
} catch (error) {
  console.error(error.message);
  process.exitCode = error.exitCode ?? 1;
}
