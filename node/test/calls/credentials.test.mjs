// Signatures and credentials providers.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { it } from 'node:test';

import { AuthenticationError, ClanforgeError, Client, ConfigurationError, TimeoutError } from 'clanforge';

import { createFolder, image, keys, nextTurn, startSilentServer } from '../fixtures.mjs';

/** Starts a server that responds to request number n, from 0, with the HTTP status `status(n)`, and keeps the headers. */
async function startStatusServer(t, status = () => 200) {
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

/** Creates a provider that returns `token-1`, `token-2` and so on. */
function countingProvider() {
  const provider = { calls: 0 };
  provider.now = () => ({ token: `token-${++provider.calls}` });
  provider.later = async () => {
    await nextTurn();
    return provider.now();
  };
  return provider;
}

it('signs with the auth scheme of the settings or the environment', async (t) => {
  const server = await startStatusServer(t);
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
    error instanceof ConfigurationError && /^invalid authScheme of type string: expected one of "basic", "sigv4"/.test(error.message) && !/a-secret/.test(error.message));
});

it('reads credentials from the files that the environment names, and again after a 401', async (t) => {
  const server = await startStatusServer(t, (number) => (number === 1 ? 401 : 200));
  const folder = createFolder();
  const write = (variable, text) => {
    process.env[variable] = join(folder, variable);
    writeFileSync(process.env[variable], text);
    t.after(() => delete process.env[variable]);
  };
  write('CLANFORGE_TOKEN_FILE', 'first\n');
  const client = new Client({ baseUrl: server.url });
  await client.imageStatus(image);
  write('CLANFORGE_TOKEN_FILE', 'second\n');
  await client.imageStatus({ ...image, retries: 0 });
  delete process.env.CLANFORGE_TOKEN_FILE;
  write('CLANFORGE_ACCESS_KEY_FILE', 'key\n');
  write('CLANFORGE_SECRET_KEY_FILE', 'secret\n');
  await new Client({ baseUrl: server.url }).imageStatus(image);
  const sent = server.requests.map(({ authorization }) => authorization);
  assert.deepEqual(sent, ['Bearer first', 'Bearer first', 'Bearer second', `Basic ${Buffer.from('key:secret').toString('base64')}`]);
  process.env.CLANFORGE_SECRET_KEY_FILE = join(folder, 'missing');
  await assert.rejects(
    async () => new Client({ baseUrl: server.url }).imageStatus(image),
    (error) => error instanceof ClanforgeError && /CLANFORGE_SECRET_KEY_FILE names cannot be read/.test(error.message),
  );
});

for (const kind of ['now', 'later']) {
  it(`calls a provider that returns ${kind} before the first request, and once more after a 401`, async (t) => {
    const server = await startStatusServer(t, (number) => (number === 1 ? 401 : 200));
    const provider = countingProvider();
    const client = new Client({ credentialsProvider: provider[kind], baseUrl: server.url });
    assert.equal(provider.calls, 0);
    for (let call = 0; call < 3; call++) await client.imageStatus({ ...image, retries: 0 });
    const sent = server.requests.map(({ authorization }) => authorization);
    assert.deepEqual(sent, ['Bearer token-1', 'Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
  });
}

it('rejects after a second 401', async (t) => {
  const server = await startStatusServer(t, () => 401);
  const client = new Client({ credentialsProvider: countingProvider().later, baseUrl: server.url });
  await assert.rejects(client.imageStatus(image), (error) => error instanceof AuthenticationError && error.attempts === 2);
  assert.equal(server.requests.length, 2);
});

it('renews an expired token during a wait', async (t) => {
  const server = await startStatusServer(t, (number) => (number === 1 ? 401 : 200));
  const client = new Client({ credentialsProvider: countingProvider().later, baseUrl: server.url });
  const outcome = await client.wait({ ...image, startGraceMs: 0, minIntervalMs: 20, maxIntervalMs: 50 });
  assert.equal(outcome.kind, 'ready');
});

it('shares the credentials of one provider call among concurrent calls', async (t) => {
  const server = await startStatusServer(t);
  const provider = countingProvider();
  const client = new Client({ credentialsProvider: provider.later, baseUrl: server.url });
  await Promise.all(Array.from({ length: 8 }, () => client.imageStatus(image)));
  assert.equal(provider.calls, 1);
});

it('rejects with the error of the provider', async (t) => {
  const server = await startStatusServer(t);
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

it('names an invalid result of a provider without its value', async (t) => {
  const server = await startStatusServer(t);
  for (const [credentials, message] of [
    ['canary', /returned string: expected an object with token/],
    [null, /returned null/],
    [{ token: 12345 }, /invalid token of type number: expected a string/],
    [{ token: 'canary', secret: 'canary' }, /unknown field of credentials "secret"/],
    [{ token: 'canary canary' }, /invalid credentials: the token contains/],
    [{ accessKey: 'canary' }, /^accessKey is set and secretKey is not/],
    [{}, /empty credentials: expected token, or accessKey and secretKey/],
  ]) {
    const client = new Client({ credentialsProvider: () => credentials, baseUrl: server.url });
    await assert.rejects(client.imageStatus(image), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, message);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /canary/);
      return true;
    });
  }
  assert.throws(() => new Client({ ...keys, credentialsProvider: () => keys }), /give one or the other/);
  assert.throws(() => new Client({ credentialsProvider: 'canary' }), /invalid credentialsProvider of type string: expected a function/);
});

it('rejects a blocking call with a credentials provider', () => {
  const client = new Client({ credentialsProvider: () => keys, baseUrl: 'http://127.0.0.1:9' });
  assert.throws(() => client.imageStatusSync(image), (error) =>
    error instanceof ConfigurationError && /imageStatusSync cannot call a credentialsProvider/.test(error.message));
});

it('ends a call by its timeout or its signal while the provider is pending', async (t) => {
  const server = await startSilentServer(t);
  let onCall = () => {};
  const credentialsProvider = () => {
    onCall();
    return new Promise(() => {});
  };
  const client = new Client({ credentialsProvider, baseUrl: server.url });
  await assert.rejects(client.imageStatus({ ...image, timeoutMs: 200 }), (error) =>
    error instanceof TimeoutError && /from the credentials provider within the 0.2 s/.test(error.message));
  const controller = new AbortController();
  const called = new Promise((resolve) => (onCall = resolve));
  let rejection;
  client
    .imageStatus({ ...image, timeoutMs: 3_600_000 }, { signal: controller.signal })
    .catch((error) => (rejection = error));
  await called;
  controller.abort();
  await nextTurn();
  assert.equal(rejection, controller.signal.reason);
});

it('replaces credentials of another kind by withOptions', async (t) => {
  const server = await startStatusServer(t);
  const first = new Client({ token: 'a-token', baseUrl: server.url });
  const second = first.withOptions({ credentialsProvider: countingProvider().now });
  await second.imageStatus(image);
  await second.withOptions(keys).withOptions({ retries: 1 }).imageStatus(image);
  assert.deepEqual(server.requests.map(({ authorization }) => authorization.split(' ')[0]), ['Bearer', 'Basic']);
});
