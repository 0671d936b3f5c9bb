// Calls to the simulator.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { it } from 'node:test';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';

import * as clanforge from 'clanforge';
import { Client, ConfigurationError, Gate, imageStatus, imageStatusSync, InternalError, simulate } from 'clanforge';

import { image, keys, nextTurn, patient, startSimulator, runScript, startSilentServer } from '../fixtures.mjs';
import { written } from '../schemas.mjs';

it('reads credentials and base URL from the environment', async (t) => {
  const service = startSimulator(t);
  Object.assign(process.env, service.environment);
  t.after(() => Object.keys(service.environment).forEach((name) => delete process.env[name]));
  assert.equal((await imageStatus(image)).totalMachines, 54);
  assert.equal(imageStatusSync({ ...image, detail: true }).fleets.length, 2);
});

it('names the missing variables when there are no credentials', async () => {
  await assert.rejects(imageStatus(image), /set CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY/);
  assert.throws(() => new Client({ accessKey: 'canary' }), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.doesNotMatch(inspect(error), /canary/);
    return true;
  });
});

it('makes many concurrent calls with one client', async (t) => {
  const service = startSimulator(t);
  const client = service.client();
  const statuses = await Promise.all(Array.from({ length: 64 }, () => client.imageStatus(image)));
  assert.ok(statuses.every((status) => status.totalMachines === 54));
  assert.equal(service.requests, 64);
});

it('returns the readings of a rollout, then the outcome', async (t) => {
  const client = startSimulator(t, 'happy').client();
  const baseline = await client.baseline(image);
  const received = [];
  const updates = client.watch({ ...image, baseline, gate: { per: 'region' } });
  for await (const update of updates) received.push(update);
  assert.ok(received.slice(0, -1).every((update) => update.update === 'reading' && update.status.hasDetail));
  received.forEach((update) => written('update', update));
  const outcome = received.at(-1);
  assert.deepEqual([outcome.update, outcome.kind, outcome.freshness], ['outcome', 'ready', 'observed']);
  assert.equal(outcome.throwIfNotReady(), outcome);
  assert.equal(await updates.outcome(), outcome);
  assert.equal((await updates.next()).done, true);
});

it('warns once of each wait that is ready only by assumption', async () => {
  const script = `
    import { simulate } from 'clanforge';
    const client = simulate('never-starts').client();
    const request = { accountServiceId: 1234, imageId: 5678, startGraceMs: 100 };
    process.on('warning', ({ name, message }) => console.log(JSON.stringify({ name, message })));
    const outcome = await client.wait(request);
    const updates = client.watch(request);
    for await (const update of updates);
    if (outcome.kind !== 'ready' || await updates.outcome() !== await updates.outcome()) console.log(outcome);
    await client.wait({ ...request, requireFresh: true });
  `;
  const { stdout, stderr } = await runScript(script);
  const warning = {
    name: 'ClanforgeWarning',
    message: 'image 5678 of account service 1234: ready is only assumed: the start of the rollout was not observed',
  };
  assert.deepEqual(stdout.trim().split('\n').map((line) => JSON.parse(line)), [warning, warning]);
  assert.equal(stderr.split('ClanforgeWarning: image 5678').length, 3, stderr);
});

it('says when a baseline was taken, and warns of a doubtful one', async () => {
  const script = `
    import { Baseline, simulate } from 'clanforge';
    const request = { accountServiceId: 1234, imageId: 5678 };
    process.on('warning', ({ message }) => console.log(JSON.stringify(message)));
    await simulate('empty').client().baseline(request);
    const client = simulate('happy').client();
    const taken = await client.baseline(request);
    if (!(Math.abs(Date.now() - Date.parse(taken.takenAt)) < 600_000)) console.log(taken);
    if (Baseline.fromJSON(JSON.stringify(taken)).takenAt !== taken.takenAt) console.log(taken);
    const baseline = new Baseline(taken.image, taken.status, '2026-01-31T12:00:00Z');
    for await (const { warnings } of client.watch({ ...request, baseline })) {
      if (warnings.length !== 1) console.log(warnings);
      break;
    }
  `;
  const { stdout } = await runScript(script);
  const [empty, old, ...others] = stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(empty, 'image 5678 of account service 1234: the baseline has no machines: take the baseline when all machines run the previous version');
  assert.match(old, /^image 5678 of account service 1234: the baseline is \d+ min.* old: take it just before you start the rollout$/);
  assert.deepEqual(others, []);
});

it('throws a NotReadyError for a failed outcome on request', async (t) => {
  const client = startSimulator(t, 'failures-stay').client();
  const baseline = await client.baseline(image);
  const outcome = await client.wait({ ...image, baseline });
  assert.deepEqual([outcome.kind, outcome.isReady], ['failed', false]);
  assert.throws(() => outcome.throwIfNotReady(), (error) => {
    assert.ok(error instanceof clanforge.NotReadyError && error instanceof clanforge.ClanforgeError);
    assert.deepEqual([error.code, error.outcome], ['ERR_CLANFORGE_NOT_READY', outcome]);
    assert.equal(JSON.parse(JSON.stringify(error)).outcome.outcome, 'failed');
    return true;
  });
});

it('closes the connection of a watch when its loop is left', async (t) => {
  const service = startSimulator(t);
  const updates = service.client().watch(image);
  for await (const update of updates) {
    assert.equal(update.update, 'reading');
    break;
  }
  const { requests } = service;
  while (service.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(service.requests, requests);
  await assert.rejects(updates.outcome(), /closed before it had an outcome/);
});

it('rejects calls in flight when the client is closed', async (t) => {
  const server = await startSilentServer(t);
  const client = new Client({ baseUrl: server.url, ...patient });
  const calls = [client.imageStatus(image), client.wait(image), client.watch(image).next(), client.waitAll({ images: [image] })];
  let results;
  Promise.allSettled(calls).then((settled) => (results = settled));
  await server.receivedRequest;
  await client.close();
  await nextTurn();
  for (const { reason } of results) {
    assert.ok(reason instanceof ConfigurationError);
    assert.equal(reason.message, 'the client is closed: create a new one');
  }
  await server.closedByClient;
});

it('ends a wait between two readings when the client is closed, and sends no further request', async (t) => {
  const service = startSimulator(t, 'happy', { speed: 1 });
  const client = service.client();
  const updates = client.watch({ ...image, minIntervalMs: 100, maxIntervalMs: 100 });
  await updates.next();
  const outcomes = [updates.outcome(), client.wait({ ...image, minIntervalMs: 3_600_000, maxIntervalMs: 3_600_000, stallTimeoutMs: 7_200_000, timeoutMs: null })];
  let results;
  Promise.allSettled(outcomes).then((settled) => (results = settled));
  while (service.requests < 3) await nextTurn();
  await client.close();
  await nextTurn();
  for (const { reason } of results) assert.ok(reason instanceof ConfigurationError && reason.message === 'the client is closed: create a new one', String(reason));
  await assert.rejects(updates.next(), /the client is closed/);
  // Meanwhile, a wait that continues would have sent a request.
  const { requests } = service;
  const others = service.client().watch({ ...image, minIntervalMs: 100, maxIntervalMs: 100 });
  for (let each = 0; each < 4; each++) await others.next();
  assert.equal(service.requests, requests + 4);
});

it('keeps a simulator running when its handle is garbage collected', async () => {
  const script = `
    import { simulate } from 'clanforge';
    const client = simulate('happy').client();
    for (let each = 0; each < 20; each++) {
      gc();
      await new Promise((resolve) => setImmediate(resolve));
      await client.imageStatus({ accountServiceId: 1, imageId: 2 });
    }
    console.log('end');
  `;
  const { stdout, stderr } = await runScript(script, { node: [process.execPath, '--expose-gc'] });
  assert.deepEqual([stdout, stderr], ['end\n', '']);
});

it('rejects outcome() with the error of an earlier next()', async (t) => {
  const updates = startSimulator(t).client({ accessKey: 'nobody', secretKey: 'wrong' }).watch(image);
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

it('has the caller in the stack of an error', async (t) => {
  const client = startSimulator(t).client({ accessKey: 'nobody', secretKey: 'wrong' });
  async function theCaller() {
    await client.imageStatus(image);
  }
  const error = await theCaller().catch((error) => error);
  assert.match(error.stack, /theCaller/);
});

it('recognizes an error of the native module from another realm', () => {
  const { callNative } = createRequire(import.meta.resolve('clanforge'))('./dist/errors.js');
  const foreign = runInNewContext(`new Error('clanforge error {"kind":"timeout","message":"late","elapsed_seconds":1,"retry_after_seconds":null,"causes":[]}')`);
  assert.ok(!(foreign instanceof Error));
  const thrown = (error) => () => callNative(() => { throw error; });
  assert.throws(thrown(foreign), clanforge.TimeoutError);
  const other = new Error('{"kind":"timeout"}');
  assert.throws(thrown(other), (error) => error === other);
});

it('rejects calls after the client was closed', async (t) => {
  const client = startSimulator(t).client();
  const updates = client.watch(image);
  await client.close();
  await client.close();
  await assert.rejects(client.imageStatus(image), /the client is closed/);
  await assert.rejects(updates.next(), /the client is closed/);
  assert.throws(() => client.imageStatusSync(image), /the client is closed/);
  assert.throws(() => client.watch(image), /the client is closed/);
});

it('closes a client by `await using`', async (t) => {
  const service = startSimulator(t);
  const client = service.client();
  await client[Symbol.asyncDispose]();
  await assert.rejects(client.imageStatus(image), ConfigurationError);
  simulate()[Symbol.dispose]();
});

it('leaves the original client unchanged by withOptions', async (t) => {
  const service = startSimulator(t);
  const client = service.client({ timeoutMs: 5000 });
  const other = client.withOptions({ token: service.token });
  assert.equal((await other.imageStatus(image)).totalMachines, 54);
  const strange = client.withOptions({ accessKey: 'nobody', secretKey: 'wrong' });
  await assert.rejects(strange.imageStatus(image), clanforge.ClanforgeError);
  assert.equal((await client.imageStatus(image)).totalMachines, 54);
});

it('rejects with an error that has its fields and no secret', async (t) => {
  const service = startSimulator(t);
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
    assert.equal(error.exitCode, 4);
    assert.equal(written('error', error).attempts, 1);
    assert.ok(error.elapsedMs > 0);
    const everything = [error.stack, inspect(error, { depth: 9 }), JSON.stringify(error), String(error)].join();
    assert.doesNotMatch(everything, /canary|Y2FuYXJ5/);
  }
  assert.doesNotMatch(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client), /canary/);
});

it('has the chain of causes', async () => {
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

it('turns a panic into an InternalError', async () => {
  const script = `
    import { createRequire } from 'node:module';
    import { InternalError } from 'clanforge';
    const require = createRequire(import.meta.resolve('clanforge'));
    const { native } = require('./dist/native.js');
    const { CallGroup, runCall } = require('./dist/client/calls.js');
    const { callNative } = require('./dist/errors.js');
    const seen = [];
    try { callNative(() => native.panicForTests('out of order')); } catch (error) { seen.push(error); }
    await runCall((queue, call) => queue.startPanicForTests(call, 'out of order'), {}, new CallGroup()).catch((error) => seen.push(error));
    console.log(seen.map((error) => error instanceof InternalError && error.message).join());
  `;
  const { code, stdout } = await runScript(script);
  const message = 'bug in clanforge, please report it: out of order';
  assert.deepEqual([code, stdout], [0, `${message},${message}\n`]);
  assert.equal(new InternalError('x').code, 'ERR_CLANFORGE_INTERNAL');
});

const client = () => new Client(keys);
function withSimulation(use) {
  const service = simulate();
  try {
    return use(service);
  } finally {
    service.close();
  }
}
const invalid = {
  'an unknown setting': [() => new Client({ ...keys, timeout: 5 }), /unknown setting "timeout": expected one of .*timeoutMs/],
  'a setting by its name in JSON': [() => new Client({ ...keys, base_url: 'x' }), /unknown setting "base_url": expected one of .*baseUrl/],
  'a setting of the wrong type': [() => new Client({ ...keys, baseUrl: 5 }), /invalid baseUrl 5: expected a string, or null$/],
  'a secret of the wrong type': [() => new Client({ accessKey: 'canary', secretKey: 12345 }), /invalid secretKey of type number: expected a string, or null$/],
  'a negative duration': [() => new Client({ ...keys, timeoutMs: -1 }), /invalid timeoutMs -1: expected milliseconds/],
  'a timeout of zero': [() => new Client({ ...keys, timeoutMs: 0 }), /^timeoutMs must be longer than 0 s/],
  'two kinds of credentials': [() => new Client({ ...keys, token: 't' }), /^token is set together with accessKey or secretKey/],
  'a secret key without an access key': [() => new Client({ secretKey: 't' }), /^secretKey is set and accessKey is not/],
  'an invalid base URL': [() => new Client({ ...keys, baseUrl: 'not a url' }), /invalid base URL/],
  'too many retries': [() => new Client({ ...keys, retries: 2 ** 40 }), /invalid retries 1099511627776/],
  'settings that are a string': [() => new Client('canary'), /^invalid argument of type string: expected an object with accessKey/],
  'a secret as the value of a flag': [() => new Client({ ...keys, noProxy: 'http://user:canary@proxy' }), /invalid noProxy of type string: expected true or false/],
  'a secret as the value of a number': [() => new Client({ ...keys, retries: 'canary' }), /invalid retries of type string: expected an integer/],
  'a gate that is a string': [() => client().watch({ ...image, gate: 'strict' }), /^invalid gate of type string: expected an object with maxPending/],
  'an image ID that is 0': [() => client().watch({ ...image, imageId: 0 }), /^invalid imageId 0: expected an integer from 1 to /],
  'a gate that is null': [() => client().watch({ ...image, gate: null }), /^invalid gate null: leave it out for its default$/],
  'a number of a setting that is null': [() => new Client({ ...keys, retries: null }), /^invalid retries null: leave it out for its default$/],
  'a baseline that is null': [() => client().watch({ ...image, baseline: null }), /^invalid baseline null: expected a Baseline/],
  'a wait without end': [() => client().watch({ ...image, timeoutMs: Infinity }), /^invalid timeoutMs Infinity: expected milliseconds .* to 1000000000000, or null$/],
  'a call without end': [() => client().imageStatusSync({ ...image, timeoutMs: Infinity }), /^invalid timeoutMs Infinity: expected milliseconds .* to 1000000000000$/],
  'a setting that overflows the clock': [() => new Client({ ...keys, idleTimeoutMs: 1e12 + 1 }), /^invalid idleTimeoutMs 1000000000001: expected milliseconds .* to 1000000000000$/],
  'an option of a wait that overflows the clock': [() => new clanforge.Policy({ stallTimeoutMs: 1e12 + 1 }), /^invalid stallTimeoutMs 1000000000001: expected milliseconds .* to 1000000000000/],
  'a reading that overflows the clock': [() => new clanforge.Monitor(image).observe(1e12 + 1, null), /^invalid elapsedMs 1000000000001: expected milliseconds .* to 1000000000000$/],
  'a wait without a request': [() => client().watch(), /^invalid argument of type undefined: expected an object/],
  'a signal instead of options': [() => client().watch(image, AbortSignal.abort()), /pass it as \{ signal \}/],
  'a signal in the wrong argument': [() => client().watch({ ...image, signal: AbortSignal.abort() }), /"signal": pass it in the second argument/],
  'a signal of the wrong type': [() => client().watch(image, { signal: new AbortController() }), /invalid signal .*controller\.signal/],
  'an unknown option in the second argument': [() => client().watch(image, { singal: 1 }), /unknown call option "singal"/],
  'a baseline without a status': [() => new clanforge.Baseline(image, { pendingMachines: 0, failedMachines: 0, completedMachines: 20 }), /invalid status \{.*create one with ImageStatus\.fromJSON or ImageStatus\.of/],
  'a status of the wrong type': [() => new Gate().evaluate({ pendingMachines: 0 }), /invalid status/],
  'a read failure that is null': [() => new clanforge.Monitor(image).observe(0, null), /^invalid argument of type null: expected an object with kind/],
  'a policy flag of the wrong type': [() => new clanforge.Policy({ requireFresh: () => 1 }), /invalid requireFresh \[Function/],
  'a policy number that is not an integer': [() => new clanforge.Policy({ confirmations: 1.5 }), /invalid confirmations 1\.5/],
  'a limit that is a symbol': [() => new Gate({ maxFailed: Symbol('5%') }), /invalid maxFailed Symbol\(5%\)/],
  'an ID that is not an integer': [() => client().imageStatusSync({ accountServiceId: 1.5, imageId: 2 }), /accountServiceId 1\.5/],
  'an ID beyond 2^53 - 1': [() => client().imageStatusSync({ accountServiceId: 1, imageId: 2 ** 53 }), /imageId 9007199254740992/],
  'an ID that is a string': [() => client().imageStatusSync({ accountServiceId: '1', imageId: 2 }), /invalid accountServiceId "1": expected an integer/],
  'a missing ID': [() => client().imageStatusSync({ accountServiceId: 1 }), /imageId undefined/],
  'no request at all': [() => client().imageStatusSync(), /^invalid argument of type undefined: expected an object with accountServiceId/],
  'an unknown option of a call': [() => client().imageStatusSync({ ...image, details: true }), /unknown option of a call "details"/],
  'a flag of the wrong type': [() => client().imageStatusSync({ ...image, detail: 'yes' }), /invalid detail "yes": expected true or false/],
  'an unknown option of a wait': [() => client().watch({ ...image, timeout: 5 }), /unknown option of a wait "timeout": expected one of .*timeoutMs/],
  'options that contradict each other': [() => client().watch({ ...image, minIntervalMs: 5000, maxIntervalMs: 1000 }), /minIntervalMs \(5 s\) is longer than maxIntervalMs \(1 s\)/],
  'a baseline of the wrong type': [() => client().watch({ ...image, baseline: {} }), /invalid baseline \{\}/],
  'a baseline of another image': [
    () => new clanforge.Monitor(image, { baseline: new clanforge.Baseline({ accountServiceId: 1, imageId: 2 }, clanforge.ImageStatus.of({ pendingMachines: 0, failedMachines: 0, completedMachines: 1 })) }),
    /baseline/,
  ],
  'an unknown option of a gate': [() => new Gate({ maxPendings: 1 }), /unknown option of Gate "maxPendings"/],
  'a percentage above 100': [() => new Gate({ maxFailed: '101%' }), /101%/],
  'a limit that is not a number': [() => new Gate({ maxFailed: NaN }), /invalid maxFailed NaN/],
  'regions that are a string': [() => new Gate({ regions: 'EU' }), /invalid regions "EU": expected an array/],
  'a number for a scenario': [() => simulate(5), /invalid scenario 5: expected the name of a built-in scenario, the path of a scenario file, or a/],
  'no settings to change': [() => client().withOptions(), /invalid argument of type undefined: expected an object with accessKey, .*credentialsProvider/],
  'null for settings to change': [() => client().withOptions(null), /invalid argument of type null: expected an object with accessKey/],
  'null for the settings of a simulation': [() => withSimulation((service) => service.client(null)), /invalid argument of type null: expected an object/],
  'an unknown scenario': [() => simulate('nothing'), /nothing/],
  'a speed of zero': [() => simulate('happy', { speed: 0 }), /speed/],
  'a negative count': [() => clanforge.percentComplete({ pendingMachines: -1, failedMachines: 0, completedMachines: 0 }), /pendingMachines -1/],
};

it('accepts the longest duration everywhere', async (t) => {
  const durations = (names) => Object.fromEntries(names.map((name) => [name, 1e12]));
  const names = ['timeoutMs', 'attemptTimeoutMs', 'connectTimeoutMs', 'initialBackoffMs', 'maxBackoffMs', 'idleTimeoutMs'];
  const client = startSimulator(t).client(durations(names));
  assert.equal(client.imageStatusSync({ ...image, timeoutMs: 1e12 }).totalMachines, 54);
  const policy = new clanforge.Policy(durations(['timeoutMs', 'stallTimeoutMs', 'settleMs', 'maxUnreachableMs', 'minIntervalMs', 'maxIntervalMs']));
  assert.equal(policy.stallTimeoutMs, 1e12);
  const { value } = await client.watch({ ...image, policy }).next();
  assert.equal(value.update, 'reading');
});

for (const [name, [make, message]] of Object.entries(invalid)) {
  it(`rejects ${name}`, () => {
    assert.throws(make, (error) => {
      assert.ok(error instanceof ConfigurationError, String(error));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /canary|12345/);
      return true;
    });
  });
}
