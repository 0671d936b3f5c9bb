/** Finds and loads the native module, and explains why where it cannot be loaded. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type * as Native from '../native';
import { platform, platforms } from './platform.js';

/** The native module could not be loaded. The message says what to do. */
export class LoadError extends Error {
  /** `code` is `ERR_CLANFORGE_UNSUPPORTED_PLATFORM`, `…_MISSING_PACKAGE`, `…_VERSION_MISMATCH` or `…_DLOPEN`. */
  constructor(readonly code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, 'name', { value: 'LoadError', configurable: true, writable: true });
  }
}

const root = join(__dirname, '..');

/** The version of this package. */
export const version = '0.1.0';

/** @internal The native module. */
export const native: typeof Native = load();

function load(): typeof Native {
  const target = platform();
  if (!platforms.includes(target)) {
    throw new LoadError(
      'ERR_CLANFORGE_UNSUPPORTED_PLATFORM',
      `clanforge has no package for ${target}, only for ${platforms.join(', ')}: ` +
        'build it from a checkout, if Rust supports this platform',
    );
  }
  const loaded = open(target);
  const found = typeof loaded.version === 'function' ? loaded.version() : 'an unknown version';
  if (found !== version) {
    throw new LoadError(
      'ERR_CLANFORGE_VERSION_MISMATCH',
      `clanforge ${version} loaded the native module ${found}: ` +
        `install clanforge and clanforge-${target} in the same version, and remove other versions from lock files and caches`,
    );
  }
  return loaded;
}

function open(target: string): typeof Native {
  // In a checkout, the build script puts it there.
  const built = join(root, `clanforge.${target}.node`);
  const where = existsSync(built) ? built : `clanforge-${target}`;
  try {
    return require(where) as typeof Native;
  } catch (error) {
    const [code, message] = explain(error as NodeJS.ErrnoException, where, target);
    throw new LoadError(code, message, { cause: error });
  }
}

/** Returns the code and the message of a `LoadError`. */
function explain({ code, message }: NodeJS.ErrnoException, where: string, target: string): [code: string, message: string] {
  if (code === 'MODULE_NOT_FOUND' && message.includes(where)) {
    return [
      'ERR_CLANFORGE_MISSING_PACKAGE',
      `could not find the optional package clanforge-${target} (${version}), which clanforge needs: ` +
        'install without --omit=optional or --no-optional, and on the platform where you run it; ' +
        'if the lock file was written on another platform, remove it and node_modules, and install again; ' +
        'if you use a bundler, mark clanforge as external',
    ];
  }
  const problem = 'could not load the native module of clanforge';
  const details =
    code === 'ERR_DLOPEN_DISABLED'
      ? 'because native addons are disabled in this process: ' +
        'start Node without --no-addons, or with --allow-addons where the permission model is enabled'
      : `from ${where}: ${message}: reinstall clanforge; on Linux it needs glibc 2.34 or newer, or musl`;
  return ['ERR_CLANFORGE_DLOPEN', `${problem} ${details}`];
}
