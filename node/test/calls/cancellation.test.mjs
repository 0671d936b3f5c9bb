// Calls that end before they complete: by a signal, or because a watch is closed.
//
// The clients have timeouts of an hour, and the server never responds: a call that ends was cancelled.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { it } from 'node:test';

import { Client } from 'clanforge';

import { image, nextTurn, patient, startSilentServer, startSimulator } from '../fixtures.mjs';

const calls = {
  imageStatus: (client, signal) => client.imageStatus(image, { signal }),
  baseline: (client, signal) => client.baseline(image, { signal }),
  wait: (client, signal) => client.wait(image, { signal }),
  watch: (client, signal) => client.watch(image, { signal }).next(),
  waitAll: (client, signal) => client.waitAll({ images: [image] }, { signal }),
  watchAll: (client, signal) => client.watchAll({ images: [image] }, { signal }).next(),
};

for (const [name, call] of Object.entries(calls)) {
  it(`rejects ${name} in the tick of the abort, closes its connection, and removes its listener`, async (t) => {
    const server = await startSilentServer(t);
    const client = new Client({ baseUrl: server.url, ...patient });
    const controller = new AbortController();
    const reason = new Error('enough');
    let rejection;
    call(client, controller.signal).catch((error) => (rejection = error));
    await server.receivedRequest;
    assert.equal(getEventListeners(controller.signal, 'abort').length, 1);
    controller.abort(reason);
    await nextTurn();
    assert.equal(rejection, reason);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    await server.closedByClient;
  });

  it(`sends no request for ${name} when the signal is already aborted`, async (t) => {
    const service = startSimulator(t);
    const signal = AbortSignal.abort();
    await assert.rejects(call(service.client(), signal), { name: 'AbortError' });
    assert.equal(service.requests, 0);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
}

it('leaves no listener behind after calls that complete', async (t) => {
  const client = startSimulator(t).client();
  const { signal } = new AbortController();
  for (let call = 0; call < 20; call++) await client.imageStatus(image, { signal });
  await assert.rejects(client.imageStatus({ ...image, imageId: -1 }, { signal }));
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

it('ends a call by AbortSignal.timeout', async (t) => {
  const server = await startSilentServer(t);
  const client = new Client({ baseUrl: server.url, ...patient });
  await assert.rejects(client.wait(image, { signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' });
});

it('ends many calls by one signal, with one listener', async (t) => {
  const server = await startSilentServer(t);
  const client = new Client({ baseUrl: server.url, ...patient });
  const controller = new AbortController();
  const calls = Array.from({ length: 64 }, () => client.imageStatus(image, { signal: controller.signal }));
  await server.receivedRequest;
  assert.equal(getEventListeners(controller.signal, 'abort').length, 1);
  controller.abort();
  for (const { reason } of await Promise.allSettled(calls)) assert.equal(reason, controller.signal.reason);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

it('keeps no call waiting when others are aborted while it completes', async (t) => {
  const client = startSimulator(t).client();
  for (let round = 0; round < 50; round += 1) {
    const controller = new AbortController();
    const aborted = Array.from({ length: 16 }, () => client.imageStatus(image, { signal: controller.signal }));
    const others = Array.from({ length: 16 }, () => client.imageStatus(image));
    await Promise.race([...aborted, ...others]);
    controller.abort();
    await Promise.allSettled(aborted);
    for (const status of await Promise.all(others)) assert.equal(status.totalMachines, 54);
  }
});

it('makes calls without a signal', async (t) => {
  const client = startSimulator(t).client();
  for (const options of [undefined, null, {}, { signal: undefined }, { signal: null }]) {
    assert.equal((await client.imageStatus(image, options)).totalMachines, 54);
  }
});

it('does not overwrite onabort of the user', async (t) => {
  const client = startSimulator(t).client();
  const controller = new AbortController();
  let aborts = 0;
  controller.signal.onabort = () => aborts++;
  await client.imageStatus(image, { signal: controller.signal });
  controller.abort();
  assert.equal(aborts, 1);
});

it('ends only the calls of the signal', async (t) => {
  const server = await startSilentServer(t);
  const client = new Client({ baseUrl: server.url, ...patient });
  const controllers = [new AbortController(), new AbortController()];
  const [first, second] = controllers.map(({ signal }) => client.imageStatus(image, { signal }));
  let isSettled = false;
  second.catch(() => {}).then(() => (isSettled = true));
  controllers[0].abort();
  await assert.rejects(first, { name: 'AbortError' });
  await nextTurn();
  assert.equal(isSettled, false);
  controllers[1].abort();
  await assert.rejects(second, { name: 'AbortError' });
});

it('rejects every later call of a watch whose signal was aborted', async (t) => {
  const client = startSimulator(t).client();
  const controller = new AbortController();
  const updates = client.watch(image, { signal: controller.signal });
  await updates.next();
  const next = updates.next();
  controller.abort();
  await assert.rejects(next, { name: 'AbortError' });
  await assert.rejects(updates.next(), { name: 'AbortError' });
});

it('ends calls for the next update when the watch is closed', async (t) => {
  const server = await startSilentServer(t);
  const updates = new Client({ baseUrl: server.url, ...patient }).watch(image);
  const next = [updates.next(), updates.next()];
  await server.receivedRequest;
  await updates.close();
  assert.deepEqual(await Promise.all(next), Array(2).fill({ done: true, value: undefined }));
  await server.closedByClient;
});
