/** Finds and loads the native half, and says what is wrong where it cannot be loaded. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type * as Native from '../native';
import { platform, platforms } from './platform.js';

/** Why the native half could not be loaded; its message says what to do. */
export class LoadError extends Error {
  /** `ERR_CLANFORGE_UNSUPPORTED_PLATFORM`, `…_MISSING_PACKAGE`, `…_VERSION_MISMATCH` or `…_DLOPEN`. */
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, 'name', { value: 'LoadError', configurable: true, writable: true });
    this.code = code;
  }
}

const root = join(__dirname, '..');

/** The version of this package. */
export const version = '0.1.0';

/** @internal The native half. */
export const native: typeof Native = load();

function load(): typeof Native {
  const target = platform();
  if (!platforms.includes(target)) {
    throw new LoadError(
      'ERR_CLANFORGE_UNSUPPORTED_PLATFORM',
      `clanforge has no package for ${target}: it has some for ${platforms.join(', ')}. ` +
        'Build it from a checkout, where Rust can compile for this platform.',
    );
  }
  const loaded = open(target);
  const found = typeof loaded.version === 'function' ? loaded.version() : 'of a version that says nothing of itself';
  if (found !== version) {
    throw new LoadError(
      'ERR_CLANFORGE_VERSION_MISMATCH',
      `clanforge is ${version} and its native half is ${found}: ` +
        `install clanforge and clanforge-${target} in the same version, and remove what else a lock file or a cache holds.`,
    );
  }
  return loaded;
}

function open(target: string): typeof Native {
  // In a checkout it lies where it was built.
  const built = join(root, `clanforge.${target}.node`);
  const where = existsSync(built) ? built : `clanforge-${target}`;
  try {
    return require(where) as typeof Native;
  } catch (error) {
    const reason = error as NodeJS.ErrnoException;
    if (reason.code === 'MODULE_NOT_FOUND' && reason.message.includes(where)) {
      throw new LoadError(
        'ERR_CLANFORGE_MISSING_PACKAGE',
        `clanforge needs its optional package clanforge-${target} (${version}), which is not installed: ` +
          'install without --omit=optional or --no-optional, and on the platform that it is used on; ' +
          'where a lock file was written elsewhere, remove node_modules and the lock file, and install again; ' +
          'where a bundler took clanforge into its own file, mark it as external.',
        { cause: error },
      );
    }
    if (reason.code === 'ERR_DLOPEN_DISABLED') {
      throw new LoadError(
        'ERR_CLANFORGE_DLOPEN',
        'clanforge cannot load its native half, because this process was told to load none: ' +
          'start Node without --no-addons, or with --allow-addons where permissions are on.',
        { cause: error },
      );
    }
    throw new LoadError(
      'ERR_CLANFORGE_DLOPEN',
      `clanforge cannot load its native half from ${where}: ${reason.message}. ` +
        'Install it again; on Linux it needs glibc 2.34 or newer, or musl.',
      { cause: error },
    );
  }
}
