// Every fault of the project's table: it ends as the table says, in the same words.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';

import { Client, ClanforgeError } from 'clanforge';

import { image, root } from './helpers.mjs';

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

function clientOf(fault) {
  return new Client({
    accessKey: 'an-access-key',
    secretKey: 'a-secret-key',
    authScheme: fault.task === 'status_signed' ? 'sigv4' : 'basic',
    baseUrl: fault.base_url,
    caFile: fault.ca_file ?? undefined,
    timeoutMs: fault.timeout * 1000,
    retries: fault.retries,
  });
}

function read(status) {
  assert.equal(status.completedMachines, 3);
  return { ends: 'read', text: '' };
}

function refused(fault, error) {
  if (!(error instanceof ClanforgeError)) throw error;
  const { kind, status = null, attempts } = error;
  const text = fault.masks.reduce((text, [found, instead]) => text.replaceAll(new RegExp(found, 'g'), () => instead), error.message);
  return { ends: 'error', kind, status, attempts, text };
}

async function meet(fault) {
  const client = clientOf(fault);
  try {
    if (fault.task === 'wait') {
      const outcome = await client.wait({ ...image, startGraceMs: 0, minIntervalMs: 20, maxIntervalMs: 50 });
      return { ends: 'outcome', outcome: outcome.kind, text: '' };
    }
    if (fault.task === 'status_twice') await client.imageStatus(image);
    return read(await client.imageStatus(image));
  } catch (error) {
    return refused(fault, error);
  } finally {
    await client.close();
  }
}

function meetAtOnce(fault) {
  const client = clientOf(fault);
  try {
    if (fault.task === 'status_twice') client.imageStatusSync(image);
    return read(client.imageStatusSync(image));
  } catch (error) {
    return refused(fault, error);
  }
}

it('ends every fault as the table says', async (t) => {
  const faults = await played(t);
  assert.ok(faults.length > 60);
  const found = await Promise.all(faults.map(async (fault) => [fault.name, await meet(fault)]));
  assert.deepEqual(Object.fromEntries(found), expected);
});

it('ends every fault so in a call that blocks', async (t) => {
  const faults = (await played(t)).filter((fault) => fault.task !== 'wait');
  const found = faults.map((fault) => [fault.name, meetAtOnce(fault)]);
  assert.deepEqual(Object.fromEntries(found), Object.fromEntries(faults.map(({ name }) => [name, expected[name]])));
});
