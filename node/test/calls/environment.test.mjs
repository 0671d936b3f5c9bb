// Environment variables for certificates and proxies.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';

import { generate } from 'selfsigned';

import { createFolder, runScript } from '../fixtures.mjs';

const body = JSON.stringify({ pending_machines: 0, failed_machines: 0, completed_machines: 3 });

/** Starts a server with a self-signed certificate. */
async function startSecureServer(t) {
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
  const server = createSecureServer({ key: certificate.private, cert: certificate.cert }, (_, response) => response.end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const file = join(createFolder(), 'ca.pem');
  writeFileSync(file, certificate.cert);
  return { url: `https://localhost:${server.address().port}`, file };
}

/** Starts a proxy that records its requests, and connects to loopback for every host. */
async function startProxy(t) {
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request.url);
    response.end(body);
  });
  server.on('connect', (request, socket) => {
    requests.push(request.url);
    const target = connect(request.url.split(':').at(-1), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const each of [target, socket]) each.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, requests };
}

async function call(env) {
  const script = `
    import { Client } from 'clanforge';
    const client = new Client({ token: 't', retries: 0, allowHttp: true });
    const request = { accountServiceId: 1, imageId: 2 };
    const text = (error) => error.kind + ': ' + error.message;
    const results = [await client.imageStatus(request).then((status) => status.completedMachines, text)];
    try { results.push(client.imageStatusSync(request).completedMachines); } catch (error) { results.push(text(error)); }
    console.log(JSON.stringify(results));
  `;
  const result = await runScript(script, { env });
  assert.equal(result.code, 0, result.stderr);
  return JSON.parse(result.stdout);
}

it('rejects a certificate that is not in the trust store', async (t) => {
  const { url } = await startSecureServer(t);
  for (const result of await call({ CLANFORGE_BASE_URL: url })) {
    assert.match(result, /^connection: could not connect securely to https:\/\/localhost:\d+ with the platform's trust store/);
  }
});

it('trusts NODE_EXTRA_CA_CERTS in addition to the platform', async (t) => {
  const { url, file } = await startSecureServer(t);
  assert.deepEqual(await call({ CLANFORGE_BASE_URL: url, NODE_EXTRA_CA_CERTS: file }), [3, 3]);
  const missing = await runScript('import { Client } from "clanforge"; new Client({ token: "t" });', { env: { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' } });
  assert.match(missing.stderr, /\/nowhere\/ca\.pem/);
});

it('trusts SSL_CERT_FILE', async (t) => {
  const { url, file } = await startSecureServer(t);
  assert.deepEqual(await call({ CLANFORGE_BASE_URL: url, SSL_CERT_FILE: file }), [3, 3]);
});

it('uses HTTPS_PROXY, except for hosts in NO_PROXY', async (t) => {
  const { url, file } = await startSecureServer(t);
  const { port } = new URL(url);
  const proxy = await startProxy(t);
  // A loopback address would bypass the proxy. The proxy connects to loopback for this name.
  const env = { CLANFORGE_BASE_URL: `https://service.example:${port}`, SSL_CERT_FILE: file, HTTPS_PROXY: proxy.url };
  for (const result of await call(env)) assert.match(result, /^connection: .*service\.example/);
  assert.deepEqual(proxy.requests, [`service.example:${port}`, `service.example:${port}`]);
  for (const noProxy of ['service.example', '.example', '*']) await call({ ...env, NO_PROXY: noProxy });
  assert.equal(proxy.requests.length, 2);
});

it('uses HTTP_PROXY for http addresses', async (t) => {
  const proxy = await startProxy(t);
  const env = { CLANFORGE_BASE_URL: 'http://service.example', HTTP_PROXY: proxy.url };
  assert.deepEqual(await call(env), [3, 3]);
  assert.ok(proxy.requests.every((url) => url.startsWith('http://service.example/')));
});
