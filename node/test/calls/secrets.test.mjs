// Canaries: credentials that must not appear anywhere, even if a service repeats them.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { inspect } from 'node:util';
import { serialize } from 'node:v8';

import { Client, ClanforgeError, ConfigurationError } from 'clanforge';

import { image, installed, runCommand, runScript, startProgram } from '../fixtures.mjs';

const keys = { accessKey: 'canary-key-1f2e3d', secretKey: 'canary-secret-4c5b6a' };
const token = 'canary-token-7a8b9c';
const kinds = {
  basic: keys,
  sigv4: { ...keys, authScheme: 'sigv4' },
  bearer: { token },
  provider: { credentialsProvider: async () => ({ token }) },
};
const encoded = Buffer.from('canary-').toString('base64').slice(0, 8);

// Services that repeat the credentials of a request in every part of their response.
const { output: echoes, stop } = await startProgram('clanforge-test-faults', 'echoes');
after(async () => {
  assert.ok(!existsSync(echoes.followed), 'credentials were sent to another origin');
  await stop();
});

function assertClean(...texts) {
  for (const text of texts) {
    assert.doesNotMatch(text, /canary/i);
    assert.ok(!text.includes(encoded), text);
    assert.ok(!text.replaceAll('Signature=[redacted]', '').includes('Signature='), text);
  }
}

/** Returns every text of a value. */
function textsOf(value) {
  return [
    String(value),
    JSON.stringify(value) ?? '',
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    Object.values(Object.getOwnPropertyDescriptors(value)).map(({ value }) => inspect(value)).join(),
  ];
}

function assertErrorIsClean(error) {
  assert.ok(error instanceof ClanforgeError, inspect(error));
  const kept = structuredClone(error);
  assertClean(...textsOf(error), error.stack, ...textsOf(kept), kept.stack, serialize(error).toString('latin1'));
  for (let { cause } = error; cause; { cause } = cause) assertClean(...textsOf(cause));
}

for (const [kind, credentials] of Object.entries(kinds)) {
  it(`has no secret in errors of calls (${kind})`, async () => {
    for (const baseUrl of echoes.urls) {
      const client = new Client({ ...credentials, baseUrl, retries: 0 });
      assertErrorIsClean(await client.imageStatus(image).catch((error) => error));
      if (kind === 'provider') continue;
      try {
        client.imageStatusSync({ ...image, detail: true });
        assert.fail('the call must fail');
      } catch (error) {
        assertErrorIsClean(error);
      }
    }
  });

  it(`has no secret in the updates of a wait (${kind})`, async () => {
    let seen = 0;
    for (const baseUrl of echoes.urls.filter((_, number) => number % 5 === 0)) {
      const client = new Client({ ...credentials, baseUrl });
      try {
        for await (const update of client.watch({ ...image, timeoutMs: 100, minIntervalMs: 20, maxIntervalMs: 50 })) {
          assertClean(...textsOf(update));
          seen += 1;
        }
      } catch (error) {
        assertErrorIsClean(error);
      }
    }
    assert.ok(seen > 10);
  });

  it(`does not show or clone the secrets of a client (${kind})`, async () => {
    const client = new Client(credentials);
    assertClean(...textsOf(client), ...textsOf(client.watch(image)), ...textsOf(client.withOptions({ retries: 1 })));
    assertClean(serialize(client).toString('latin1'), inspect(structuredClone(client)));
  });

  it(`does not send credentials over a network in clear text (${kind})`, () => {
    for (const baseUrl of ['http://service.example', 'http://192.0.2.1:8080']) {
      assert.throws(() => new Client({ ...credentials, baseUrl }), (error) => {
        assertErrorIsClean(error);
        return error instanceof ConfigurationError && /cross the network in clear text/.test(error.message);
      });
    }
  });
}

it('has no secret in errors of invalid settings', () => {
  for (const settings of [
    { token: `${token}\n` },
    { token, accessKey: 'canary' },
    { accessKey: 'canary' },
    { token: ['canary'] },
    { timeoutMs: 'canary', token },
    { baseUrl: 'https://canary:canary@service.example', token },
    { baseUrl: 'canary', token },
    { proxy: 'socks5://canary:canary@proxy.example', token },
    { ...keys, authScheme: 'canary' },
    { noProxy: 'canary', token },
  ]) {
    assert.throws(() => new Client(settings), (error) => {
      assertErrorIsClean(error);
      return true;
    });
  }
});

it('has no secret in the output of a process that an error ends', async () => {
  const baseUrl = echoes.urls[1];
  const settings = JSON.stringify({ ...keys, baseUrl, retries: 0 });
  const { code, stdout, stderr } = await runScript(`
    import { Client } from 'clanforge';
    const client = new Client(${settings});
    console.log(client);
    console.error(await client.imageStatus(${JSON.stringify(image)}).catch((error) => error));
    await client.imageStatus(${JSON.stringify(image)});
  `);
  assert.equal(code, 1);
  assert.match(stderr, /ClanforgeError|\[ApiError|ApiError/);
  assertClean(stdout, stderr.replaceAll(settings, ''));
});

it('has no secret in the output of the command', async () => {
  const env = { CLANFORGE_ACCESS_KEY: keys.accessKey, CLANFORGE_SECRET_KEY: keys.secretKey, RUST_LOG: 'trace' };
  for (const url of echoes.urls.filter((_, number) => number % 10 === 0)) {
    const words = [process.execPath, join(installed, 'node_modules/clanforge/bin/clanforge.js'), 'status', '--asid', '1', '--image', '2', '--retries', '0'];
    const { code, stdout, stderr } = await runCommand(words, { env: { ...env, CLANFORGE_BASE_URL: url } });
    assert.notEqual(code, 0);
    assertClean(stdout, stderr);
  }
});
