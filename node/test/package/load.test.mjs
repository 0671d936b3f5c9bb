// Why the native half cannot be loaded, and what to do about it.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { ended, folder, installed } from './helpers.mjs';

const platform = readdirSync(join(installed, 'node_modules')).find((name) => name.startsWith('clanforge-'));

/** Returns what loading says in a copy of what is installed, after this was done to it. */
async function load(change, before = '', flags = []) {
  const place = folder();
  mkdirSync(join(place, 'node_modules'));
  for (const name of ['clanforge', platform]) cpSync(join(installed, 'node_modules', name), join(place, 'node_modules', name), { recursive: true });
  change(join(place, 'node_modules'));
  const script = join(place, 'script.cjs');
  writeFileSync(
    script,
    `${before}
    try { require('clanforge'); console.log('loaded'); }
    catch (error) { console.log(JSON.stringify({ code: error.code, name: error.name, message: error.message, cause: error.cause?.code })); }`,
  );
  const { stdout, code, stderr } = await ended([process.execPath, ...flags, script], { cwd: place });
  rmSync(place, { recursive: true });
  assert.deepEqual([code, stderr], [0, '']);
  return stdout.startsWith('loaded') ? stdout.trim() : JSON.parse(stdout);
}

it('loads as it was installed', async () => {
  assert.equal(await load(() => {}), 'loaded');
});

it('names a platform that it has no package for', async () => {
  const found = await load(() => {}, `Object.defineProperty(process, 'platform', { value: 'sunos' });`);
  assert.equal(found.code, 'ERR_CLANFORGE_UNSUPPORTED_PLATFORM');
  assert.match(found.message, /no package for sunos-.*linux-x64-gnu.*Build it from a checkout/);
});

it('names the optional package that is missing', async () => {
  const found = await load((modules) => rmSync(join(modules, platform), { recursive: true }));
  assert.equal(found.code, 'ERR_CLANFORGE_MISSING_PACKAGE');
  assert.match(found.message, new RegExp(`needs its optional package ${platform}.*--omit=optional`));
  assert.equal(found.cause, 'MODULE_NOT_FOUND');
});

it('names versions that do not belong together', async () => {
  const found = await load((modules) => {
    const file = join(modules, 'clanforge/dist/native.js');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/'\d+\.\d+\.\d+'/g, "'99.0.0'"));
  });
  assert.equal(found.code, 'ERR_CLANFORGE_VERSION_MISMATCH');
  assert.match(found.message, /clanforge is 99\.0\.0 and its native half is \d.*in the same version/);
});

it('says so where the process may load nothing native', async () => {
  const found = await load(() => {}, '', ['--no-addons']);
  assert.equal(found.code, 'ERR_CLANFORGE_DLOPEN');
  assert.match(found.message, /start Node without --no-addons/);
});

it('gives the reason of the system where the library cannot be opened', async () => {
  const found = await load((modules) => {
    const [binary] = readdirSync(join(modules, platform)).filter((name) => name.endsWith('.node'));
    writeFileSync(join(modules, platform, binary), 'no library');
  });
  assert.equal(found.code, 'ERR_CLANFORGE_DLOPEN');
  assert.match(found.message, /cannot load its native half from .*(ELF|mach-o|Win32|too short|invalid).*Install it again/i);
});
