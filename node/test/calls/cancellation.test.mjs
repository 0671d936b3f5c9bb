// What ends a call before its time.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { it } from 'node:test';

import { Client } from 'clanforge';

import { atOnce, image, keys, played, silent } from './helpers.mjs';

const calls = {
  imageStatus: (client, signal) => client.imageStatus(image, { signal }),
  baseline: (client, signal) => client.baseline(image, { signal }),
  wait: (client, signal) => client.wait(image, { signal }),
  watch: (client, signal) => client.watch(image, { signal }).next(),
};

for (const [name, call] of Object.entries(calls)) {
  it(`ends ${name} at once, closes its connection, and leaves no listener behind`, async (t) => {
    const server = await silent(t);
    const client = new Client({ baseUrl: server.url, ...keys });
    const controller = new AbortController();
    const reason = new Error('enough');
    const ended = call(client, controller.signal).catch((error) => ({ error, at: performance.now() }));
    await server.asked;
    assert.equal(getEventListeners(controller.signal, 'abort').length, 1);
    const aborted = performance.now();
    controller.abort(reason);
    const { error, at } = await ended;
    assert.equal(error, reason);
    assert.ok(at - aborted < atOnce, `${at - aborted} ms`);
    assert.ok((await server.closed) - aborted < atOnce);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  });

  it(`sends nothing for ${name} where the signal is aborted already`, async (t) => {
    const service = played(t);
    const signal = AbortSignal.abort();
    await assert.rejects(call(service.client(), signal), { name: 'AbortError' });
    assert.equal(service.requests, 0);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
}

it('leaves no listener behind after calls that end by themselves', async (t) => {
  const client = played(t).client();
  const { signal } = new AbortController();
  for (let each = 0; each < 20; each++) await client.imageStatus(image, { signal });
  await assert.rejects(client.imageStatus({ ...image, imageId: -1 }, { signal }));
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

it('ends by a timeout of the platform', async (t) => {
  const server = await silent(t);
  const client = new Client({ baseUrl: server.url, ...keys });
  const begun = performance.now();
  await assert.rejects(client.wait(image, { signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' });
  assert.ok(performance.now() - begun < 200 + atOnce);
});

it('ends many calls by one signal, with one listener', async (t) => {
  const server = await silent(t);
  const client = new Client({ baseUrl: server.url, ...keys });
  const controller = new AbortController();
  const calls = Array.from({ length: 64 }, () => client.imageStatus(image, { signal: controller.signal }));
  await server.asked;
  assert.equal(getEventListeners(controller.signal, 'abort').length, 1);
  controller.abort();
  for (const { reason } of await Promise.allSettled(calls)) assert.equal(reason, controller.signal.reason);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

it('takes no signal for what it is', async (t) => {
  const client = played(t).client();
  for (const options of [undefined, null, {}, { signal: undefined }, { signal: null }]) {
    assert.equal((await client.imageStatus(image, options)).totalMachines, 54);
  }
});

it('leaves a handler of the user as it is', async (t) => {
  const client = played(t).client();
  const controller = new AbortController();
  let heard = 0;
  controller.signal.onabort = () => heard++;
  await client.imageStatus(image, { signal: controller.signal });
  controller.abort();
  assert.equal(heard, 1);
});

it('ends one call and no other', async (t) => {
  const server = await silent(t);
  const client = new Client({ baseUrl: server.url, ...keys });
  const controller = new AbortController();
  const other = client.imageStatus({ ...image, timeoutMs: 400, retries: 0 });
  const ended = client.imageStatus(image, { signal: controller.signal });
  controller.abort();
  await assert.rejects(ended, { name: 'AbortError' });
  await assert.rejects(other, { code: 'ERR_CLANFORGE_TIMEOUT' });
});

it('stays ended', async (t) => {
  const client = played(t).client();
  const controller = new AbortController();
  const updates = client.watch(image, { signal: controller.signal });
  await updates.next();
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(updates.next(), { name: 'AbortError' });
  await assert.rejects(updates.next(), { name: 'AbortError' });
});

it('ends a call for the next update where the watch is closed', async (t) => {
  const server = await silent(t);
  const updates = new Client({ baseUrl: server.url, ...keys }).watch(image);
  const next = [updates.next(), updates.next()];
  await server.asked;
  const closed = performance.now();
  await updates.close();
  assert.deepEqual(await Promise.all(next), Array(2).fill({ done: true, value: undefined }));
  assert.ok(performance.now() - closed < atOnce);
  assert.ok((await server.closed) - closed < atOnce);
});
