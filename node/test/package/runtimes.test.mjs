// The package under other runtimes: the newest Node, Bun and Deno.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';

import { ended, installed, played, run } from './helpers.mjs';

const modules = join(installed, 'node_modules');
const newest = join(modules, 'node/bin/node');

const runtimes = {
  'the newest Node': [newest],
  Bun: [join(modules, 'bun/bin/bun.exe')],
  Deno: [join(modules, 'deno/bin.cjs'), 'run', '--no-prompt', '--allow-ffi', '--allow-read', '--allow-env'],
};

const script = `
  import assert from 'node:assert/strict';
  import { Client, Gate, NotFoundError, imageStatus, imageStatusSync, simulate, version } from 'clanforge';

  const image = { accountServiceId: 1234, imageId: 5678 };
  assert.equal((await imageStatus(image)).totalMachines, 54);
  assert.equal(imageStatusSync({ ...image, detail: true }).fleets.length, 2);

  const service = simulate('happy', { speed: 600 });
  const client = service.client();
  const baseline = await client.baseline(image);
  const told = [];
  for await (const update of client.watch({ ...image, baseline, minIntervalMs: 20, maxIntervalMs: 200 })) told.push(update);
  assert.equal(told.at(-1).kind, 'ready');

  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 50);
  await assert.rejects(client.wait({ ...image, minIntervalMs: 10_000 }, { signal: controller.signal }), /enough/);
  await assert.rejects(service.client({ secretKey: 'wrong', accessKey: 'k' }).imageStatus(image), { name: /Error$/, attempts: 1 });
  assert.throws(() => new Gate({ maxFailed: '101%' }), { code: 'ERR_CLANFORGE_CONFIGURATION' });

  const many = await Promise.all(Array.from({ length: 200 }, () => client.imageStatus(image)));
  assert.equal(many.length, 200);
  console.log('end');
`;

for (const [name, node] of Object.entries(runtimes)) {
  it(`works under ${name}, which exits by itself`, async (t) => {
    const { environment: env } = played(t);
    const words = name === 'Deno' ? [process.execPath, ...node] : node;
    const found = await run(script, { env, node: words });
    assert.deepEqual([found.code, found.signal, found.stdout], [0, null, 'end\n'], found.stderr);
  });
}

it('passes its own tests under the newest Node', { timeout: 300_000 }, async () => {
  const tests = ['abort', 'cases', 'client', 'models'].map((name) => join('test', `${name}.test.mjs`));
  // The runner that runs this would be told, and what it starts would run nothing.
  const env = { NODE_TEST_CONTEXT: undefined };
  const found = await ended([newest, '--test', '--test-reporter=tap', ...tests], { limit: 280_000, env });
  assert.equal(found.code, 0, found.stdout + found.stderr);
  assert.ok(Number(found.stdout.match(/^# pass (\d+)$/m)[1]) > 700, found.stdout);
});
