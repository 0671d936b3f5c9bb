// Packs the build into the tarballs that are published: the package, and one for each platform whose native module is in
// this folder. Usage: node scripts/pack.mjs [FOLDER]

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import addons from '../dist/generated/addons.js';
import { notices } from './notices.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? 'packages');
const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const licences = ['LICENSE-APACHE', 'LICENSE-MIT'];
const { devDependencies, scripts, ...published } = manifest;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

for (const [platform, target] of Object.entries(addons.platforms)) {
  const main = `clanforge.${platform}.node`;
  if (!existsSync(join(project, main))) continue;
  const name = `${manifest.name}-${platform}`;
  const { version, license, engines } = manifest;
  const [os, cpu, abi] = platform.split('-');
  // npm installs the package on these platforms only.
  const libc = os === 'linux' ? { libc: [abi === 'gnu' ? 'glibc' : abi] } : {};
  const description = `The native module of ${manifest.name} for ${platform}`;
  const files = [main, ...licences, 'THIRD-PARTY-NOTICES'];
  pack(
    { name, version, description, license, engines, os: [os], cpu: [cpu], ...libc, main, files },
    { 'README.md': `# ${name}\n\n${description}.\n`, 'THIRD-PARTY-NOTICES': notices(target, project) },
  );
}

// The package, with the platform packages as optional dependencies.
const optionalDependencies = Object.fromEntries(Object.keys(addons.platforms).map((platform) => [`${manifest.name}-${platform}`, manifest.version]));
pack({ ...published, optionalDependencies }, { 'README.md': readFileSync(join(project, 'README.md'), 'utf8') });

/** Packs a package with this manifest, these texts, and the files of this folder that the manifest names. */
function pack(packed, texts) {
  const staged = join(folder, 'staged');
  mkdirSync(staged);
  for (const [file, text] of Object.entries({ ...texts, 'package.json': `${JSON.stringify(packed, null, 2)}\n` })) {
    writeFileSync(join(staged, file), text);
  }
  for (const file of packed.files) if (!(file in texts)) cpSync(join(project, file), join(staged, file), { recursive: true });
  const windows = process.platform === 'win32';
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: staged, stdio: ['ignore', 'ignore', 'inherit'], shell: windows });
  rmSync(staged, { recursive: true });
}
