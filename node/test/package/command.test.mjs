// The command, as npx runs it.

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { version } from 'clanforge';

import { ended, folder, image, installed, played } from './helpers.mjs';

const command = ['npx', '--no-install', 'clanforge'];
const program = join(installed, 'node_modules/clanforge/bin/clanforge.js');
const ids = ['--asid', String(image.accountServiceId), '--image', String(image.imageId)];

it('has the version of the package', async () => {
  assert.deepEqual(await ended([...command, '--version']), { code: 0, signal: null, stdout: `clanforge ${version}\n`, stderr: '' });
});

it('tells the verdict by its exit code', async (t) => {
  const { environment: env } = played(t, 'never-starts');
  const status = await ended([...command, 'status', ...ids, '-o', 'json'], { env });
  assert.equal(status.code, 0, status.stderr);
  assert.equal(JSON.parse(status.stdout).summary.total_machines, 20);
  assert.equal((await ended([...command, 'check', ...ids], { env })).code, 0);
  assert.equal((await ended([...command, 'check', ...ids, '--min-completed', '100'], { env })).code, 8);
  assert.equal((await ended([...command, 'check', ...ids, '--max-failed', '200%'], { env })).code, 2);
});

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  it(`ends a wait by ${signal} with what it knows`, async (t) => {
    const { environment: env } = played(t);
    // Not through npx, whose shell answers signals in its own way: what it runs.
    const found = await ended([process.execPath, program, 'wait', ...ids, '--progress', 'plain'], {
      env,
      started: (child, texts) => {
        const poll = setInterval(() => {
          if (!texts.stderr.includes('54')) return;
          clearInterval(poll);
          child.kill(signal);
        }, 10);
      },
    });
    assert.deepEqual([found.code, found.signal], [code, null], found.stderr);
    assert.match(found.stderr, /clanforge wait --asid 1234 --image 5678/);
  });
}

it('ends by SIGHUP where its terminal is closed', async (t) => {
  const { environment: env } = played(t);
  const found = await ended([process.execPath, program, 'wait', ...ids, '--progress', 'plain'], {
    env,
    started: (child, texts) => {
      const poll = setInterval(() => {
        if (!texts.stderr.includes('54')) return;
        clearInterval(poll);
        child.kill('SIGHUP');
      }, 10);
    },
  });
  assert.deepEqual([found.code, found.signal], [null, 'SIGHUP']);
});

it('does not say that machines failed where it cannot be loaded', async () => {
  const place = folder();
  cpSync(join(installed, 'node_modules/clanforge'), join(place, 'clanforge'), { recursive: true });
  const found = await ended([process.execPath, join(place, 'clanforge/bin/clanforge.js'), '--version'], { cwd: place });
  assert.equal(found.code, 2);
  assert.match(found.stderr, /^clanforge: clanforge needs its optional package/);
});

it('waits on, and ends by the verdict, where its reader has gone away', async (t) => {
  const { environment: env } = played(t, 'happy', { speed: 600 });
  const words = `${command.join(' ')} wait ${ids.join(' ')} --max-interval 200ms --min-interval 50ms -o jsonl | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await ended(['bash', '-c', words], { env });
  assert.match(stdout, /^\{.*\}\n0\n$/s, stderr);
});
