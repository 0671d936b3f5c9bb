// Tests gate-release.mjs, unchanged and with its own policy, in simulated time.
//
//     node --test gate-release.test.mjs

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withSimulation } from 'clanforge/testing';

const script = fileURLToPath(new URL('gate-release.mjs', import.meta.url));

/** Runs the script in the environment of a simulation, and returns its exit code and output. */
const release = (scenario) =>
  withSimulation(
    () =>
      new Promise((resolve) => {
        execFile(process.execPath, [script, '1', '2'], (error, stdout) => resolve([error?.code ?? 0, stdout]));
      }),
    scenario,
  );

const region = (name, more = {}) => ({ id: name, name, machines: 20, ...more });
const rollout = { packaging: '1m', install: { median: '4m' } };
const stalled = {
  description: 'One region makes no progress',
  rollout,
  fleets: [{ id: 'fleet', regions: [region('Europe'), region('Asia', { install: { median: '10h' } })] }],
};
const down = {
  description: 'The service is down from the second minute on',
  rollout,
  fleets: [{ id: 'fleet', regions: [region('Europe')] }],
  faults: [{ during: { from: '2m', to: '10h' }, reply: { kind: 'reset_before_response' } }],
};

for (const [scenario, code, expected] of [
  ['happy', 0, /^ready: 54 of 54 machines completed/m],
  ['failures-stay', 1, /^failed: /m],
  ['never-starts', 6, /^not started: /m],
  [stalled, 3, /^stalled: /m],
  [down, 5, /^unreachable: /m],
]) {
  test(`the script ends with ${code}: ${expected}`, async () => {
    const [exitCode, output] = await release(scenario);
    assert.equal(exitCode, code, output);
    assert.match(output, expected);
  });
}
