// Certificates and proxies, with nginx as the service and squid on the way to it.
//
// The service answers with as many completed machines as the version of HTTP has, and with one failed machine where a proxy
// forwarded the request.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, it } from 'node:test';

import { root, run } from './helpers.mjs';

const plain = 'http://service.example';

/** Starts the project's program for the tests of all languages; `null` where there are no such servers. */
async function start() {
  const program = join(root, 'target/debug', `clanforge-test-servers${process.platform === 'win32' ? '.exe' : ''}`);
  assert.ok(existsSync(program), `there is no ${program}: cargo build --package clanforge-test-servers`);
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  after(async () => {
    const closed = once(child, 'close');
    child.stdin.end();
    await closed;
  });
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  assert.fail('the servers do not start');
}

const servers = await start();
const options = { skip: servers === null && 'there is no nginx with squid' };

/** Returns what both calls of a client in a process of its own are answered with, or the error's kind and text. */
async function ask(url, { settings = {}, ...env } = {}) {
  const script = `
    import { Client } from 'clanforge';
    const settings = { token: 't', retries: 0, allowHttp: true, baseUrl: ${JSON.stringify(url)}, ...${JSON.stringify(settings)} };
    const client = new Client(settings);
    const request = { accountServiceId: 1, imageId: 2 };
    const tell = ({ completedMachines, failedMachines }) => [completedMachines, failedMachines].join();
    const refuse = (error) => error.kind + ': ' + error.message;
    const answers = [await client.imageStatus(request).then(tell, refuse)];
    try { answers.push(tell(client.imageStatusSync(request))); } catch (error) { answers.push(refuse(error)); }
    console.log(JSON.stringify(answers));
  `;
  const ended = await run(script, { env });
  assert.equal(ended.code, 0, ended.stderr);
  const [answer, blocking] = JSON.parse(ended.stdout);
  // Times differ, and so do the ends of texts that name them.
  assert.equal(answer.slice(0, 40), blocking.slice(0, 40));
  return answer;
}

function assertSays(text, ...expected) {
  for (const each of expected) assert.ok(text.includes(each), `${each} is not in: ${text}`);
}

const withUserinfo = (proxy, userinfo) => proxy.replace('://', `://${userinfo}@`);

it('refuses a server that must not be trusted, with the cause and the trust store', options, async () => {
  const { untrusted, authority, stranger, trusted } = servers;
  assert.equal(untrusted.length, 5);
  for (const { url, cause } of untrusted) {
    const start = `connection: no secure connection to ${url} with`;
    assertSays(await ask(url, { settings: { caFile: authority } }), `${start} ca_file ${authority}`, cause);
    assertSays(await ask(url, { SSL_CERT_FILE: authority }), `${start} the trust store of SSL_CERT_FILE=${authority}`, cause);
    const extra = await ask(url, { settings: { caFile: stranger }, NODE_EXTRA_CA_CERTS: authority });
    assertSays(extra, `${start} ca_file ${stranger} and ${authority}`, cause);
  }
  const unknown = await ask(trusted, { settings: { caFile: stranger } });
  assertSays(unknown, `with ca_file ${stranger}`, 'its issuer is not in that trust store');
});

it('trusts what the environment says, and no variable of other languages', options, async () => {
  const { authority, authority_folder, stranger, trusted, without_http2 } = servers;
  assert.equal(await ask(trusted, { SSL_CERT_FILE: authority }), '2,0');
  assert.equal(await ask(trusted, { SSL_CERT_DIR: authority_folder }), '2,0');
  assert.equal(await ask(without_http2, { SSL_CERT_FILE: authority }), '1,0');
  assert.equal(await ask(trusted, { SSL_CERT_FILE: stranger, NODE_EXTRA_CA_CERTS: authority }), '2,0');
  const other = await ask(trusted, { SSL_CERT_FILE: stranger, REQUESTS_CA_BUNDLE: authority });
  assertSays(other, `with the trust store of SSL_CERT_FILE=${stranger}`);
});

it('goes through a proxy by setting and by environment', options, async () => {
  const { authority, open_proxies, guarded_proxies, userinfo, service_port } = servers;
  const secure = `https://service.example:${service_port}`;
  const proxies = [...open_proxies, ...guarded_proxies.map((proxy) => withUserinfo(proxy, userinfo))];
  for (const proxy of proxies) {
    for (const [url, name, answer] of [[secure, 'HTTPS_PROXY', '2,0'], [plain, 'HTTP_PROXY', '1,1']]) {
      assert.equal(await ask(url, { settings: { proxy }, SSL_CERT_FILE: authority }), answer);
      assert.equal(await ask(url, { [name]: proxy, SSL_CERT_FILE: authority, NO_PROXY: 'other.example' }), answer);
    }
  }
  // Nobody is there without a proxy, and some networks take long to say so.
  const settings = { connectTimeoutMs: 300 };
  for (const excepted of ['*', 'example', '.example', 'service.example', `service.example:${service_port}`]) {
    const direct = await ask(secure, { settings, HTTPS_PROXY: open_proxies[0], SSL_CERT_FILE: authority, NO_PROXY: excepted });
    assert.match(direct, /^(connection|timeout): (?!.*proxy)/);
  }
});

it('names a proxy that leads nowhere, without its password', options, async () => {
  const { authority, guarded_proxies, dead_proxy, service_port } = servers;
  for (const url of [`https://service.example:${service_port}`, plain]) {
    for (const proxy of guarded_proxies) {
      const through = (proxy) => ask(url, { settings: { proxy, caFile: authority } });
      assertSays(await through(proxy), `connection: the proxy ${proxy} asks for credentials`);
      const refused = await through(withUserinfo(proxy, 'user:a-wrong-password'));
      assertSays(refused, `connection: the proxy ${proxy} does not accept the credentials`);
      assert.ok(!refused.includes('a-wrong-password'), refused);
    }
    const dead = await ask(url, { settings: { proxy: dead_proxy } });
    assertSays(dead, `connection: no connection to the proxy ${dead_proxy} on the way to ${url}`);
  }
});
