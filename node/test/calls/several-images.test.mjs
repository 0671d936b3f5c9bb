// Waits for several images at once, and waits that a state file holds, in simulated time.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';

import { Client, combinedOutcomeFromJSON, ConfigurationError, NotFoundError, NotReadyError } from 'clanforge';
import { withSimulation } from 'clanforge/testing';

import { createFolder, runScript } from '../fixtures.mjs';
import { written } from '../schemas.mjs';

const unknown = { description: 'An image that does not exist', responses: [{ kind: 'response', status: 404, body: '' }] };

/** Runs a function with a client, and with an image for each scenario; the image IDs count from 1. */
function simulated(scenarios, run) {
  const images = scenarios.map((_, index) => ({ accountServiceId: 1234, imageId: index + 1 }));
  const options = { images: Object.fromEntries(scenarios.map((scenario, index) => [index + 1, scenario])) };
  return withSimulation((service) => run(new Client(), images, service), 'happy', options);
}

function baselinesOf(client, images) {
  return Promise.all(images.map((image) => client.baseline(image)));
}

it('returns the updates of every image, then how each ended', async () => {
  await simulated(['happy', 'stragglers'], async (client, images) => {
    const updates = client.watchAll({ images, baselines: await baselinesOf(client, images) });
    const last = {};
    for await (const update of updates) last[update.image.imageId] = written('update', update) && update;
    const combined = await updates.outcome();
    assert.deepEqual([combined.isReady, combined.exitCode], [true, 0]);
    assert.deepEqual(combined.outcomes, images.map((image) => ({ image, outcome: last[image.imageId], error: null })));
    assert.deepEqual(combined.outcomes.map(({ outcome }) => [outcome.freshness, outcome.status.totalMachines]), [['observed', 54], ['observed', 56]]);
    assert.equal(combined.throwIfNotReady(), combined);
    assert.ok([combined, combined.outcomes, ...combined.outcomes].every(Object.isFrozen));
    assert.deepEqual(combinedOutcomeFromJSON(JSON.stringify(written('combined-outcome', combined))), combined);
    assert.equal((await updates.next()).done, true);
  });
});

it('ends with the first image that fails, and leaves the others undecided', async () => {
  await simulated(['stragglers', 'failures-stay'], async (client, images) => {
    const request = { images, baselines: await baselinesOf(client, images), startGraceMs: 3_600_000 };
    const combined = await client.waitAll(request);
    assert.deepEqual([combined.isReady, combined.exitCode], [false, 1]);
    assert.deepEqual(combined.outcomes.map(({ outcome, error }) => [outcome?.kind, error]), [[undefined, null], ['failed', null]]);
    assert.throws(() => combined.throwIfNotReady(), (error) => {
      assert.ok(error instanceof NotReadyError);
      assert.deepEqual([error.outcome, error.exitCode], [combined, 1]);
      assert.match(error.message, /^image 1 of account service 1234: undecided: .*; image 2 of account service 1234: failed: /);
      written('combined-outcome', JSON.parse(JSON.stringify(error)).outcome);
      return true;
    });
  });
});

it('lets the others continue after a failure if failFast is false', async () => {
  await simulated(['stragglers', 'failures-stay'], async (client, images) => {
    const { outcomes } = await client.waitAll({ images, baselines: await baselinesOf(client, images), failFast: false });
    assert.deepEqual(outcomes.map(({ outcome }) => outcome.kind), ['ready', 'failed']);
  });
});

it('has the error that ended the wait for an image', async () => {
  await simulated([unknown, 'happy'], async (client, images) => {
    const combined = await client.waitAll({ images, failFast: false });
    const [{ outcome, error }, other] = combined.outcomes;
    assert.equal(outcome, null);
    assert.ok(error instanceof NotFoundError);
    assert.deepEqual([combined.exitCode, error.status], [5, 404]);
    assert.equal(other.outcome.kind, 'ready');
    assert.deepEqual(combinedOutcomeFromJSON(written('combined-outcome', combined)).outcomes[0].error.toJSON(), error.toJSON());
  });
});

it('refuses invalid images and baselines, and sends no request', async () => {
  await simulated(['happy', 'happy'], async (client, [one, other], service) => {
    const baseline = await client.baseline(one);
    const { requests } = service;
    for (const [request, message] of [
      [{ images: [] }, /there are no images/],
      [{ images: [one, one] }, /image 1 of account service 1234 is named twice/],
      [{ images: [other], baselines: [baseline] }, /a baseline is of image 1 of account service 1234/],
      [{ images: one }, /invalid images .*: expected an array/],
      [{ images: [1] }, /invalid argument of type number: expected an object with accountServiceId, imageId/],
      [{ images: [one], baselines: baseline }, /invalid baselines .*: expected an array/],
      [{ images: [one], baseline }, /unknown option of a wait "baseline"/],
      [{ images: [one], record: 1 }, /invalid record 1/],
      [{ images: [one], timeoutMs: -1 }, /invalid timeoutMs -1/],
    ]) {
      await assert.rejects(client.waitAll(request), (error) => error instanceof ConfigurationError && message.test(error.message));
    }
    assert.equal(service.requests, requests);
  });
});

it('warns once of each image', async () => {
  const { stdout } = await runScript(`
    import { Client } from 'clanforge';
    import { withSimulation } from 'clanforge/testing';
    process.on('warning', ({ message }) => console.log(message));
    const images = [1, 2].map((imageId) => ({ accountServiceId: 1234, imageId }));
    await withSimulation(() => new Client().waitAll({ images }), 'never-starts');
  `);
  const warning = 'ready is only assumed: the start of the rollout was not observed';
  assert.deepEqual(stdout.trim().split('\n').sort(), [1, 2].map((id) => `image ${id} of account service 1234: ${warning}`));
});

for (const name of ['wait', 'waitAll']) {
  it(`continues ${name} from its state`, async () => {
    await simulated(['happy'], async (client, images, service) => {
      const baselines = await baselinesOf(client, images);
      const state = join(createFolder(), 'state.json');
      const request = name === 'wait' ? { ...images[0], baseline: baselines[0], state } : { images, baselines, state };
      const interrupted = name === 'wait' ? client.watch(request) : client.watchAll(request);
      for await (const update of interrupted) {
        if (update.freshness === 'observed') break;
      }
      const { requests } = service;
      const ended = await client[name](request);
      const { readings, freshness } = ended.outcomes?.[0].outcome ?? ended;
      assert.equal(freshness, 'observed');
      assert.ok(readings > service.requests - requests, 'it begins where it was interrupted');
      await assert.rejects(client[name]({ ...request, confirmations: 3 }), /is the state of another wait/);
      await assert.rejects(client[name]({ ...request, state: 1 }), /invalid state 1/);
    });
  });
}
