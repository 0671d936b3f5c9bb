// Certificates and proxies, with nginx as the service and squid as the proxy.
//
// The response has as many completed machines as the major version of HTTP, and one failed machine where a proxy forwarded the
// request.

import assert from 'node:assert/strict';
import { after, it } from 'node:test';

import { runScript, startProgram } from '../fixtures.mjs';

const plain = 'http://service.example';

// `null` if nginx or squid is not installed.
const { output: servers, stop } = await startProgram('clanforge-test-servers');
after(stop);
const options = { skip: servers === null && 'nginx or squid is not installed' };

/** Returns the counts that both kinds of calls read in their own process, or the kind and the text of the error. */
async function read(url, { settings = {}, ...env } = {}) {
  const script = `
    import { Client } from 'clanforge';
    const settings = { token: 't', retries: 0, allowHttp: true, baseUrl: ${JSON.stringify(url)}, ...${JSON.stringify(settings)} };
    const client = new Client(settings);
    const request = { accountServiceId: 1, imageId: 2 };
    const counts = ({ completedMachines, failedMachines }) => [completedMachines, failedMachines].join();
    const text = (error) => error.kind + ': ' + error.message;
    const results = [await client.imageStatus(request).then(counts, text)];
    try { results.push(counts(client.imageStatusSync(request))); } catch (error) { results.push(text(error)); }
    console.log(JSON.stringify(results));
  `;
  const result = await runScript(script, { env });
  assert.equal(result.code, 0, result.stderr);
  const [asynchronous, blocking] = JSON.parse(result.stdout);
  // The messages may end with a duration, which differs. Of two calls to an unknown host, one may exceed its timeout.
  const isTimeout = [asynchronous, blocking].some((text) => text.startsWith('timeout'));
  if (!isTimeout) assert.equal(asynchronous.slice(0, 40), blocking.slice(0, 40));
  return asynchronous;
}

function assertContains(text, ...expected) {
  for (const each of expected) assert.ok(text.includes(each), `${each} is not in: ${text}`);
}

const withUserinfo = (proxy, userinfo) => proxy.replace('://', `://${userinfo}@`);

it('names the cause and the trust store in the error for an untrusted server', options, async () => {
  const { untrusted, authority, untrusted_authority, trusted } = servers;
  assert.equal(untrusted.length, 5);
  for (const { url, cause } of untrusted) {
    const start = `connection: could not connect securely to ${url} with`;
    assertContains(await read(url, { settings: { caFile: authority } }), `${start} ca_file ${authority}`, cause);
    assertContains(await read(url, { SSL_CERT_FILE: authority }), `${start} the trust store of SSL_CERT_FILE=${authority}`, cause);
    const extra = await read(url, { settings: { caFile: untrusted_authority }, NODE_EXTRA_CA_CERTS: authority });
    assertContains(extra, `${start} ca_file ${untrusted_authority} and ${authority}`, cause);
  }
  const unknown = await read(trusted, { settings: { caFile: untrusted_authority } });
  assertContains(unknown, `with ca_file ${untrusted_authority}`, 'its issuer is not in that trust store');
});

it('trusts the certificates of its environment variables, and not those of other languages', options, async () => {
  const { authority, authority_folder, untrusted_authority, trusted, without_http2 } = servers;
  assert.equal(await read(trusted, { SSL_CERT_FILE: authority }), '2,0');
  assert.equal(await read(trusted, { SSL_CERT_DIR: authority_folder }), '2,0');
  assert.equal(await read(without_http2, { SSL_CERT_FILE: authority }), '1,0');
  assert.equal(await read(trusted, { SSL_CERT_FILE: untrusted_authority, NODE_EXTRA_CA_CERTS: authority }), '2,0');
  const other = await read(trusted, { SSL_CERT_FILE: untrusted_authority, REQUESTS_CA_BUNDLE: authority });
  assertContains(other, `with the trust store of SSL_CERT_FILE=${untrusted_authority}`);
});

it('uses the proxy of the settings or the environment', options, async () => {
  const { authority, open_proxies, authenticating_proxies, userinfo, service_port } = servers;
  const secure = `https://service.example:${service_port}`;
  const proxies = [...open_proxies, ...authenticating_proxies.map((proxy) => withUserinfo(proxy, userinfo))];
  for (const proxy of proxies) {
    for (const [url, name, expected] of [[secure, 'HTTPS_PROXY', '2,0'], [plain, 'HTTP_PROXY', '1,1']]) {
      assert.equal(await read(url, { settings: { proxy }, SSL_CERT_FILE: authority }), expected);
      assert.equal(await read(url, { [name]: proxy, SSL_CERT_FILE: authority, NO_PROXY: 'other.example' }), expected);
    }
  }
  // Without a proxy the host does not exist, which some networks report late.
  const settings = { connectTimeoutMs: 300 };
  for (const excepted of ['*', 'example', '.example', 'service.example', `service.example:${service_port}`]) {
    const direct = await read(secure, { settings, HTTPS_PROXY: open_proxies[0], SSL_CERT_FILE: authority, NO_PROXY: excepted });
    assert.match(direct, /^(connection|timeout): (?!.*proxy)/);
  }
});

it('names the proxy in an error, without its password', options, async () => {
  const { authority, authenticating_proxies, dead_proxy, service_port } = servers;
  for (const url of [`https://service.example:${service_port}`, plain]) {
    for (const proxy of authenticating_proxies) {
      const through = (proxy) => read(url, { settings: { proxy, caFile: authority } });
      assertContains(await through(proxy), `connection: the proxy ${proxy} requires authentication`);
      const refused = await through(withUserinfo(proxy, 'user:a-wrong-password'));
      assertContains(refused, `connection: the proxy ${proxy} does not accept the credentials`);
      assert.ok(!refused.includes('a-wrong-password'), refused);
    }
    const dead = await read(url, { settings: { proxy: dead_proxy } });
    assertContains(dead, `connection: could not connect to the proxy ${dead_proxy} on the way to ${url}`);
  }
});
