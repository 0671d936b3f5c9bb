// What the environment says of certificates and proxies, against real servers.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';

import { generate } from 'selfsigned';

import { folder, run } from './helpers.mjs';

const answer = JSON.stringify({ pending_machines: 0, failed_machines: 0, completed_machines: 3 });

/** A server with a certificate that only those trust who were told of it. */
async function secure(t) {
  const attributes = [{ name: 'commonName', value: 'localhost' }];
  const names = [{ type: 2, value: 'localhost' }];
  const certificate = await generate(attributes, {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: names },
    ],
  });
  const server = createSecureServer({ key: certificate.private, cert: certificate.cert }, (_, response) => response.end(answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const file = join(folder(), 'ca.pem');
  writeFileSync(file, certificate.cert);
  return { url: `https://localhost:${server.address().port}`, file };
}

/** A proxy that notes where it was asked to connect to, and connects to loopback whatever the host is called. */
async function proxy(t) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.end(answer);
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url);
    const target = connect(request.url.split(':').at(-1), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const each of [target, socket]) each.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

async function call(env) {
  const script = `
    import { Client } from 'clanforge';
    const client = new Client({ token: 't', retries: 0, allowHttp: true });
    const request = { accountServiceId: 1, imageId: 2 };
    const tell = (error) => error.kind + ': ' + error.message;
    const answers = [await client.imageStatus(request).then((status) => status.completedMachines, tell)];
    try { answers.push(client.imageStatusSync(request).completedMachines); } catch (error) { answers.push(tell(error)); }
    console.log(JSON.stringify(answers));
  `;
  const ended = await run(script, { env });
  assert.equal(ended.code, 0, ended.stderr);
  return JSON.parse(ended.stdout);
}

it('trusts nobody that it was not told of', async (t) => {
  const { url } = await secure(t);
  for (const answer of await call({ CLANFORGE_BASE_URL: url })) {
    assert.match(answer, /^connection: no secure connection to https:\/\/localhost:\d+ with the platform's trust store/);
  }
});

it('trusts NODE_EXTRA_CA_CERTS beside the platform', async (t) => {
  const { url, file } = await secure(t);
  assert.deepEqual(await call({ CLANFORGE_BASE_URL: url, NODE_EXTRA_CA_CERTS: file }), [3, 3]);
  const missing = await run('import { Client } from "clanforge"; new Client({ token: "t" });', { env: { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' } });
  assert.match(missing.stderr, /\/nowhere\/ca\.pem/);
});

it('trusts SSL_CERT_FILE', async (t) => {
  const { url, file } = await secure(t);
  assert.deepEqual(await call({ CLANFORGE_BASE_URL: url, SSL_CERT_FILE: file }), [3, 3]);
});

it('goes through HTTPS_PROXY, and past it for NO_PROXY', async (t) => {
  const { url, file } = await secure(t);
  const { port } = new URL(url);
  const through = await proxy(t);
  // An address of this machine needs no proxy, so that it is called by another name, which the proxy knows.
  const env = { CLANFORGE_BASE_URL: `https://service.example:${port}`, SSL_CERT_FILE: file, HTTPS_PROXY: through.url };
  for (const answer of await call(env)) assert.match(answer, /^connection: .*service\.example/);
  assert.deepEqual(through.asked, [`service.example:${port}`, `service.example:${port}`]);
  for (const no of ['service.example', '.example', '*']) await call({ ...env, NO_PROXY: no });
  assert.equal(through.asked.length, 2);
});

it('goes through HTTP_PROXY for plain http', async (t) => {
  const through = await proxy(t);
  const env = { CLANFORGE_BASE_URL: 'http://service.example', HTTP_PROXY: through.url };
  assert.deepEqual(await call(env), [3, 3]);
  assert.ok(through.asked.every((url) => url.startsWith('http://service.example/')));
});
