// The package in other runtimes: the newest Node, Bun and Deno.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';

import { installed, startSimulator, runCommand, runScript } from '../fixtures.mjs';

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

  const service = simulate('happy');
  const client = service.client();
  const baseline = await client.baseline(image);
  const received = [];
  for await (const update of client.watch({ ...image, baseline })) received.push(update);
  assert.equal(received.at(-1).kind, 'ready');

  const controller = new AbortController();
  const wait = client.wait(image, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await assert.rejects(wait, /enough/);
  await assert.rejects(service.client({ secretKey: 'wrong', accessKey: 'k' }).imageStatus(image), { name: /Error$/, attempts: 1 });
  assert.throws(() => new Gate({ maxFailed: '101%' }), { code: 'ERR_CLANFORGE_CONFIGURATION' });

  const many = await Promise.all(Array.from({ length: 200 }, () => client.imageStatus(image)));
  assert.equal(many.length, 200);
  console.log('end');
`;

for (const [name, node] of Object.entries(runtimes)) {
  it(`works in ${name}, and does not keep it alive`, async (t) => {
    const { environment: env } = startSimulator(t);
    const words = name === 'Deno' ? [process.execPath, ...node] : node;
    const result = await runScript(script, { env, node: words });
    assert.deepEqual([result.code, result.signal, result.stdout], [0, null, 'end\n'], result.stderr);
  });
}

it('passes its tests in the newest Node', { timeout: 900_000 }, async () => {
  const tests = ['calls/cancellation', 'calls/client', 'models/cases', 'models/models'].map((name) => join('test', `${name}.test.mjs`));
  // With this variable, the inner test runner would report to the outer one.
  const env = { NODE_TEST_CONTEXT: undefined };
  const result = await runCommand([newest, '--test', '--test-reporter=tap', ...tests], { limit: 840_000, env });
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.ok(Number(result.stdout.match(/^# pass (\d+)$/m)[1]) > 700, result.stdout);
});
