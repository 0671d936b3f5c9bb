// The examples, run as their comments say, against the simulator.

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { installed, startSimulator, root, runCommand } from '../fixtures.mjs';

const examples = join(root, 'node/examples');
const expected = {
  'gate-release.mjs': /the new version is deployed\nready: 54 of 54 machines completed/,
  'rollout.mjs': /the new version is deployed\nimage 2: ready: 54 of 54 machines completed.*\nimage 3: ready: 54 of 54 machines completed/,
  'watch-rollout.mjs': /deployed\nwaiting for the rollout to start\n[^]*\n\d+(\.\d)? % completed[^]*ready: 54 of 54 machines completed/,
  'list-failed-regions.cjs': /ready: 100 % of 54 machines completed\n┌/,
};

/** Examples that name their images themselves: what they are given, and what they print. */
const fixed = {
  'status.mjs': [[], /^ready 100 %\n$/],
  'deploy.mjs': [['1.2.3'], /^start 1\.2\.3\nswitch 1\.2\.3\n$/],
  'wait-by-hand.mjs': [[], /^start \nready: 54 of 54 .*\nstart \n5679 ready: 54 of 54 .*\n5680 ready: 54 of 54 .*\n$/],
  'credentials-from-file.mjs': [['token'], /^100 %\n$/],
};

describe('the examples', { concurrency: true }, () => {
  for (const name of Object.keys(expected)) {
    it(`run: ${name}`, { timeout: 900_000 }, (t) => runs(t, name));

    it(`end with the exit code of the command for an error: ${name}`, async (t) => {
      const { environment } = startSimulator(t);
      const env = { ...environment, CLANFORGE_SECRET_KEY: 'not-the-key' };
      const command = [join(installed, 'node_modules/clanforge/bin/clanforge.js'), 'status', '--asid', '1', '--image', '2'];
      const { code } = await runCommand([process.execPath, ...command], { env });
      const result = await runCommand([process.execPath, copied(name), '1', '2'], { env });
      assert.ok(code > 2);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, /HTTP 401/);
    });
  }

  it('end with the exit code of the command for an image that fails: rollout.mjs', async (t) => {
    const { environment: env } = startSimulator(t, 'happy', { images: { 3: 'failures-stay' } });
    const result = await runCommand([process.execPath, copied('rollout.mjs'), '1', '2', '3'], { env });
    assert.equal(result.code, 1, result.stderr);
    assert.match(result.stderr, /^ERR_CLANFORGE_NOT_READY: .*image 3 of account service 1: failed: /m);
  });

  it('end with the exit code of the command for SIGINT: watch-rollout.mjs', async (t) => {
    const { environment: env } = startSimulator(t, 'happy', { speed: 1 });
    let isSent = false;
    const onOutput = (child) => (isSent ||= child.kill('SIGINT'));
    const result = await runCommand([process.execPath, copied('watch-rollout.mjs'), '1', '2'], { env, onOutput });
    assert.deepEqual([result.code, result.stderr], [130, 'interrupted: the rollout continues\n']);
  });

  it('are tested without waiting', { timeout: 900_000 }, async () => {
    for (const name of ['gate-release.mjs', 'gate-release.test.mjs']) copyFileSync(join(examples, name), join(installed, name));
    const command = [process.execPath, '--test', '--test-reporter=tap', join(installed, 'gate-release.test.mjs')];
    // If this variable is set, a test runner reports to the one that runs these tests.
    const result = await runCommand(command, { env: { NODE_TEST_CONTEXT: undefined } });
    assert.match(result.stdout, /# pass 5\n# fail 0/);
  });

  for (const [name, [args, output]] of Object.entries(fixed)) {
    it(`run: ${name}`, async (t) => {
      const { environment } = startSimulator(t);
      const cwd = mkdtempSync(join(installed, 'example-'));
      for (const [script, text] of Object.entries({ 'start-the-rollout': 'start', 'switch-players-over': 'switch' }))
        writeFileSync(join(cwd, script), `#!/bin/sh\necho "${text} $1"\n`, { mode: 0o755 });
      writeFileSync(join(cwd, 'token'), 'simulator-token\n');
      copyFileSync(join(examples, name), join(cwd, name));
      // The token alone, for the example that has no keys.
      const env = name.startsWith('credentials') ? { ...environment, CLANFORGE_ACCESS_KEY: undefined, CLANFORGE_SECRET_KEY: undefined } : environment;
      const result = await runCommand([process.execPath, name, ...args], { env, cwd });
      assert.deepEqual([result.code, result.stderr], [0, '']);
      assert.match(result.stdout, output);
    });
  }

  it('post the progress and the outcome: notify-slack.mjs', async (t) => {
    const texts = [];
    const server = createServer(async (request, response) => {
      const body = await request.toArray();
      texts.push(JSON.parse(Buffer.concat(body)).text);
      response.end();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { environment: env } = startSimulator(t);
    const webhook = `http://127.0.0.1:${server.address().port}/`;
    const result = await runCommand([process.execPath, copied('notify-slack.mjs'), webhook], { env });
    assert.deepEqual([result.code, result.stderr], [0, '']);
    assert.match(texts[0], /^\d\d(\.\d)? % of the machines have the new version$/);
    assert.match(texts.at(-1), /^ready: 54 of 54 machines completed/);
    assert.equal(texts.length, 5);
  });

  it('are all run', () => {
    const names = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
    const run = [...Object.keys(expected), ...Object.keys(fixed), 'gate-release.test.mjs', 'notify-slack.mjs'];
    assert.deepEqual(names.sort(), run.sort());
  });
});

/** Returns a copy of an example that finds the installed package. */
function copied(name) {
  const file = join(mkdtempSync(join(installed, 'example-')), name);
  copyFileSync(join(examples, name), file);
  return file;
}

async function runs(t, name) {
  const { environment: env } = startSimulator(t, 'happy');
  const result = await runCommand([process.execPath, copied(name), '1', '2', '3'], { env });
  assert.equal(result.code, 0, result.stderr);
  assert.equal(result.stderr, '');
  assert.match(result.stdout, expected[name]);
}
