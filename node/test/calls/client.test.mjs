// Calls, against the simulator.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { it } from 'node:test';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';

import * as clanforge from 'clanforge';
import { Client, ConfigurationError, Gate, imageStatus, imageStatusSync, InternalError, simulate } from 'clanforge';

import { atOnce, image, keys, played, run, silent } from './helpers.mjs';

const fast = { minIntervalMs: 20, maxIntervalMs: 200 };

it('takes credentials and address from the environment', async (t) => {
  const service = played(t);
  Object.assign(process.env, service.environment);
  t.after(() => Object.keys(service.environment).forEach((name) => delete process.env[name]));
  assert.equal((await imageStatus(image)).totalMachines, 54);
  assert.equal(imageStatusSync({ ...image, detail: true }).fleets.length, 2);
});

it('says what is missing where there are no credentials', async () => {
  await assert.rejects(imageStatus(image), /set CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY/);
  assert.throws(() => new Client({ accessKey: 'canary' }), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.doesNotMatch(inspect(error), /canary/);
    return true;
  });
});

it('answers many calls at once over one client', async (t) => {
  const service = played(t);
  const client = service.client();
  const statuses = await Promise.all(Array.from({ length: 64 }, () => client.imageStatus(image)));
  assert.ok(statuses.every((status) => status.totalMachines === 54));
  assert.equal(service.requests, 64);
});

it('waits to the end of a rollout, and tells what happens', async (t) => {
  const client = played(t, 'happy', { speed: 600 }).client();
  const baseline = await client.baseline(image);
  const told = [];
  const updates = client.watch({ ...image, baseline, gate: { per: 'region' }, ...fast });
  for await (const update of updates) told.push(update);
  assert.ok(told.slice(0, -1).every((update) => update.update === 'reading' && update.status.hasDetail));
  const outcome = told.at(-1);
  assert.deepEqual([outcome.update, outcome.kind, outcome.freshness], ['outcome', 'ready', 'observed']);
  assert.equal(outcome.throwIfNotReady(), outcome);
  assert.equal(await updates.outcome(), outcome);
  assert.equal((await updates.next()).done, true);
});

it('tells a wait that is not ready apart, and throws it where asked', async (t) => {
  const client = played(t, 'failures-stay', { speed: 600 }).client();
  const baseline = await client.baseline(image);
  const outcome = await client.wait({ ...image, baseline, ...fast });
  assert.deepEqual([outcome.kind, outcome.isReady], ['failed', false]);
  assert.throws(() => outcome.throwIfNotReady(), (error) => {
    assert.ok(error instanceof clanforge.NotReadyError && error instanceof clanforge.ClanforgeError);
    assert.deepEqual([error.code, error.outcome], ['ERR_CLANFORGE_NOT_READY', outcome]);
    assert.equal(JSON.parse(JSON.stringify(error)).outcome.outcome, 'failed');
    return true;
  });
});

it('ends the waiting where a loop is left', async (t) => {
  const service = played(t);
  const updates = service.client().watch(image);
  for await (const update of updates) {
    assert.equal(update.update, 'reading');
    break;
  }
  const { requests } = service;
  while (service.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(service.requests, requests);
  await assert.rejects(updates.outcome(), /closed or given up/);
});

it('ends what is in flight where the client is closed', async (t) => {
  const server = await silent(t);
  const client = new Client({ baseUrl: server.url, ...keys });
  const calls = [client.imageStatus(image), client.wait(image), client.watch(image).next()];
  await server.asked;
  const closed = performance.now();
  await client.close();
  for (const call of calls) await assert.rejects(call, { name: 'ConfigurationError', message: 'the client is closed' });
  assert.ok(performance.now() - closed < atOnce);
  assert.ok((await server.closed) - closed < atOnce);
});

it('plays until it is closed, whoever holds the simulation', async () => {
  const script = `
    import { simulate } from 'clanforge';
    const client = simulate('happy').client();
    for (let each = 0; each < 20; each++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
      await client.imageStatus({ accountServiceId: 1, imageId: 2 });
    }
    console.log('end');
  `;
  const { stdout, stderr } = await run(script, { node: [process.execPath, '--expose-gc'] });
  assert.deepEqual([stdout, stderr], ['end\n', '']);
});

it('tells again why a wait failed', async (t) => {
  const updates = played(t).client({ accessKey: 'nobody', secretKey: 'wrong' }).watch(image);
  let failure;
  for (;;) {
    try {
      await updates.next();
    } catch (error) {
      failure = error;
      break;
    }
  }
  assert.ok([401, 403].includes(failure.status));
  await assert.rejects(updates.outcome(), (error) => error === failure);
});

it('leads to the caller by its stack', async (t) => {
  const client = played(t).client({ accessKey: 'nobody', secretKey: 'wrong' });
  async function whoAsked() {
    await client.imageStatus(image);
  }
  const error = await whoAsked().catch((error) => error);
  assert.match(error.stack, /whoAsked/);
});

it('knows an error of its native half in another realm', () => {
  const { told } = createRequire(import.meta.resolve('clanforge'))('./dist/errors.js');
  const foreign = runInNewContext(`new Error('clanforge fault {"kind":"timeout","message":"late","elapsed_seconds":1,"retry_after_seconds":null,"causes":[]}')`);
  assert.ok(!(foreign instanceof Error));
  assert.ok(told(foreign) instanceof clanforge.TimeoutError);
  const theirs = new Error('{"kind":"timeout"}');
  assert.equal(told(theirs), theirs);
});

it('refuses calls over a client that is closed', async (t) => {
  const client = played(t).client();
  const updates = client.watch(image);
  await client.close();
  await client.close();
  await assert.rejects(client.imageStatus(image), /the client is closed/);
  await assert.rejects(updates.next(), /the client is closed/);
  assert.throws(() => client.imageStatusSync(image), /the client is closed/);
  assert.throws(() => client.watch(image), /the client is closed/);
});

it('is closed by `await using`', async (t) => {
  const service = played(t);
  const client = service.client();
  await client[Symbol.asyncDispose]();
  await assert.rejects(client.imageStatus(image), ConfigurationError);
  simulate()[Symbol.dispose]();
});

it('changes options for a copy', async (t) => {
  const service = played(t);
  const client = service.client({ timeoutMs: 5000 });
  const other = client.withOptions({ token: service.token });
  assert.equal((await other.imageStatus(image)).totalMachines, 54);
  const strange = client.withOptions({ accessKey: 'nobody', secretKey: 'wrong' });
  await assert.rejects(strange.imageStatus(image), clanforge.ClanforgeError);
  assert.equal((await client.imageStatus(image)).totalMachines, 54);
});

it('rejects with the fields of the error, and with no secret', async (t) => {
  const service = played(t);
  const client = service.client({ accessKey: 'canary-key', secretKey: 'canary-secret' });
  const inAsync = await client.imageStatus(image).catch((error) => error);
  let inSync;
  try {
    client.imageStatusSync(image);
  } catch (error) {
    inSync = error;
  }
  for (const error of [inAsync, inSync]) {
    assert.ok(error instanceof clanforge.ClanforgeError && error instanceof Error);
    assert.ok([401, 403].includes(error.status));
    assert.equal(error.attempts, 1);
    assert.equal(error.code, `ERR_CLANFORGE_${error.kind.toUpperCase()}`);
    assert.equal(error.name, error.constructor.name);
    assert.ok(error.elapsedMs > 0);
    const everything = [error.stack, inspect(error, { depth: 9 }), JSON.stringify(error), String(error)].join();
    assert.doesNotMatch(everything, /canary|Y2FuYXJ5/);
  }
  assert.doesNotMatch(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client), /canary/);
});

it('holds the chain of causes', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const client = new Client({ baseUrl: `http://127.0.0.1:${port}`, ...keys, retries: 0 });
  const error = await client.imageStatus(image).catch((error) => error);
  assert.ok(error instanceof clanforge.ConnectionError);
  const chain = [];
  for (let cause = error.cause; cause; cause = cause.cause) chain.push(cause.message);
  assert.deepEqual(JSON.parse(JSON.stringify(error)).causes, chain);
  assert.match(chain.at(-1), /refused/);
});

it('makes an error of a panic', async () => {
  const script = `
    import { createRequire } from 'node:module';
    import { InternalError } from 'clanforge';
    const require = createRequire(import.meta.resolve('clanforge'));
    const { native } = require('./dist/native.js');
    const { run } = require('./dist/calls.js');
    const { guarded } = require('./dist/errors.js');
    const seen = [];
    try { guarded(() => native.defect('out of order')); } catch (error) { seen.push(error); }
    await run((mailbox, call) => mailbox.startDefect(call, 'out of order')).catch((error) => seen.push(error));
    console.log(seen.map((error) => error instanceof InternalError && error.message).join());
  `;
  const { code, stdout } = await run(script);
  const said = 'a defect of clanforge: out of order';
  assert.deepEqual([code, stdout], [0, `${said},${said}\n`]);
  assert.equal(new InternalError('x').code, 'ERR_CLANFORGE_INTERNAL');
});

const client = () => new Client(keys);
const bad = {
  'an unknown setting': [() => new Client({ ...keys, timeout: 5 }), /unknown setting "timeout": one of .*timeoutMs/],
  'a setting of another type': [() => new Client({ ...keys, baseUrl: 5 }), /invalid baseUrl: a text/],
  'a secret of another type': [() => new Client({ accessKey: 'canary', secretKey: 12345 }), /invalid secretKey: a text$/],
  'a duration that is none': [() => new Client({ ...keys, timeoutMs: -1 }), /invalid timeoutMs -1: milliseconds/],
  'a timeout of nothing': [() => new Client({ ...keys, timeoutMs: 0 }), /timeout is zero/],
  'two kinds of credentials': [() => new Client({ ...keys, token: 't' }), /two kinds of credentials/],
  'half of a pair': [() => new Client({ secretKey: 't' }), /one key without its other half/],
  'an address that is none': [() => new Client({ ...keys, baseUrl: 'not a url' }), /base URL refused/],
  'too many retries': [() => new Client({ ...keys, retries: 2 ** 40 }), /invalid retries 1099511627776/],
  'settings that are none': [() => new Client('canary'), /^\(a string\) in the place of an object with accessKey/],
  'a secret in the place of a flag': [() => new Client({ ...keys, noProxy: 'http://user:canary@proxy' }), /invalid noProxy \(a string\)/],
  'a secret in the place of a number': [() => new Client({ ...keys, retries: 'canary' }), /invalid retries \(a string\)/],
  'pauses that are none': [() => new Client({ ...keys, backoffMs: 5 }), /invalid backoffMs: a list of two/],
  'a duration beyond any clock': [() => new Client({ ...keys, idleTimeoutMs: 1.8e22 }), /invalid idle timeout .* at most 1000000000/],
  'a wait for nothing': [() => client().watch(), /^undefined in the place of an object/],
  'a signal in the place of options': [() => client().watch(image, AbortSignal.abort()), /give \{ signal \}/],
  'a signal in the wrong argument': [() => client().watch({ ...image, signal: AbortSignal.abort() }), /"signal": it goes into the second argument/],
  'a signal that is none': [() => client().watch(image, { signal: new AbortController() }), /invalid signal .*controller\.signal/],
  'an option of a call that is unknown': [() => client().watch(image, { singal: 1 }), /unknown call option "singal"/],
  'a baseline without a status': [() => new clanforge.Baseline(image, { pendingMachines: 0, failedMachines: 0, completedMachines: 20 }), /invalid status \{.*ImageStatus\.fromJSON and \.of make one/],
  'a status that is none': [() => new Gate().evaluate({ pendingMachines: 0 }), /invalid status/],
  'a failure that is none': [() => new clanforge.Monitor(image).observe(0, null), /^null in the place of an object with kind/],
  'a flag of a policy that is none': [() => new clanforge.Policy({ requireFresh: () => 1 }), /invalid requireFresh \(a function\)/],
  'a number of a policy that is none': [() => new clanforge.Policy({ confirmations: 1.5 }), /invalid confirmations 1\.5/],
  'a limit that is a symbol': [() => new Gate({ maxFailed: Symbol('5%') }), /invalid maxFailed \(a symbol\)/],
  'an id that is none': [() => client().imageStatusSync({ accountServiceId: 1.5, imageId: 2 }), /accountServiceId 1\.5/],
  'an id beyond what is exact': [() => client().imageStatusSync({ accountServiceId: 1, imageId: 2 ** 53 }), /imageId 9007199254740992/],
  'an id that is a text': [() => client().imageStatusSync({ accountServiceId: '1', imageId: 2 }), /accountServiceId \(a string\)/],
  'an id that is missing': [() => client().imageStatusSync({ accountServiceId: 1 }), /imageId undefined/],
  'no request at all': [() => client().imageStatusSync(), /^undefined in the place of an object with accountServiceId/],
  'an unknown option of a call': [() => client().imageStatusSync({ ...image, details: true }), /unknown option of a call "details"/],
  'a flag that is none': [() => client().imageStatusSync({ ...image, detail: 'yes' }), /invalid detail \(a string\): true or false/],
  'an unknown option of a wait': [() => client().watch({ ...image, timeout: 5 }), /unknown option of a wait "timeout": one of .*timeoutMs/],
  'options that contradict each other': [() => client().watch({ ...image, minIntervalMs: 5000, maxIntervalMs: 1000 }), /min_interval.*max_interval|max_interval.*min_interval/],
  'a baseline that is none': [() => client().watch({ ...image, baseline: {} }), /invalid baseline \{\}/],
  'a baseline of another image': [
    () => new clanforge.Monitor(image, { baseline: new clanforge.Baseline({ accountServiceId: 1, imageId: 2 }, clanforge.ImageStatus.of({ pendingMachines: 0, failedMachines: 0, completedMachines: 1 })) }),
    /baseline/,
  ],
  'an unknown option of a gate': [() => new Gate({ maxPendings: 1 }), /unknown gate option "maxPendings"/],
  'a limit that is none': [() => new Gate({ maxFailed: '101%' }), /101%/],
  'a limit that is no number': [() => new Gate({ maxFailed: NaN }), /invalid maxFailed NaN/],
  'regions that are a text': [() => new Gate({ regions: 'EU' }), /regions is "EU": give a list/],
  'an unknown scenario': [() => simulate('nothing'), /nothing/],
  'a speed that is none': [() => simulate('happy', { speed: 0 }), /speed/],
  'a count that is none': [() => clanforge.percentComplete({ pendingMachines: -1, failedMachines: 0, completedMachines: 0 }), /pendingMachines -1/],
};
for (const [name, [make, said]] of Object.entries(bad)) {
  it(`refuses ${name}`, () => {
    assert.throws(make, (error) => {
      assert.ok(error instanceof ConfigurationError, String(error));
      assert.match(error.message, said);
      assert.doesNotMatch(error.message, /canary|12345/);
      return true;
    });
  });
}
