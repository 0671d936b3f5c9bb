// Packs the build into the tarballs that are published: the package, and one for each platform whose native module is in
// this folder. Usage: node scripts/pack.mjs FOLDER

import { deepEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import addons from '../dist/generated/addons.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? 'packages');
const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const licences = ['LICENSE-APACHE', 'LICENSE-MIT'];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

// Creates the manifest of each platform package, with the fields by which npm selects it.
run('npx', ['napi', 'create-npm-dirs'], project);
const platforms = readdirSync(join(project, 'npm'));
deepEqual(platforms, addons.platforms.toSorted(), 'package.json and the loader name different platforms');
for (const platform of platforms) {
  const binary = `${manifest.napi.binaryName}.${platform}.node`;
  if (!existsSync(join(project, binary))) continue;
  const place = join(project, 'npm', platform);
  for (const file of [binary, ...licences]) copyFileSync(join(project, file), join(place, file));
  pack(place);
}

// The package, with the platform packages as optional dependencies.
const staged = join(folder, 'staged');
mkdirSync(staged);
for (const file of [...manifest.files, 'README.md']) cpSync(join(project, file), join(staged, file), { recursive: true });
const { devDependencies, napi, scripts, ...published } = manifest;
published.optionalDependencies = Object.fromEntries(
  platforms.map((platform) => [`${manifest.name}-${platform}`, manifest.version]),
);
writeFileSync(join(staged, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
pack(staged);
rmSync(staged, { recursive: true });

function pack(place) {
  run('npm', ['pack', '--silent', '--pack-destination', folder], place);
}

function run(command, words, cwd) {
  execFileSync(command, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}
