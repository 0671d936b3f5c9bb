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
  for (const name of Object.keys(expected)) it(`run: ${name}`, { timeout: 900_000 }, (t) => runs(t, name));

  it('are tested without waiting', { timeout: 900_000 }, async () => {
    for (const name of ['gate-release.mjs', 'gate-release.test.mjs']) copyFileSync(join(examples, name), join(installed, name));
    const command = [process.execPath, '--test', '--test-reporter=tap', join(installed, 'gate-release.test.mjs')];
    // Where this is set, a test runner reports to the one that runs these tests.
    const result = await runCommand(command, { env: { NODE_TEST_CONTEXT: undefined } });
    assert.match(result.stdout, /# pass 5\n# fail 0/);
  });

  it('are all run', () => {
    assert.deepEqual(new Set(readdirSync(examples)), new Set([...Object.keys(expected), 'gate-release.test.mjs']));
  });
});

async function runs(t, name) {
  const { environment: env } = startSimulator(t, 'happy');
  const file = join(installed, name);
  copyFileSync(join(examples, name), file);
  const result = await runCommand([process.execPath, file, '1', '2'], { env });
  assert.equal(result.code, 0, result.stderr);
  // Only a wait that begins without a baseline cannot know of what version the counts are.
  if (name === 'watch-rollout.mjs') assert.match(result.stderr, /ClanforgeWarning: .*: ready is only assumed/);
  else assert.equal(result.stderr, '');
  assert.match(result.stdout, expected[name]);
}
