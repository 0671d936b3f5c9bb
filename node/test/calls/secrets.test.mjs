// Canaries: credentials that show nowhere, whoever repeats them and however they are looked at.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, it } from 'node:test';
import { inspect } from 'node:util';
import { serialize } from 'node:v8';

import { Client, ClanforgeError, ConfigurationError } from 'clanforge';

import { ended, image, installed, root, run } from './helpers.mjs';

const keys = { accessKey: 'canary-key-1f2e3d', secretKey: 'canary-secret-4c5b6a' };
const token = 'canary-token-7a8b9c';
const kinds = {
  basic: keys,
  sigv4: { ...keys, authScheme: 'sigv4' },
  bearer: { token },
  provider: { credentialsProvider: async () => ({ token }) },
};
const encoded = Buffer.from('canary-').toString('base64').slice(0, 8);

/** Services that repeat what they were sent wherever an answer has room for it. */
async function start() {
  const program = join(root, 'target/debug', `clanforge-test-faults${process.platform === 'win32' ? '.exe' : ''}`);
  const child = spawn(program, ['echoes'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let echoes;
  after(async () => {
    assert.ok(!existsSync(echoes.followed), 'credentials left for another origin');
    const closed = once(child, 'close');
    child.stdin.end();
    await closed;
  });
  for await (const line of createInterface({ input: child.stdout })) return (echoes = JSON.parse(line));
  assert.fail(`${program} plays nothing: cargo test --package clanforge-test-faults`);
}

const echoes = await start();

function assertClean(...texts) {
  for (const text of texts) {
    assert.doesNotMatch(text, /canary/i);
    assert.ok(!text.includes(encoded), text);
    assert.ok(!text.replaceAll('Signature=[redacted]', '').includes('Signature='), text);
  }
}

/** Everything that a value is looked at by. */
function lookedAt(value) {
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
  assertClean(...lookedAt(error), error.stack, ...lookedAt(kept), kept.stack, serialize(error).toString('latin1'));
  for (let { cause } = error; cause; { cause } = cause) assertClean(...lookedAt(cause));
}

for (const [kind, credentials] of Object.entries(kinds)) {
  it(`shows no secret in errors of calls (${kind})`, async () => {
    for (const baseUrl of echoes.urls) {
      const client = new Client({ ...credentials, baseUrl, retries: 0 });
      assertErrorIsClean(await client.imageStatus(image).catch((error) => error));
      if (kind === 'provider') continue;
      try {
        client.imageStatusSync({ ...image, detail: true });
        assert.fail('an echo is no status');
      } catch (error) {
        assertErrorIsClean(error);
      }
    }
  });

  it(`shows no secret in the updates of a wait (${kind})`, async () => {
    let seen = 0;
    for (const baseUrl of echoes.urls.filter((_, number) => number % 5 === 0)) {
      const client = new Client({ ...credentials, baseUrl });
      try {
        for await (const update of client.watch({ ...image, timeoutMs: 100, minIntervalMs: 20, maxIntervalMs: 50 })) {
          assertClean(...lookedAt(update));
          seen += 1;
        }
      } catch (error) {
        assertErrorIsClean(error);
      }
    }
    assert.ok(seen > 10);
  });

  it(`shows and keeps no secret in a client (${kind})`, async () => {
    const client = new Client(credentials);
    assertClean(...lookedAt(client), ...lookedAt(client.watch(image)), ...lookedAt(client.withOptions({ retries: 1 })));
    assertClean(serialize(client).toString('latin1'), inspect(structuredClone(client)));
  });

  it(`sends no credentials over a network in clear text (${kind})`, () => {
    for (const baseUrl of ['http://service.example', 'http://192.0.2.1:8080']) {
      assert.throws(() => new Client({ ...credentials, baseUrl }), (error) => {
        assertErrorIsClean(error);
        return error instanceof ConfigurationError && /cross the network in clear text/.test(error.message);
      });
    }
  });
}

it('shows no secret where settings are wrong', () => {
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

it('shows no secret in what a process prints that fails by an error', async () => {
  const baseUrl = echoes.urls[1];
  const settings = JSON.stringify({ ...keys, baseUrl, retries: 0 });
  const { code, stdout, stderr } = await run(`
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

it('shows no secret in what the command prints', async () => {
  const env = { CLANFORGE_ACCESS_KEY: keys.accessKey, CLANFORGE_SECRET_KEY: keys.secretKey, RUST_LOG: 'trace' };
  for (const url of echoes.urls.filter((_, number) => number % 10 === 0)) {
    const words = [process.execPath, join(installed, 'node_modules/clanforge/bin/clanforge.js'), 'status', '--asid', '1', '--image', '2', '--retries', '0'];
    const { code, stdout, stderr } = await ended(words, { env: { ...env, CLANFORGE_BASE_URL: url } });
    assert.notEqual(code, 0);
    assertClean(stdout, stderr);
  }
});
