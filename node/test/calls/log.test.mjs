// The logs of the client, which NODE_DEBUG switches on.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { runScript, startSilentServer, startSimulator } from '../fixtures.mjs';

const script = `
  import { imageStatus, imageStatusSync } from 'clanforge';
  for (const call of [imageStatus, async (request) => imageStatusSync(request)]) {
    await call({ accountServiceId: 1, imageId: 2, retries: 0, timeoutMs: 2000 }).catch((error) => console.log(error.code));
  }
`;

it('logs what the client does with NODE_DEBUG=clanforge, without secrets', async (t) => {
  const { environment } = startSimulator(t);
  const { code, stderr } = await runScript(script, { env: { ...environment, NODE_DEBUG: 'http2,clanforge' } });
  assert.equal(code, 0);
  const lines = stderr.trimEnd().split('\n');
  for (const line of lines) assert.match(line, /^\S+Z +(DEBUG|INFO|WARN|ERROR) .*clanforge::/);
  assert.equal(lines.filter((line) => / response status=200 content_type="application\/json"/.test(line)).length, 2, stderr);
  for (const secret of [environment.CLANFORGE_ACCESS_KEY, environment.CLANFORGE_SECRET_KEY]) assert.ok(!stderr.includes(secret));
});

it('logs a failed attempt and its kind', async (t) => {
  const { url } = await startSilentServer(t);
  const env = { CLANFORGE_BASE_URL: url, CLANFORGE_TOKEN: 't', NODE_DEBUG: 'clanforge' };
  const { stdout, stderr } = await runScript(script, { env });
  assert.equal(stdout, 'ERR_CLANFORGE_TIMEOUT\n'.repeat(2));
  assert.equal(stderr.match(/attempt failed attempt=1 kind=timeout/g)?.length, 2, stderr);
});

it('logs nothing without NODE_DEBUG', async (t) => {
  const { environment } = startSimulator(t);
  const { stderr } = await runScript(script, { env: { ...environment, NODE_DEBUG: 'http' } });
  assert.equal(stderr, '');
});
