// Builds the native module for this platform in the target folder of the project, and copies it to where a checkout loads it.
// Usage: node scripts/build-native.mjs [PROFILE], after `tsc`

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import native from '../dist/platform.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const [profile = 'source'] = process.argv.slice(2);

const words = ['build', '--locked', '--package', 'clanforge-node', '--profile', profile, '--message-format', 'json-render-diagnostics'];
const messages = execFileSync('cargo', words, { cwd: project, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] });
const artifact = messages
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .findLast(({ reason, target }) => reason === 'compiler-artifact' && target.name === 'clanforge_node');
const library = artifact.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
const platform = native.platform();
copyFileSync(library, `${project}clanforge.${platform}.node`);
// Where a checkout, or a link to it, finds its native module.
mkdirSync(`${project}node_modules/clanforge-${platform}`, { recursive: true });
copyFileSync(library, `${project}node_modules/clanforge-${platform}/index.node`);
