// What the tests of all CI systems share: a simulated service, and a project whose scripts log that they were run.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** How a rollout ends, by scenario. */
export const scenarios = {
  happy: { outcome: 'ready', exitCode: 0 },
  'failures-stay': { outcome: 'failed', exitCode: 1 },
  'never-starts': { outcome: 'not_started', exitCode: 6 },
};

/** The clanforge command that is tested. */
const command = process.env.CLANFORGE_COMMAND;

/** Returns the text of a file of the checkout. */
export const read = (file) => readFileSync(join(process.env.CLANFORGE_PROJECT, file), 'utf8');

/** Serves a scenario until the test ends, and returns the environment of its clients. */
export async function simulate(test, scenario) {
  const simulator = spawn(command, ['simulate', '--scenario', scenario], { stdio: ['ignore', 'pipe', 'ignore'] });
  test.after(() => simulator.kill());
  const [url] = await once(createInterface(simulator.stdout), 'line');
  return {
    CLANFORGE_ACCESS_KEY: 'simulator-access-key',
    CLANFORGE_ACCOUNT_SERVICE_ID: '1234',
    CLANFORGE_BASE_URL: url,
    // Nothing is downloaded, unless a test serves it.
    CLANFORGE_DOWNLOAD: 'http://127.0.0.1:9',
    CLANFORGE_SECRET_KEY: 'simulator-secret-key',
    CLANFORGE_SIMULATION: `${url}/simulation`,
  };
}

/** Serves HTTP until the test ends, and returns its URL. */
export async function serve(test, handler) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  test.after(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

/** Serves a release for this machine, whose command runs the tested one, and returns the URL of its folder. */
export async function release(test, project, version, isIntact) {
  const name = `clanforge-${version}-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-gnu`;
  project.write(`${name}/clanforge`, `#!/bin/sh\nexec '${command}' "$@"\n`, 0o755);
  spawnSync('tar', ['-czf', `${name}.tar.gz`, name], { cwd: project.folder });
  const archive = readFileSync(project.path(`${name}.tar.gz`));
  const sum = createHash('sha256').update(isIntact ? archive : 'another archive').digest('hex');
  const files = {
    [`/${name}.tar.gz`]: archive,
    '/SHA256SUMS': `${sum}  ${name}.tar.gz\n`,
    '/install.sh': read('install.sh'),
  };
  return serve(test, ({ url }, response) => response.writeHead(url in files ? 200 : 404).end(files[url]));
}

/** A project in a directory of its own, with the scripts that the recipes run. */
export class Project {
  constructor(test) {
    this.folder = mkdtempSync(join(tmpdir(), 'clanforge-pipeline-'));
    test.after(() => rmSync(this.folder, { recursive: true, force: true }));
    this.write('log', '');
    this.script('start-the-rollout', 'echo started');
    this.script('switch-players-over', 'echo switched over');
    this.script('tell-the-team', 'echo "told: $*"');
  }

  /** Returns the path of a file whose directory exists. */
  path(...names) {
    const path = join(this.folder, ...names);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  write(file, text, mode = 0o644) {
    writeFileSync(this.path(file), text, { mode });
  }

  /** Writes a script whose output goes to the log, and to standard output. */
  script(name, line) {
    this.write(`work/${name}`, `#!/bin/sh\n${line} | tee -a '${this.path('log')}'\n`, 0o755);
  }

  /** Puts a program on the PATH. */
  program(name, text) {
    this.write(`bin/${name}`, text, 0o755);
  }

  /** Puts the clanforge command on the PATH. */
  installCommand() {
    symlinkSync(command, this.path('bin/clanforge'));
  }

  /** Runs a program in the project with nothing but this environment, and returns its exit code and output. */
  async run(program, args, environment = {}) {
    const child = spawn(program, args, {
      cwd: join(this.folder, 'work'),
      env: { HOME: this.folder, PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    const [exitCode] = await once(child, 'close');
    return { exitCode, output };
  }

  /** Commits all files, as a CI system checks them out. */
  async commit() {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
    for (const args of [['init'], ['add', '--all'], ['commit', '--message=Release']]) {
      const { exitCode, output } = await this.run('git', [...identity, ...args]);
      if (exitCode !== 0) throw new Error(output);
    }
  }

  /** The lines that the scripts have written. */
  get log() {
    return readFileSync(this.path('log'), 'utf8').split('\n').slice(0, -1);
  }
}
