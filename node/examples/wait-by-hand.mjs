// Takes a baseline, starts a rollout, and waits for it: first for one image, then for two at once.

import { execFileSync } from 'node:child_process';
import { Client } from 'clanforge';

const deploy = async () => execFileSync('./start-the-rollout', { stdio: 'inherit' });

// docs: wait
const client = new Client();
const image = { accountServiceId: 1234, imageId: 5678 };
const baseline = await client.baseline(image);
await deploy();
const outcome = await client.wait({ ...image, baseline, gate: { maxFailed: '5%' }, timeoutMs: 40 * 60_000 });
console.log(String(outcome));
if (!outcome.isReady) process.exit(outcome.exitCode);
// docs: end

// docs: several
const images = [5679, 5680].map((imageId) => ({ accountServiceId: 1234, imageId }));
const baselines = await Promise.all(images.map((image) => client.baseline(image)));
await deploy();
const { outcomes } = (await client.waitAll({ images, baselines })).throwIfNotReady();
for (const { image, outcome } of outcomes) console.log(image.imageId, String(outcome));
// docs: end
