// Packs the build into the tarballs that are published: the package, and one for each platform whose native module is in
// the folder ADDONS, by default this one. Usage: node scripts/pack.mjs [FOLDER] [ADDONS]

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import addons from '../dist/generated/addons.js';
import { notices } from './notices.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? 'packages');
const addonsFolder = resolve(process.argv[3] ?? project);
const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const licences = ['LICENSE-APACHE', 'LICENSE-MIT'];
const { devDependencies, scripts, ...published } = manifest;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

for (const [platform, target] of Object.entries(addons.platforms)) {
  const main = `clanforge.${platform}.node`;
  if (!existsSync(join(addonsFolder, main))) continue;
  const name = `${manifest.name}-${platform}`;
  const { version, license, engines, homepage, bugs, repository } = manifest;
  const [os, cpu, abi] = platform.split('-');
  // npm installs the package on these platforms only.
  const libc = os === 'linux' ? { libc: [abi === 'gnu' ? 'glibc' : abi] } : {};
  const description = `The native module of ${manifest.name} for ${platform}`;
  const files = [main, ...licences, 'THIRD-PARTY-NOTICES'];
  pack(
    { name, version, description, homepage, bugs, repository, license, type: 'commonjs', engines, os: [os], cpu: [cpu], ...libc, main, files },
    { 'README.md': `# ${name}\n\n${description}.\n`, 'THIRD-PARTY-NOTICES': notices(target, 'clanforge-node') },
    { [main]: join(addonsFolder, main) },
  );
}

// The package, with the platform packages as optional dependencies.
const optionalDependencies = Object.fromEntries(Object.keys(addons.platforms).map((platform) => [`${manifest.name}-${platform}`, manifest.version]));
pack({ ...published, optionalDependencies }, { 'README.md': readFileSync(join(project, 'README.md'), 'utf8') });

/** Packs a package with this manifest, these texts, and the files that the manifest names: from `elsewhere`, or else from this folder. */
function pack(packed, texts, elsewhere = {}) {
  const staged = join(folder, 'staged');
  mkdirSync(staged);
  for (const [file, text] of Object.entries({ ...texts, 'package.json': `${JSON.stringify(packed, null, 2)}\n` })) {
    writeFileSync(join(staged, file), text);
  }
  for (const file of packed.files) if (!(file in texts)) cpSync(elsewhere[file] ?? join(project, file), join(staged, file), { recursive: true });
  const windows = process.platform === 'win32';
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: staged, stdio: ['ignore', 'ignore', 'inherit'], shell: windows });
  rmSync(staged, { recursive: true });
}
