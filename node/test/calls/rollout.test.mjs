// Rollouts from their baselines to their outcomes, in simulated time.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { BusyError, Client, ClanforgeError, ConfigurationError, DeployError, NotReadyError } from 'clanforge';
import { withSimulation } from 'clanforge/testing';

import { written } from '../schemas.mjs';

const folder = mkdtempSync(join(tmpdir(), 'clanforge-'));
after(() => rmSync(folder, { recursive: true }));

const images = [1, 2].map((imageId) => ({ accountServiceId: 1234, imageId }));

/** Runs a function with a client, in a simulation where image 2 has another scenario. */
function simulated(second, run) {
  return withSimulation((service) => run(new Client(), service), 'happy', { images: { 2: second } });
}

/** Starts a rollout of image 2, and advances until most of its machines are pending. */
async function startAnother(client, service) {
  service.startRollout(2);
  for (let status; !(status?.pendingMachines * 2 >= status?.totalMachines); status = await client.imageStatus(images[1])) service.advance(30_000);
}

it('takes the baselines, deploys, and waits for every image', async () => {
  await simulated('stragglers', async (client, service) => {
    let before;
    const combined = await client.rollout(images, async () => (before = service.received.map(({ target }) => target)));
    assert.deepEqual(before.toSorted(), images.map(({ imageId }) => `/cfp/v2/project/1234/image/${imageId}/status?detail=true`));
    assert.deepEqual(combined.outcomes.map(({ outcome }) => [outcome.kind, outcome.freshness]), [['ready', 'observed'], ['ready', 'observed']]);
    written('combined-outcome', combined);
  });
});

it('calls onUpdate with each update, one after another', async () => {
  await simulated('happy', async (client) => {
    const updates = [];
    let running = 0;
    await client.rollout(images, () => {}, {
      onUpdate: async (update) => {
        assert.equal(++running, 1);
        // Long enough for the next update, which would come at once in simulated time.
        if (updates.push(update) === 1) await setTimeout(200);
        running--;
      },
    });
    const ofImage = (imageId) => updates.filter(({ image }) => image.imageId === imageId).map(({ update }) => update);
    for (const { imageId } of images) {
      assert.deepEqual(new Set(ofImage(imageId)), new Set(['reading', 'outcome']));
      assert.equal(ofImage(imageId).at(-1), 'outcome');
    }
  });
});

it('ends the wait with the error of onUpdate', async () => {
  await simulated('happy', async (client) => {
    const problem = new Error('the log is full');
    let deployed = 0;
    const refuse = (onUpdate) => assert.rejects(client.rollout(images, () => deployed++, { onUpdate }), (error) => error === problem);
    await refuse(() => { throw problem; });
    await refuse(async () => { throw problem; });
    assert.equal(deployed, 2);
  });
});

it('rejects with a NotReadyError if an image has failed', async () => {
  await simulated('failures-stay', async (client) => {
    await assert.rejects(client.rollout(images, () => {}, { failFast: false }), (error) => {
      assert.ok(error instanceof NotReadyError);
      assert.deepEqual(error.outcome.outcomes.map(({ outcome }) => outcome.kind), ['ready', 'failed']);
      return true;
    });
  });
});

it('rejects with the error of the deployment, without a wait', async () => {
  await simulated('happy', async (client, service) => {
    const problem = new Error('the upload failed');
    await assert.rejects(client.rollout(images, async () => { throw problem; }), (error) => error === problem);
    await assert.rejects(client.rollout(images, () => { throw problem; }), (error) => error === problem);
    assert.equal(service.requests, 4);
  });
});

it('does not begin while another rollout is running, unless that is allowed', async () => {
  await simulated('happy', async (client, service) => {
    await startAnother(client, service);
    const problem = new Error('it deployed');
    const deploy = () => { throw problem; };
    await assert.rejects(client.rollout(images, deploy), (error) => {
      assert.ok(error instanceof BusyError && error instanceof ClanforgeError);
      assert.deepEqual([error.name, error.code, error.exitCode], ['BusyError', 'ERR_CLANFORGE_BUSY', 8]);
      assert.match(error.message, /^image 2 of account service 1234: another rollout is running: \d+ of 54 machines are pending; wait until it has ended, or start anyway \(allowBusy\)$/);
      return true;
    });
    await assert.rejects(client.rollout(images, deploy, { allowBusy: true }), (error) => error === problem);
  });
});

it('refuses arguments before it sends a request or deploys', async () => {
  await simulated('happy', async (client, service) => {
    const deploy = () => assert.fail('it deployed');
    for (const [args, message] of [
      [[[], deploy], /there are no images/],
      [[[images[0], images[0]], deploy], /image 1 of account service 1234 is named twice/],
      [[images[0], deploy], /invalid images .*: expected an array/],
      [[images, deploy, { onUpdate: 1 }], /^invalid onUpdate 1: expected a function$/],
      [[images], /invalid deploy undefined: expected a function/],
      [[images, deploy, { allowBusy: 1 }], /invalid allowBusy 1: expected true or false/],
      [[images, deploy, { timeoutMs: -1 }], /invalid timeoutMs -1/],
      [[images, deploy, { minIntervalMs: 2000, maxIntervalMs: 1000 }], /maxIntervalMs/],
      [[images, deploy, { baselines: [] }], /unknown option of a rollout "baselines"/],
      [[images, deploy, { signal: 1 }], /invalid signal 1/],
    ]) {
      await assert.rejects(client.rollout(...args), (error) => error instanceof ConfigurationError && message.test(error.message));
    }
    assert.equal(service.requests, 0);
  });
});

it('ends by its signal, before the deployment and in the wait', async () => {
  await simulated('happy', async (client, service) => {
    const deploy = () => assert.fail('it deployed');
    await assert.rejects(client.rollout(images, deploy, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal(service.requests, 0);
    const controller = new AbortController();
    await assert.rejects(client.rollout(images, () => controller.abort(), { signal: controller.signal }), { name: 'AbortError' });
    assert.equal(service.requests, 2);
  });
});

it('writes a report of each image', async () => {
  await simulated('stragglers', async (client) => {
    const report = join(folder, 'report.md');
    await client.rollout(images, () => {}, { report });
    assert.equal(readFileSync(report, 'utf8').match(/^## Ready after /gm).length, images.length);
    await assert.rejects(client.rollout(images, () => assert.fail('it deployed'), { report: 'report.pdf' }), /ends in .html, .svg or .md/);
  });
});

it('refuses a file that cannot be written before the deployment', async () => {
  await simulated('happy', async (client, service) => {
    const deploy = () => assert.fail('it deployed');
    for (const name of ['record', 'report', 'state']) {
      const file = join(folder, 'missing', 'file.html');
      await assert.rejects(client.rollout(images, deploy, { [name]: file }), /could not write .*file/);
    }
    assert.equal(service.requests, 0);
  });
});

it('never deploys again if there is a state', async () => {
  await simulated('happy', async (client, service) => {
    const state = join(folder, 'cancelled.json');
    // A deployment whose end is not recorded, as if the process was killed.
    await new Promise((started) => void client.rollout(images, () => new Promise(started), { state }).catch(() => {}));
    const never = () => assert.fail('it deployed again');
    await assert.rejects(client.rollout(images, never, { state }), (error) => {
      assert.ok(error instanceof DeployError);
      assert.equal(error.exitCode, 7);
      assert.match(error.message, /its result is unknown: it still runs, or was interrupted; .*\(assumeDeployed\)/);
      return true;
    });
    const combined = await client.rollout(images, never, { state, assumeDeployed: true });
    assert.deepEqual(combined.outcomes.map(({ outcome }) => [outcome.kind, outcome.freshness]), [['ready', 'observed'], ['ready', 'observed']]);
    const { requests } = service;
    assert.ok((await client.rollout(images, never, { state })).isReady);
    assert.equal(service.requests, requests);
  });
});

it('remembers in the state why a deployment failed', async () => {
  await simulated('happy', async (client, service) => {
    const state = join(folder, 'failed.json');
    const problem = new Error('no such version');
    await assert.rejects(client.rollout(images, async () => { throw problem; }, { state }), (error) => error === problem);
    await assert.rejects(client.rollout(images, () => {}, { state }), { code: 'ERR_CLANFORGE_DEPLOY', message: /failed before: Error: no such version/ });
    assert.equal(service.requests, 2);
  });
});
