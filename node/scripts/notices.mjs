// The licences of the crates that are linked into a package of the workspace: each text once, below the names of its crates.
// Usage: node scripts/notices.mjs TARGET PACKAGE

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(notices(...process.argv.slice(2)));

/** Returns the notices of a package such as `clanforge-node` for a target such as `x86_64-unknown-linux-gnu`. */
export function notices(target, root) {
  const texts = new Map();
  for (const { name, version, license, manifest_path } of linkedCrates(target, root)) {
    const folder = dirname(manifest_path);
    // In all folders: some crates contain other projects, such as the C code that they compile.
    const named = readdirSync(folder, { recursive: true }).filter((file) => /^(licen[cs]e|copying|notice|unlicense)/i.test(basename(file)));
    const files = named.map((file) => join(folder, file)).filter((file) => statSync(file).isFile());
    // Some crates are published without such a file: the notices name their licence instead.
    const found = files.length > 0 ? files.map((file) => readFileSync(file, 'utf8').trim()) : [`Licence: ${license}`];
    for (const text of found) texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
  }
  const sections = [...texts].map(([text, crates]) => `${crates.join(', ')}\n\n${text}\n`);
  return `This program or library contains these crates.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Returns the crates that are linked into the package: no macros, no build scripts, and none of the project. */
function linkedCrates(target, root) {
  const words = ['metadata', '--format-version', '1', '--locked', '--filter-platform', target];
  const { packages, resolve } = JSON.parse(execFileSync('cargo', words, { cwd: project, encoding: 'utf8', maxBuffer: 2 ** 28 }));
  const crates = new Map(packages.map((crate) => [crate.id, crate]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const linked = new Set();
  const visit = (id) => {
    if (linked.has(id) || crates.get(id).targets.some(({ kind }) => kind.includes('proc-macro'))) return;
    linked.add(id);
    for (const { pkg, dep_kinds } of nodes.get(id).deps) if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
  };
  visit(packages.find(({ name }) => name === root).id);
  return [...linked].map((id) => crates.get(id)).filter(({ source }) => source !== null);
}
