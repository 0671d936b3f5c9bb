// Measures the npm package side by side with what a user would pick instead: ratios of one run.
//
// Run it with `cargo xtask bench node`. Each rival is used as its documentation recommends: one agent for all calls, keys by
// Basic authentication, the status checked and the response read into an object. The server is the project's simulator in a
// process of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import axios from 'axios';
import { Client, ImageStatus } from 'clanforge';
import { Pool } from 'undici';

const rounds = 9;
const calls = 400;
const atOnce = 64;
const image = { accountServiceId: 1, imageId: 2 };
const path = '/cfp/v2/project/1/image/2/status';

const server = spawn(process.argv[2], ['simulate'], { stdio: ['ignore', 'pipe', 'pipe'] });
try {
  const [url] = await once(createInterface(server.stdout), 'line');
  await network(url, await readKeys());
} finally {
  server.kill();
}
decoding();

async function readKeys() {
  const found = {};
  for await (const line of createInterface(server.stderr)) {
    const [, name, value] = line.match(/export (\w+)=(.*)/) ?? [];
    if (name) found[name] = value;
    if (name === 'CLANFORGE_SECRET_KEY') break;
  }
  return [found.CLANFORGE_ACCESS_KEY, found.CLANFORGE_SECRET_KEY];
}

async function network(url, [accessKey, secretKey]) {
  const client = new Client({ baseUrl: url, accessKey, secretKey });
  const headers = { authorization: `Basic ${Buffer.from(`${accessKey}:${secretKey}`).toString('base64')}` };
  const pool = new Pool(url, { connections: atOnce });
  const overAxios = axios.create({ baseURL: url, auth: { username: accessKey, password: secretKey } });

  const ways = {
    clanforge: () => client.imageStatus(image),
    fetch: async () => {
      const response = await fetch(url + path, { headers });
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    },
    undici: async () => {
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
      if (statusCode !== 200) throw new Error(String(statusCode));
      return body.json();
    },
    axios: async () => (await overAxios.get(path)).data,
  };
  const one = await sideBySide(
    { ...ways, 'clanforge, sync': () => client.imageStatusSync(image) },
    async (call) => {
      for (let each = 0; each < calls; each++) await call();
      return calls;
    },
  );
  report('a small call, one after another', 'µs', one, { fetch: 0.5, undici: 1 });

  const { axios: _, ...quick } = ways;
  const many = await sideBySide(quick, async (call) => {
    const worker = async () => {
      for (let each = 0; each < 30; each++) await call();
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return atOnce * 30;
  });
  report(`${atOnce} calls at once, each`, 'µs', many, { undici: 1 / 1.2 });
  await pool.close();
}

function decoding() {
  const body = largeBody();
  const ours = () => ImageStatus.fromJSON(body).failedRegions();
  const bytes = Buffer.from(body);
  const oursOfBytes = () => ImageStatus.fromJSON(bytes).failedRegions();
  const overJson = () => {
    const failed = [];
    for (const [fleetId, fleet] of Object.entries(JSON.parse(body).fleets)) {
      for (const [regionId, region] of Object.entries(fleet.regions)) {
        if (region.failed_machines > 0) failed.push({ fleetId, regionId, name: region.name, failed: region.failed_machines });
      }
    }
    return failed;
  };
  if (ours().length !== overJson().length) throw new Error('they differ');
  const times = { clanforge: [], 'clanforge, from bytes': [], 'JSON.parse': [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of [['clanforge', ours], ['clanforge, from bytes', oursOfBytes], ['JSON.parse', overJson]]) {
      gc();
      const began = performance.now();
      for (let each = 0; each < 10; each++) way();
      times[name].push((performance.now() - began) / 10);
    }
  }
  report('20,000 regions decoded, and the failed ones listed', 'ms', medians(times), { 'JSON.parse': 1 });
}

async function sideBySide(ways, measure) {
  const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const began = performance.now();
      const done = await measure(way);
      times[name].push(((performance.now() - began) / done) * 1000);
    }
  }
  return medians(times);
}

/** Returns the median of each, the first round left out: it warms everything up. */
function medians(times) {
  const median = (values) => values.slice(1).sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

function report(title, unit, times, goals) {
  console.log(`\n${title}`);
  for (const [name, time] of Object.entries(times)) {
    const ratio = name.startsWith('clanforge') ? '' : `   clanforge / its = ${(times.clanforge / time).toFixed(2)}`;
    const goal = goals[name] === undefined ? '' : `  (goal: ${goals[name].toFixed(2)})`;
    console.log(`  ${name.padEnd(20)} ${time.toFixed(1).padStart(8)} ${unit}${ratio}${goal}`);
  }
}

function largeBody() {
  const counts = (failed) => ({ pending_machines: 1, failed_machines: failed, completed_machines: 40 });
  const hex = (number, digits) => number.toString(16).padStart(digits, '0');
  const fleets = {};
  for (let fleet = 0; fleet < 100; fleet++) {
    const regions = {};
    for (let region = 0; region < 200; region++) {
      regions[`${hex(region, 8)}-7c21-4b8f-b6d4-${hex(fleet, 12)}`] = { name: `Region ${region}`, ...counts(region % 20 === 0 ? 1 : 0) };
    }
    fleets[`7f3b1c52-0d4e-4c39-9a1b-${hex(fleet, 12)}`] = { ...counts(1), regions };
  }
  return JSON.stringify({ ...counts(100), fleets });
}
