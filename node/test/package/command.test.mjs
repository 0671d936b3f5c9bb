// The command `clanforge`, as npx runs it.

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { version } from 'clanforge';

import { createFolder, image, installed, runCommand, startSilentServer, startSimulator } from '../fixtures.mjs';

const command = ['npx', '--no-install', 'clanforge'];
const program = join(installed, 'node_modules/clanforge/bin/clanforge.js');
const ids = ['--asid', String(image.accountServiceId), '--image', String(image.imageId)];

it('has the version of the package', async () => {
  assert.deepEqual(await runCommand([...command, '--version']), { code: 0, signal: null, stdout: `clanforge ${version}\n`, stderr: '' });
});

it('has the exit code of the verdict', async (t) => {
  const { environment: env } = startSimulator(t, 'never-starts');
  const status = await runCommand([...command, 'status', ...ids, '-o', 'json'], { env });
  assert.equal(status.code, 0, status.stderr);
  assert.equal(JSON.parse(status.stdout).summary.total_machines, 20);
  assert.equal((await runCommand([...command, 'check', ...ids], { env })).code, 0);
  assert.equal((await runCommand([...command, 'check', ...ids, '--min-completed', '100'], { env })).code, 8);
  assert.equal((await runCommand([...command, 'check', ...ids, '--max-failed', '200%'], { env })).code, 2);
});

it('gives the command of a rollout its standard streams', async (t) => {
  const { environment: env } = startSimulator(t);
  const script = 'read -r line; echo "read:$line"; echo problem >&2';
  const result = await runCommand(['sh', '-c', `echo word | "$@" -- sh -c '${script}'`, 'sh', process.execPath, program, 'rollout', ...ids], { env });
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout, /^read:word$/m);
  assert.match(result.stderr, /^problem$/m);
});

// These waits would last 15 minutes.
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  it(`ends a wait by ${signal} with its exit code and the command to resume it`, async (t) => {
    const { environment: env } = startSimulator(t, 'happy', { speed: 1 });
    // Without npx, whose shell handles signals differently.
    const result = await runCommand([process.execPath, program, 'wait', ...ids, '--require-fresh', '--progress', 'plain'], {
      env,
      onOutput: (child, { stderr }) => stderr.includes('54') && child.kill(signal),
    });
    assert.deepEqual([result.code, result.signal], [code, null], result.stderr);
    assert.match(result.stderr, /clanforge wait --asid 1234 --image 5678/);
  });
}

it('ends by SIGHUP when its terminal is closed', async (t) => {
  const { environment: env } = startSimulator(t, 'happy', { speed: 1 });
  const result = await runCommand([process.execPath, program, 'wait', ...ids, '--require-fresh', '--progress', 'plain'], {
    env,
    onOutput: (child, { stderr }) => stderr.includes('54') && child.kill('SIGHUP'),
  });
  assert.deepEqual([result.code, result.signal], [129, null]);
  assert.match(result.stderr, /hung up: stopped waiting; the rollout continues\nresume with: clanforge wait /);
});

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  for (const words of [['status', ...ids], ['check', ...ids], ['baseline', ...ids]]) {
    it(`ends ${words[0]} by ${signal} while the service does not respond`, async (t) => {
      const { url, receivedRequest } = await startSilentServer(t);
      const result = await runCommand([process.execPath, program, ...words], {
        env: { CLANFORGE_BASE_URL: url, CLANFORGE_TOKEN: 't' },
        onStart: (child) => void receivedRequest.then(() => child.kill(signal)),
        limit: 30_000,
      });
      assert.deepEqual([result.code, result.signal], [code, null], result.stderr);
    });
  }

  it(`ends simulate by ${signal}`, async () => {
    const result = await runCommand([process.execPath, program, 'simulate'], { onOutput: (child) => child.kill(signal), limit: 30_000 });
    assert.deepEqual([result.code, result.signal], [code, null], result.stderr);
  });
}

it('does not exit with 1, which means failed machines, when the native module is missing', async () => {
  const place = createFolder();
  cpSync(join(installed, 'node_modules/clanforge'), join(place, 'clanforge'), { recursive: true });
  const result = await runCommand([process.execPath, join(place, 'clanforge/bin/clanforge.js'), '--version'], { cwd: place });
  assert.equal(result.code, 2);
  assert.match(result.stderr, /^clanforge: could not find the package clanforge-/);
});

it('continues to wait, and ends with the exit code of the outcome, after its stdout was closed', async (t) => {
  const { environment: env } = startSimulator(t);
  const words = `${command.join(' ')} wait ${ids.join(' ')} -o jsonl | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await runCommand(['bash', '-c', words], { env });
  assert.match(stdout, /^\{.*\}\n0\n$/s, stderr);
});
