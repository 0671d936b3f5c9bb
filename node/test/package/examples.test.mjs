// The examples, run as their first lines say, against the simulator.

import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ended, installed, played, root } from './helpers.mjs';

const examples = join(root, 'node/examples');
const told = {
  'gate-release.mjs': /the new version is deployed\nready: 54 of 54 machines completed/,
  'watch-rollout.mjs': /\d+(\.\d)? % completed[^]*ready: 54 of 54 machines completed/,
  'list-failed-regions.cjs': /ready: 100 % of 54 machines completed\n┌/,
};

describe('the examples', { concurrency: true }, () => {
  for (const name of readdirSync(examples)) it(`run: ${name}`, { timeout: 120_000 }, (t) => runs(t, name));
});

async function runs(t, name) {
  // No faster than a wait with its default intervals can follow.
  const { environment: env } = played(t, 'happy', { speed: 30 });
  const place = join(installed, name);
  copyFileSync(join(examples, name), place);
  const found = await ended([process.execPath, place, '1', '2'], { env, limit: 110_000 });
  assert.deepEqual([found.code, found.stderr], [0, '']);
  assert.match(found.stdout, told[name]);
}
