// The package within a process: how that ends, what its threads do, and what it holds.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { played, run, silent } from './helpers.mjs';

const request = '{ accountServiceId: 1, imageId: 2 }';

it('lets the process exit by itself after the last call', async (t) => {
  const { environment: env } = played(t);
  const begun = performance.now();
  const ended = await run(
    `
    import { Client, simulate } from 'clanforge';
    const client = new Client();
    simulate();
    const updates = client.watch(${request});
    await updates.next();
    console.log((await client.imageStatus(${request})).totalMachines, client.imageStatusSync(${request}).totalMachines);
  `,
    { env },
  );
  assert.deepEqual(ended, { code: 0, signal: null, stdout: '54 54\n', stderr: '' });
  assert.ok(performance.now() - begun < 10_000);
});

it('keeps the process alive while a call is in flight, and only then', async (t) => {
  const { url } = await silent(t);
  const ended = await run(`
    import { Client } from 'clanforge';
    const client = new Client({ baseUrl: '${url}', token: 't', retries: 0, timeoutMs: 700 });
    const begun = performance.now();
    client.imageStatus(${request}).catch((error) => console.log(error.code, performance.now() - begun > 600));
  `);
  assert.deepEqual(ended, { code: 0, signal: null, stdout: 'ERR_CLANFORGE_TIMEOUT true\n', stderr: '' });
});

it('serves fifty worker threads that end', async (t) => {
  const service = played(t);
  const ended = await run(
    `
    import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
    import { once } from 'node:events';
    import { fileURLToPath } from 'node:url';

    if (isMainThread) {
      // Loaded by the threads alone: the last that ends must not take it away from under what still runs.
      const threads = Array.from({ length: 50 }, () => new Worker(fileURLToPath(import.meta.url)));
      const answers = await Promise.all(threads.map(async (thread) => {
        const [[answer], [code]] = await Promise.all([once(thread, 'message'), once(thread, 'exit')]);
        return answer === 54 * 8 && code === 0;
      }));
      console.log(answers.length, answers.every(Boolean));
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
  assert.deepEqual(ended, { code: 0, signal: null, stdout: '50 true\n', stderr: '' });
  assert.equal(service.requests, 400);
});

it('serves worker threads one after another, where the first took it along', async (t) => {
  const { environment: env } = played(t);
  const ended = await run(
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
  assert.deepEqual(ended, { code: 0, signal: null, stdout: 'end\n', stderr: '' });
});

it('survives worker threads that are ended in the middle of a call', async (t) => {
  const { url } = await silent(t);
  const ended = await run(`
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
      parentPort.postMessage('begun');
    }
  `);
  assert.deepEqual(ended, { code: 0, signal: null, stdout: 'end\n', stderr: '' });
});

it('reads the environment of its own thread', async (t) => {
  const service = played(t);
  const ended = await run(`
    import { Worker, isMainThread } from 'node:worker_threads';
    import { fileURLToPath } from 'node:url';

    if (isMainThread) {
      new Worker(fileURLToPath(import.meta.url), { env: ${JSON.stringify(service.environment)} });
    } else {
      const { imageStatus } = await import('clanforge');
      console.log((await imageStatus(${request})).totalMachines);
    }
  `);
  assert.deepEqual(ended, { code: 0, signal: null, stdout: '54\n', stderr: '' });
});

for (const delay of [0, 1, 5, 20, 60]) {
  it(`exits in the middle of calls, after ${delay} ms`, async (t) => {
    const { environment: env } = played(t);
    const ended = await run(
      `
      import { Client } from 'clanforge';
      const client = new Client();
      const forever = async () => { for (;;) await client.imageStatus(${request}); };
      for (let each = 0; each < 16; each++) forever();
      setTimeout(() => process.exit(7), ${delay});
    `,
      { env },
    );
    assert.deepEqual(ended, { code: 7, signal: null, stdout: '', stderr: '' });
  });
}

it('holds no more after a hundred thousand calls than after the first ones', { timeout: 300_000 }, async (t) => {
  const service = played(t);
  const ended = await run(
    `
    import { Client } from 'clanforge';
    const client = new Client();
    const signal = new AbortController().signal;
    const sizes = [];
    for (let round = 0; round < 5; round++) {
      for (let each = 0; each < 20_000; each += 40) {
        const calls = Array.from({ length: 38 }, (_, index) =>
          client.imageStatus({ ...${request}, detail: index % 10 === 0 }, index % 2 ? { signal } : {}));
        (await Promise.all(calls)).forEach((status) => status.failedRegions);
        client.imageStatusSync(${request}).percentComplete;
        await client.imageStatus({ ...${request}, imageId: -1 }).catch((error) => error.stack);
      }
      for (let each = 0; each < 3; each++) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
      const { rss, heapUsed, external } = process.memoryUsage();
      sizes.push({ rss, heapUsed, external });
    }
    console.log(JSON.stringify(sizes));
  `,
    { env: service.environment, node: [process.execPath, '--expose-gc'], limit: 280_000 },
  );
  assert.equal(ended.code, 0, ended.stderr);
  assert.ok(service.requests >= 97_500, `${service.requests} requests`);
  const sizes = JSON.parse(ended.stdout);
  const grown = (name) => sizes.at(-1)[name] - sizes[1][name];
  // From the second round on: 60,000 calls. A leak of 30 bytes in each would show.
  t.diagnostic(sizes.map(({ rss, heapUsed }) => `${(rss / 1e6).toFixed(1)} MB resident, ${(heapUsed / 1e6).toFixed(2)} MB heap`).join('; '));
  assert.ok(grown('heapUsed') < 1_000_000, `the heap grew by ${grown('heapUsed')} bytes`);
  assert.ok(grown('external') < 1_000_000, `what is outside of it grew by ${grown('external')} bytes`);
  assert.ok(grown('rss') < 12_000_000, `the process grew by ${grown('rss')} bytes`);
});
