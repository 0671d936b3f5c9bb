// Every fault of the project's table: it ends as the table says, in the same words.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';

import { root, run } from './helpers.mjs';
import { meet, meetAtOnce } from './meet.mjs';

const program = join(root, 'target/debug', `clanforge-test-faults${process.platform === 'win32' ? '.exe' : ''}`);
const expected = JSON.parse(readFileSync(join(root, 'tests/faults.json'), 'utf8'));

/** Plays the faults until the test ends. */
async function played(t) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(async () => {
    const closed = once(child, 'close');
    child.stdin.end();
    await closed;
  });
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  assert.fail(`${program} plays nothing: cargo test --package clanforge-test-faults`);
}

/** Meets a fault, in a process of its own where it needs an environment. */
async function metBy(fault) {
  if (fault.environment.length === 0) return meet(fault);
  const script = `import { meet } from '../test/meet.mjs'; console.log(JSON.stringify(await meet(${JSON.stringify(fault)})));`;
  const { stdout, stderr } = await run(script, { env: Object.fromEntries(fault.environment) });
  return JSON.parse(stdout || assert.fail(stderr));
}

it('ends every fault as the table says', async (t) => {
  const faults = await played(t);
  assert.ok(faults.length > 60);
  const found = await Promise.all(faults.map(async (fault) => [fault.name, await metBy(fault)]));
  assert.deepEqual(Object.fromEntries(found), expected);
});

it('ends every fault so in a call that blocks', async (t) => {
  const faults = (await played(t)).filter((fault) => fault.task !== 'wait');
  const found = faults.map((fault) => [fault.name, meetAtOnce(fault)]);
  assert.deepEqual(Object.fromEntries(found), Object.fromEntries(faults.map(({ name }) => [name, expected[name]])));
});
