// The package in a bundle, which runs in a folder without node_modules, built by the scripts of the page on bundlers.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { createFolder, installed, root, runCommand } from '../fixtures.mjs';

const scripts = join(root, 'node/examples/bundle');
const action = `
  import { ClanforgeError, NotFoundError, simulate } from 'clanforge';
  const client = simulate('happy', { imageId: 2 }).client();
  const status = await client.imageStatus({ accountServiceId: 1, imageId: 2 });
  const error = await client.imageStatus({ accountServiceId: 1, imageId: 3 }).catch((error) => error);
  console.log(status.totalMachines, error.name, error instanceof NotFoundError, error instanceof ClanforgeError);
`;
const recipes = { 'ncc.sh': 'index.mjs', 'esbuild-commonjs.sh': 'action.js', 'esbuild-esm.sh': 'action.mjs' };

/** Bundles the action in a folder that has the package and these native modules, and returns the result of running it elsewhere. */
async function bundleAndRun(t, [name, file], addons) {
  const command = readFileSync(join(scripts, name), 'utf8');
  const [place, elsewhere] = [createFolder(), createFolder()];
  t.after(() => [place, elsewhere].forEach((folder) => rmSync(folder, { recursive: true })));
  mkdirSync(join(place, 'node_modules'));
  cpSync(join(installed, 'node_modules/clanforge'), join(place, 'node_modules/clanforge'), { recursive: true });
  for (const name of addons) symlinkSync(join(installed, 'node_modules', name), join(place, 'node_modules', name), 'dir');
  writeFileSync(join(place, 'action.mjs'), action);
  writeFileSync(join(place, 'action.cjs'), `(async () => {${action.replace("import", 'const').replace("from 'clanforge'", "= require('clanforge')")}})();`);
  const env = { PATH: `${join(installed, 'node_modules/.bin')}:${process.env.PATH}` };
  const bundled = await runCommand(['bash', '-c', command.replace('npx ', '')], { cwd: place, env });
  assert.equal(bundled.code, 0, bundled.stderr);
  renameSync(join(place, 'bundle'), join(elsewhere, 'bundle'));
  return runCommand([process.execPath, join(elsewhere, 'bundle', file)], { cwd: elsewhere });
}

const addons = readdirSync(join(installed, 'node_modules')).filter((name) => name.startsWith('clanforge-'));

describe('a bundle', { concurrency: true }, () => {
  it('is built by every script', () => {
    assert.deepEqual(readdirSync(scripts).sort(), Object.keys(recipes).sort());
  });

  for (const recipe of Object.entries(recipes)) {
    const [name] = recipe;
    it(`of ${name} has the native module and the names of errors`, async (t) => {
      const result = await bundleAndRun(t, recipe, addons);
      assert.deepEqual(result, { code: 0, signal: null, stdout: '54 NotFoundError true true\n', stderr: '' });
    });

    it(`of ${name} says what it lacks if the package of the platform was not installed`, async (t) => {
      const result = await bundleAndRun(t, recipe, []);
      assert.equal(result.code, 1);
      assert.match(result.stderr, /could not find the package clanforge-.* where you bundle.*mark clanforge as external/);
    });
  }
});
