// Loading the native module, and the errors if it cannot be loaded.

import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { createFolder, installed, root, runCommand } from '../fixtures.mjs';

const platform = readdirSync(join(installed, 'node_modules')).find((name) => name.startsWith('clanforge-'));

/** Changes a copy of the installed package, and returns the result of loading it. */
async function load(change, before = '', flags = []) {
  const place = createFolder();
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
  const { stdout, code, stderr } = await runCommand([process.execPath, ...flags, script], { cwd: place });
  rmSync(place, { recursive: true });
  assert.deepEqual([code, stderr], [0, '']);
  return stdout.startsWith('loaded') ? stdout.trim() : JSON.parse(stdout);
}

it('loads the installed package', async () => {
  assert.equal(await load(() => {}), 'loaded');
});

it('names a platform without a package', async () => {
  const result = await load(() => {}, `Object.defineProperty(process, 'platform', { value: 'sunos' });`);
  assert.equal(result.code, 'ERR_CLANFORGE_UNSUPPORTED_PLATFORM');
  assert.match(result.message, /no package for sunos-.*linux-x64-gnu.*build the native module from a checkout/);
});

it('names the optional package that is missing', async () => {
  const result = await load((modules) => rmSync(join(modules, platform), { recursive: true }));
  assert.equal(result.code, 'ERR_CLANFORGE_MISSING_PACKAGE');
  assert.match(result.message, new RegExp(`could not find the package ${platform} .*--omit=optional`));
  assert.equal(result.cause, 'MODULE_NOT_FOUND');
});

it('says how to pack a copy with the native module if a checkout was copied without it', async () => {
  const result = await load((modules) => {
    rmSync(join(modules, platform), { recursive: true });
    copyFileSync(join(root, 'node/package.json'), join(modules, 'clanforge/package.json'));
  });
  assert.equal(result.code, 'ERR_CLANFORGE_MISSING_PACKAGE');
  assert.match(result.message, /made from a checkout without its native module: run `npm run pack` there/);
  assert.doesNotMatch(result.message, /--omit/);
});

it('loads the file that NAPI_RS_NATIVE_LIBRARY_PATH names', async () => {
  const place = join(createFolder(), 'renamed.node');
  const [binary] = readdirSync(join(installed, 'node_modules', platform)).filter((name) => name.endsWith('.node'));
  symlinkSync(join(installed, 'node_modules', platform, binary), place);
  const before = (file) => `process.env.NAPI_RS_NATIVE_LIBRARY_PATH = ${JSON.stringify(file)};`;
  const remove = (modules) => rmSync(join(modules, platform), { recursive: true });
  assert.equal(await load(remove, before(place)), 'loaded');
  assert.equal(await load(remove, `Object.defineProperty(process, 'platform', { value: 'sunos' }); ${before(place)}`), 'loaded');
  const result = await load(() => {}, before(`${place}.missing`));
  assert.equal(result.code, 'ERR_CLANFORGE_DLOPEN');
  assert.match(result.message, /renamed\.node\.missing, which NAPI_RS_NATIVE_LIBRARY_PATH names/);
});

it('has the licences of the package and of the crates in the package of a platform', () => {
  const read = (file) => readFileSync(join(installed, 'node_modules', platform, file), 'utf8');
  assert.match(read('LICENSE-MIT'), /Permission is hereby granted/);
  assert.match(read('LICENSE-APACHE'), /Apache License/);
  const notices = read('THIRD-PARTY-NOTICES');
  for (const name of ['ring', 'rustls', 'tokio', 'napi', 'serde_json']) assert.match(notices, new RegExp(`\\b${name} \\d+\\.`));
  // The C code that a crate contains has another licence than the crate.
  assert.match(notices, /Microsoft Corporation, Daan Leijen/);
  // These crates are not part of any native module.
  for (const name of ['clanforge-core', 'napi-derive', 'napi-build', 'windows-sys']) assert.doesNotMatch(notices, new RegExp(`\\b${name} \\d`));
});

it('names versions of the package and the native module that differ', async () => {
  const result = await load((modules) => {
    const file = join(modules, 'clanforge/dist/native.js');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/'\d+\.\d+\.\d+'/g, "'99.0.0'"));
  });
  assert.equal(result.code, 'ERR_CLANFORGE_VERSION_MISMATCH');
  assert.match(result.message, /clanforge 99\.0\.0 loaded the native module \d.*in the same version/);
});

it('names the option that disables native addons', async () => {
  const result = await load(() => {}, '', ['--no-addons']);
  assert.equal(result.code, 'ERR_CLANFORGE_DLOPEN');
  assert.match(result.message, /start Node without --no-addons/);
});

it('has the error of the system when the library cannot be opened', async () => {
  const result = await load((modules) => {
    const [binary] = readdirSync(join(modules, platform)).filter((name) => name.endsWith('.node'));
    writeFileSync(join(modules, platform, binary), 'not a library');
  });
  assert.equal(result.code, 'ERR_CLANFORGE_DLOPEN');
  assert.match(result.message, /could not load the native module of clanforge from .*(ELF|mach-o|Win32|too short|invalid).*reinstall clanforge/i);
});
