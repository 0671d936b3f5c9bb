// Signatures, and credentials that a provider gives.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { AuthenticationError, Client, ConfigurationError, TimeoutError } from 'clanforge';

import { atOnce, image, keys, silent } from './helpers.mjs';

/** Answers each request with the HTTP status of its number from 0, and keeps what it was sent. */
async function answering(t, status = () => 200) {
  const requests = [];
  const server = createServer((request, response) => {
    response.writeHead(status(requests.length), { connection: 'close' });
    requests.push(request.headers);
    response.end('{"pending_machines": 0, "completed_machines": 3}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, requests };
}

/** A provider that gives `token-1`, `token-2` and so on. */
function numbered() {
  const provider = { asked: 0 };
  provider.now = () => ({ token: `token-${++provider.asked}` });
  provider.later = async () => {
    await pause(10);
    return provider.now();
  };
  return provider;
}

it('signs by the scheme of a setting or of the environment', async (t) => {
  const server = await answering(t);
  const environment = { CLANFORGE_ACCESS_KEY: 'AKIDEXAMPLE', CLANFORGE_SECRET_KEY: 'secret', CLANFORGE_AUTH_SCHEME: 'sigv4' };
  await new Client({ ...keys, authScheme: 'sigv4', baseUrl: server.url }).imageStatus(image);
  Object.assign(process.env, environment);
  t.after(() => Object.keys(environment).forEach((name) => delete process.env[name]));
  await new Client({ baseUrl: server.url }).imageStatus(image);
  for (const { authorization } of server.requests) {
    assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/eu-west-1\/cf\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/);
  }
  assert.equal(server.requests.length, 2);
  assert.throws(() => new Client({ ...keys, authScheme: 'a-secret' }), (error) =>
    error instanceof ConfigurationError && /neither basic nor sigv4/.test(error.message) && !/a-secret/.test(error.message));
});

for (const kind of ['now', 'later']) {
  it(`asks a provider that answers ${kind} when it needs to, and again once after a 401`, async (t) => {
    const server = await answering(t, (number) => (number === 1 ? 401 : 200));
    const provider = numbered();
    const client = new Client({ credentialsProvider: provider[kind], baseUrl: server.url });
    assert.equal(provider.asked, 0);
    for (let call = 0; call < 3; call++) await client.imageStatus({ ...image, retries: 0 });
    const sent = server.requests.map(({ authorization }) => authorization);
    assert.deepEqual(sent, ['Bearer token-1', 'Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
  });
}

it('ends by a second 401', async (t) => {
  const server = await answering(t, () => 401);
  const client = new Client({ credentialsProvider: numbered().later, baseUrl: server.url });
  await assert.rejects(client.imageStatus(image), (error) => error instanceof AuthenticationError && error.attempts === 2);
  assert.equal(server.requests.length, 2);
});

it('goes on with a wait whose token has ended', async (t) => {
  const server = await answering(t, (number) => (number === 1 ? 401 : 200));
  const client = new Client({ credentialsProvider: numbered().later, baseUrl: server.url });
  const outcome = await client.wait({ ...image, startGraceMs: 0, minIntervalMs: 20, maxIntervalMs: 50 });
  assert.equal(outcome.kind, 'ready');
});

it('shares one answer among calls at once', async (t) => {
  const server = await answering(t);
  const provider = numbered();
  const client = new Client({ credentialsProvider: provider.later, baseUrl: server.url });
  await Promise.all(Array.from({ length: 8 }, () => client.imageStatus(image)));
  assert.equal(provider.asked, 1);
});

it('rejects with what a provider throws or rejects with, as it is', async (t) => {
  const server = await answering(t);
  const sealed = new Error('the vault is sealed');
  const providers = [
    () => {
      throw sealed;
    },
    async () => {
      throw sealed;
    },
  ];
  for (const credentialsProvider of providers) {
    const client = new Client({ credentialsProvider, baseUrl: server.url });
    await assert.rejects(client.imageStatus(image), (error) => error === sealed);
    await assert.rejects(client.wait(image), (error) => error === sealed);
  }
  assert.equal(server.requests.length, 0);
});

it('names what a provider may not return, and shows none of it', async (t) => {
  const server = await answering(t);
  for (const [given, said] of [
    ['canary', /returned string: an object with token/],
    [null, /returned null/],
    [{ token: 12345 }, /invalid token of the credentials provider: a text/],
    [{ token: 'canary', secret: 'canary' }, /unknown name in credentials "secret"/],
    [{ token: 'canary canary' }, /gave what cannot be used|failed: the token contains|the token contains/],
    [{ accessKey: 'canary' }, /one key without its other half/],
    [{}, /neither keys nor a token/],
  ]) {
    const client = new Client({ credentialsProvider: () => given, baseUrl: server.url });
    await assert.rejects(client.imageStatus(image), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, said);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /canary/);
      return true;
    });
  }
  assert.throws(() => new Client({ ...keys, credentialsProvider: () => keys }), /give one or the other/);
  assert.throws(() => new Client({ credentialsProvider: 'canary' }), /invalid credentialsProvider: a function/);
});

it('asks nobody in a call that blocks', () => {
  const client = new Client({ credentialsProvider: () => keys, baseUrl: 'http://127.0.0.1:9' });
  assert.throws(() => client.imageStatusSync(image), (error) =>
    error instanceof ConfigurationError && /a call that blocks cannot wait/.test(error.message));
});

it('ends in time, whatever a provider does', async (t) => {
  const server = await silent(t);
  const client = new Client({ credentialsProvider: () => new Promise(() => {}), baseUrl: server.url });
  await assert.rejects(client.imageStatus({ ...image, timeoutMs: 200 }), (error) =>
    error instanceof TimeoutError && /from the credentials provider within the 0.2 s/.test(error.message));
  const controller = new AbortController();
  const call = client.imageStatus(image, { signal: controller.signal });
  await pause(20);
  const began = performance.now();
  controller.abort();
  await assert.rejects(call, (error) => error === controller.signal.reason);
  assert.ok(performance.now() - began < atOnce);
});

it('takes the credentials that are named last', async (t) => {
  const server = await answering(t);
  const first = new Client({ token: 'a-token', baseUrl: server.url });
  const second = first.withOptions({ credentialsProvider: numbered().now });
  await second.imageStatus(image);
  await second.withOptions(keys).withOptions({ retries: 1 }).imageStatus(image);
  assert.deepEqual(server.requests.map(({ authorization }) => authorization.split(' ')[0]), ['Bearer', 'Basic']);
});
