// The package in a bundle, which runs in a folder without node_modules: the recipes of the page.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { createFolder, installed, root, runCommand } from '../fixtures.mjs';

const page = readFileSync(join(root, 'node/README.md'), 'utf8');
const action = `
  import { ClanforgeError, NotFoundError, simulate } from 'clanforge';
  const client = simulate('happy', { imageId: 2 }).client();
  const status = await client.imageStatus({ accountServiceId: 1, imageId: 2 });
  const error = await client.imageStatus({ accountServiceId: 1, imageId: 3 }).catch((error) => error);
  console.log(status.totalMachines, error.name, error instanceof NotFoundError, error instanceof ClanforgeError);
`;
const recipes = {
  'ncc': ['npx ncc build action.mjs -o bundle --minify', 'index.mjs'],
  'esbuild, as CommonJS': ['npx esbuild action.cjs --bundle --minify --platform=node --loader:.node=copy --outdir=bundle', 'action.js'],
  'esbuild, as ESM': [
    'npx esbuild action.mjs --bundle --minify --platform=node --format=esm --loader:.node=copy --outdir=bundle --out-extension:.js=.mjs ' +
      `--banner:js="import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"`,
    'action.mjs',
  ],
};

/** Bundles the action in a folder that has the package and these native modules, and returns the result of running it elsewhere. */
async function bundleAndRun(t, [command, file], addons) {
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
  for (const [name, recipe] of Object.entries(recipes)) {
    it(`of ${name} has the native module and the names of errors`, async (t) => {
      assert.ok(page.includes(recipe[0]), 'the page has another recipe');
      const result = await bundleAndRun(t, recipe, addons);
      assert.deepEqual(result, { code: 0, signal: null, stdout: '54 NotFoundError true true\n', stderr: '' });
    });

    it(`of ${name} says what it lacks where the package of the platform was not installed`, async (t) => {
      const result = await bundleAndRun(t, recipe, []);
      assert.equal(result.code, 1);
      assert.match(result.stderr, /could not find the package clanforge-.* where you bundle.*mark clanforge as external/);
    });
  }
});
