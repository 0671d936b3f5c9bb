// Every fault of `tests/faults.json`: a call ends as the table says, with the same text.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { root, runScript, startProgram } from '../fixtures.mjs';
import { runFaultAsync, runFaultBlocking } from './run-fault.mjs';

const expected = JSON.parse(readFileSync(join(root, 'tests/faults.json'), 'utf8'));

/** Starts a server for every fault, until the test ends. */
async function startFaults(t) {
  const { output, stop } = await startProgram('clanforge-test-faults');
  t.after(stop);
  return output;
}

/** Runs a fault by one of these functions, in its own process where it has an environment. */
async function runFault(fault, run) {
  if (fault.environment.length === 0) return run(fault);
  const script = `import { ${run.name} } from '../test/calls/run-fault.mjs'; console.log(JSON.stringify(await ${run.name}(${JSON.stringify(fault)})));`;
  const { stdout, stderr } = await runScript(script, { env: Object.fromEntries(fault.environment) });
  return JSON.parse(stdout || assert.fail(stderr));
}

it('ends every asynchronous call as the table says', async (t) => {
  const faults = await startFaults(t);
  assert.ok(faults.length > 60);
  const found = await Promise.all(faults.map(async (fault) => [fault.name, await runFault(fault, runFaultAsync)]));
  assert.deepEqual(Object.fromEntries(found), expected);
});

it('ends every blocking call as the table says', async (t) => {
  const faults = (await startFaults(t)).filter((fault) => fault.task !== 'wait');
  const found = [];
  for (const fault of faults) found.push([fault.name, await runFault(fault, runFaultBlocking)]);
  assert.deepEqual(Object.fromEntries(found), Object.fromEntries(faults.map(({ name }) => [name, expected[name]])));
});
