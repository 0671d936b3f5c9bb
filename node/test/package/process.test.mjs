// The package in a process: exit, worker threads and memory.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { startSimulator, runScript, startSilentServer } from '../fixtures.mjs';

const request = '{ accountServiceId: 1, imageId: 2 }';

it('does not keep the process alive after the last call', async (t) => {
  const { environment: env } = startSimulator(t);
  const result = await runScript(
    `
    import { Client, simulate } from 'clanforge';
    // Neither an idle connection nor a watch between two readings may keep the process alive.
    const client = new Client({ idleTimeoutMs: 3_600_000 });
    simulate();
    const updates = client.watch({ ...${request}, minIntervalMs: 3_600_000, maxIntervalMs: 3_600_000, stallTimeoutMs: 7_200_000, timeoutMs: null });
    await updates.next();
    console.log((await client.imageStatus(${request})).totalMachines, client.imageStatusSync(${request}).totalMachines);
  `,
    { env },
  );
  assert.deepEqual(result, { code: 0, signal: null, stdout: '54 54\n', stderr: '' });
});

it('keeps the process alive while a call is in flight', async (t) => {
  const { url } = await startSilentServer(t);
  const result = await runScript(`
    import { Client } from 'clanforge';
    const client = new Client({ baseUrl: '${url}', token: 't', retries: 0, timeoutMs: 700 });
    client.imageStatus(${request}).catch((error) => console.log(error.code));
  `);
  assert.deepEqual(result, { code: 0, signal: null, stdout: 'ERR_CLANFORGE_TIMEOUT\n', stderr: '' });
});

it('works in fifty worker threads at the same time', async (t) => {
  const service = startSimulator(t);
  const result = await runScript(
    `
    import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
    import { once } from 'node:events';
    import { fileURLToPath } from 'node:url';

    if (isMainThread) {
      // Loaded by the worker threads only: the end of one must not unload the library while others use it.
      const threads = Array.from({ length: 50 }, () => new Worker(fileURLToPath(import.meta.url)));
      const results = await Promise.all(threads.map(async (thread) => {
        const [[total], [code]] = await Promise.all([once(thread, 'message'), once(thread, 'exit')]);
        return total === 54 * 8 && code === 0;
      }));
      console.log(results.length, results.every(Boolean));
    } else {
      const { Client } = await import('clanforge');
      const client = new Client();
      const statuses = await Promise.all(Array.from({ length: 7 }, () => client.imageStatus(${request})));
      statuses.push(client.imageStatusSync(${request}));
      parentPort.postMessage(statuses.reduce((sum, status) => sum + status.totalMachines, 0));
    }
  `,
    { env: service.environment },
  );
  assert.deepEqual(result, { code: 0, signal: null, stdout: '50 true\n', stderr: '' });
  assert.equal(service.requests, 400);
});

it('works in a worker thread after the first one has ended', async (t) => {
  const { environment: env } = startSimulator(t);
  const result = await runScript(
    `
    import { Worker, isMainThread } from 'node:worker_threads';
    import { once } from 'node:events';
    import { fileURLToPath } from 'node:url';

    if (isMainThread) {
      for (let each = 0; each < 3; each++) await once(new Worker(fileURLToPath(import.meta.url)), 'exit');
      console.log('end');
    } else {
      const { imageStatus } = await import('clanforge');
      await imageStatus(${request});
    }
  `,
    { env },
  );
  assert.deepEqual(result, { code: 0, signal: null, stdout: 'end\n', stderr: '' });
});

it('survives worker threads that are terminated during calls', async (t) => {
  const { url } = await startSilentServer(t);
  const result = await runScript(`
    import { Worker, isMainThread, parentPort } from 'node:worker_threads';
    import { once } from 'node:events';
    import { fileURLToPath } from 'node:url';

    if (isMainThread) {
      for (let each = 0; each < 20; each++) {
        const thread = new Worker(fileURLToPath(import.meta.url));
        await once(thread, 'message');
        await thread.terminate();
      }
      console.log('end');
    } else {
      const { Client } = await import('clanforge');
      const client = new Client({ baseUrl: '${url}', token: 't' });
      for (let each = 0; each < 8; each++) client.imageStatus(${request}).catch(() => {});
      client.wait(${request}).catch(() => {});
      parentPort.postMessage('started');
    }
  `);
  assert.deepEqual(result, { code: 0, signal: null, stdout: 'end\n', stderr: '' });
});

it('reads the environment of the worker thread', async (t) => {
  const service = startSimulator(t);
  const result = await runScript(`
    import { Worker, isMainThread } from 'node:worker_threads';
    import { fileURLToPath } from 'node:url';

    if (isMainThread) {
      new Worker(fileURLToPath(import.meta.url), { env: ${JSON.stringify(service.environment)} });
    } else {
      const { imageStatus } = await import('clanforge');
      console.log((await imageStatus(${request})).totalMachines);
    }
  `);
  assert.deepEqual(result, { code: 0, signal: null, stdout: '54\n', stderr: '' });
});

for (const count of [0, 1, 10, 100, 1000]) {
  it(`exits with calls in flight, after ${count} calls`, async (t) => {
    const { environment: env } = startSimulator(t);
    const result = await runScript(
      `
      import { Client } from 'clanforge';
      const client = new Client();
      let completed = 0;
      const forever = async () => {
        for (;;) {
          await client.imageStatus(${request});
          if (++completed === ${count}) process.exit(7);
        }
      };
      for (let each = 0; each < 16; each++) forever();
      if (${count} === 0) process.exit(7);
    `,
      { env },
    );
    assert.deepEqual(result, { code: 7, signal: null, stdout: '', stderr: '' });
  });
}

it('does not leak memory in a hundred thousand calls', { timeout: 900_000 }, async (t) => {
  const service = startSimulator(t);
  const result = await runScript(
    `
    import { Client } from 'clanforge';
    const client = new Client();
    const signal = new AbortController().signal;
    const sizes = [];
    for (let round = 0; round < 5; round++) {
      for (let each = 0; each < 20_000; each += 40) {
        const calls = Array.from({ length: 38 }, (_, index) =>
          client.imageStatus({ ...${request}, detail: index % 10 === 0 }, index % 2 ? { signal } : {}));
        (await Promise.all(calls)).forEach((status) => status.failedRegions());
        client.imageStatusSync(${request}).percentComplete;
        await client.imageStatus({ ...${request}, imageId: -1 }).catch((error) => error.stack);
      }
      for (let each = 0; each < 3; each++) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
      const { rss, heapUsed, external } = process.memoryUsage();
      sizes.push({ rss, heapUsed, external });
    }
    console.log(JSON.stringify(sizes));
  `,
    { env: service.environment, node: [process.execPath, '--expose-gc'], limit: 840_000 },
  );
  assert.equal(result.code, 0, result.stderr);
  assert.ok(service.requests >= 97_500, `${service.requests} requests`);
  const sizes = JSON.parse(result.stdout);
  const growth = (name) => sizes.at(-1)[name] - sizes[1][name];
  // From the second round on: 60,000 calls. A leak of 30 bytes in each exceeds the limits.
  t.diagnostic(sizes.map(({ rss, heapUsed }) => `${(rss / 1e6).toFixed(1)} MB resident, ${(heapUsed / 1e6).toFixed(2)} MB heap`).join('; '));
  assert.ok(growth('heapUsed') < 1_000_000, `the heap grew by ${growth('heapUsed')} bytes`);
  assert.ok(growth('external') < 1_000_000, `external memory grew by ${growth('external')} bytes`);
  assert.ok(growth('rss') < 12_000_000, `the process grew by ${growth('rss')} bytes`);
});
