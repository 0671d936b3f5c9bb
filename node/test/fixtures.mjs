// What the tests share: a service that is played, a server that never answers, and Node as a user runs it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { simulate } from 'clanforge';

/** Where the package is installed, and these tests lie. */
export const installed = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The project's own files. */
export const root = process.env.CLANFORGE_PROJECT;

for (const name of Object.keys(process.env)) {
  if (name.startsWith('CLANFORGE_') && name !== 'CLANFORGE_PROJECT') delete process.env[name];
  if (name.toLowerCase().endsWith('_proxy') || /^(SSL_CERT|NODE_EXTRA_CA|REQUESTS_CA)/.test(name)) delete process.env[name];
}

export const image = { accountServiceId: 1234, imageId: 5678 };
export const keys = { accessKey: 'key', secretKey: 'secret' };
/** What is promised for an end before its time, in milliseconds. */
export const atOnce = 100;

/** Plays a scenario until the test ends. */
export function played(t, scenario = 'happy', options = {}) {
  const service = simulate(scenario, options);
  t.after(() => service.close());
  return service;
}

/** A server that takes connections and never answers; it notes when a client closes one. */
export async function silent(t) {
  const server = createServer();
  const noted = {};
  noted.asked = new Promise((resolve) => (noted.ask = resolve));
  noted.closed = new Promise((resolve) => (noted.close = resolve));
  server.on('connection', (socket) => {
    socket.on('data', () => noted.ask());
    socket.on('error', () => {});
    socket.on('close', () => noted.close(performance.now()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, asked: noted.asked, closed: noted.closed };
}

/** Runs a script beside the installed package, and returns how it ended. */
export async function run(script, { env = {}, node = [process.execPath], extension = 'mjs', limit = 60_000 } = {}) {
  const folder = mkdtempSync(join(installed, 'script-'));
  const file = join(folder, `script.${extension}`);
  writeFileSync(file, script);
  return ended([...node, file], { env, limit });
}

/** Runs a command, and returns how it ended. */
export async function ended(words, { env = {}, cwd = installed, limit = 60_000, started = () => {}, shell = false } = {}) {
  const [command, ...rest] = words;
  const child = spawn(command, rest, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], shell });
  const texts = { stdout: '', stderr: '' };
  for (const name of Object.keys(texts)) child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  started(child, texts);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  return { code, signal, ...texts };
}

/** A folder of its own. */
export function folder() {
  return mkdtempSync(join(tmpdir(), 'clanforge-'));
}
