// The fixtures of all tests: simulators, a server that never responds, and scripts and commands in their own process.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { simulate } from 'clanforge';

/** The folder where the package is installed. The tests are in its folder `test`. */
export const installed = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The root folder of the project. */
export const root = process.env.CLANFORGE_PROJECT;

for (const name of Object.keys(process.env)) {
  if (name.startsWith('CLANFORGE_') && name !== 'CLANFORGE_PROJECT') delete process.env[name];
  if (name.toLowerCase().endsWith('_proxy') || /^(SSL_CERT|NODE_EXTRA_CA|REQUESTS_CA)/.test(name)) delete process.env[name];
}

export const image = { accountServiceId: 1234, imageId: 5678 };
export const keys = { accessKey: 'key', secretKey: 'secret' };
/** Settings with which a call ends only by cancellation. */
export const patient = { ...keys, timeoutMs: 3_600_000, attemptTimeoutMs: 3_600_000, retries: 0 };
/** How long a test waits for an event before it fails, in milliseconds. No assertion depends on it. */
const long = 60_000;

/** Starts a simulator that runs until the test ends. */
export function startSimulator(t, scenario = 'happy', options = {}) {
  const service = simulate(scenario, options);
  t.after(() => service.close());
  return service;
}

/**
 * Starts a server that accepts connections and never responds.
 *
 * `receivedRequest` resolves on the first request, `closedByClient` when a client closes its connection. Where a client keeps
 * a connection open, the server closes it in the end, and `closedByClient` rejects.
 */
export async function startSilentServer(t) {
  const server = createServer();
  const receivedRequest = withResolvers();
  const closedByClient = withResolvers();
  closedByClient.promise.catch(() => {});
  server.on('connection', (socket) => {
    socket.setTimeout(long, () => {
      closedByClient.reject(new Error('the client kept its connection open'));
      socket.destroy();
    });
    socket.on('data', receivedRequest.resolve);
    socket.on('error', () => {});
    socket.on('close', closedByClient.resolve);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    receivedRequest: receivedRequest.promise,
    closedByClient: closedByClient.promise,
  };
}

/** Resolves in the next turn of the event loop, after the reactions of all promises that are settled by then. */
export function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Starts a program of the project, and returns what it writes in its first line, in JSON, and how to stop it. */
export async function startProgram(name, ...args) {
  const program = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', `${name}${process.platform === 'win32' ? '.exe' : ''}`);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const stop = async () => {
    const closed = once(child, 'close');
    child.stdin.end();
    await closed;
  };
  child.on('error', () => {});
  for await (const line of createInterface({ input: child.stdout })) return { output: JSON.parse(line), stop };
  throw new Error(`could not start ${program}: run \`cargo build --package ${name}\``);
}

/** Runs a script beside the installed package, and returns its exit code, signal and output. */
export async function runScript(script, { env = {}, node = [process.execPath], extension = 'mjs', limit = 300_000 } = {}) {
  const folder = mkdtempSync(join(installed, 'script-'));
  const file = join(folder, `script.${extension}`);
  writeFileSync(file, script);
  return runCommand([...node, file], { env, limit });
}

/** Runs a command, and returns its exit code, signal and output. */
export async function runCommand(words, { env = {}, cwd = installed, limit = 300_000, onStart = () => {}, onOutput = () => {}, shell = false } = {}) {
  const [command, ...rest] = words;
  const child = spawn(command, rest, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], shell });
  onStart(child);
  const output = { stdout: '', stderr: '' };
  for (const name of Object.keys(output)) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
      onOutput(child, output);
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  return { code, signal, ...output };
}

/** Creates a temporary folder. */
export function createFolder() {
  return mkdtempSync(join(tmpdir(), 'clanforge-'));
}

// Node 20 has no Promise.withResolvers.
function withResolvers() {
  const resolvers = {};
  resolvers.promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
  return resolvers;
}
