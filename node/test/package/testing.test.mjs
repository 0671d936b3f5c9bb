// Simulations for the tests of users.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Client } from 'clanforge';
import { useSimulation, withSimulation } from 'clanforge/testing';

import { image } from '../fixtures.mjs';

it('sets the environment for a function, in which waits skip time, and restores it', async () => {
  process.env['CLANFORGE_TOKEN'] = 'before';
  const outcome = await withSimulation(async (service) => {
    const client = new Client();
    const baseline = await client.baseline(image);
    assert.equal(service.received.at(-1).target.endsWith('?detail=true'), true);
    return client.wait({ ...image, baseline });
  }, 'failures-stay');
  assert.equal(outcome.kind, 'failed');
  assert.deepEqual(Object.entries(process.env).filter(([name]) => name.startsWith('CLANFORGE_T')), [['CLANFORGE_TOKEN', 'before']]);
  delete process.env['CLANFORGE_TOKEN'];
});

it('refuses a second simulation while one has the environment', async () => {
  await withSimulation(async () => {
    await assert.rejects(withSimulation(() => {}), /another simulation has replaced the environment of this process/);
  });
  await withSimulation(() => {});
});

it('has a simulation for each test', () => {
  const hooks = {};
  const service = useSimulation({ beforeEach: (run) => (hooks.before = run), afterEach: (run) => (hooks.after = run) }, 'empty');
  assert.throws(service, /no test is running/);
  hooks.before();
  assert.equal(process.env['CLANFORGE_BASE_URL'], service().url);
  hooks.after();
  assert.throws(service, /no test is running/);
});
