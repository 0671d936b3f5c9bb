// The examples, run as their comments say, against the simulator.

import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { installed, startSimulator, root, runCommand } from '../fixtures.mjs';

const examples = join(root, 'node/examples');
const expected = {
  'gate-release.mjs': /the new version is deployed\nready: 54 of 54 machines completed/,
  'watch-rollout.mjs': /\d+(\.\d)? % completed[^]*ready: 54 of 54 machines completed/,
  'list-failed-regions.cjs': /ready: 100 % of 54 machines completed\n┌/,
};

describe('the examples', { concurrency: true }, () => {
  for (const name of readdirSync(examples)) it(`run: ${name}`, { timeout: 900_000 }, (t) => runs(t, name));
});

async function runs(t, name) {
  // A faster rollout would be over before a wait with the default intervals observes its start.
  const { environment: env } = startSimulator(t, 'happy', { speed: 30 });
  const file = join(installed, name);
  copyFileSync(join(examples, name), file);
  const result = await runCommand([process.execPath, file, '1', '2'], { env });
  assert.deepEqual([result.code, result.stderr], [0, '']);
  assert.match(result.stdout, expected[name]);
}
