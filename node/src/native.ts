/** Loads the native module, and explains why where it cannot be loaded. */

import type * as Addon from '../native';
import { platforms, requireAddon } from './generated/addons.js';
import { platform } from './platform.js';

/** @internal */
export type * as Native from '../native';

/** The native module could not be loaded. The message says what to do. */
export class LoadError extends Error {
  /** `code` is `ERR_CLANFORGE_UNSUPPORTED_PLATFORM`, `…_MISSING_PACKAGE`, `…_VERSION_MISMATCH` or `…_DLOPEN`. */
  constructor(readonly code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, 'name', { value: 'LoadError', configurable: true, writable: true });
  }
}

/** The version of this package. */
export const version = '0.1.0';

/** @internal The native module. */
export const native: typeof Addon = load();

function load(): typeof Addon {
  const target = platform();
  if (!platforms.includes(target)) {
    throw new LoadError(
      'ERR_CLANFORGE_UNSUPPORTED_PLATFORM',
      `clanforge has no package for ${target}, only for ${platforms.join(', ')}: ` +
        'build it from a checkout, if Rust supports this platform',
    );
  }
  const loaded = requireAddon(target, (error) => explain(error as NodeJS.ErrnoException, `clanforge-${target}`)) as typeof Addon;
  const found = loaded.version?.() ?? 'an unknown version';
  if (found !== version) {
    throw new LoadError(
      'ERR_CLANFORGE_VERSION_MISMATCH',
      `clanforge ${version} loaded the native module ${found}: ` +
        `install clanforge and clanforge-${target} in the same version, and remove other versions from lock files and caches`,
    );
  }
  return loaded;
}

function explain(cause: NodeJS.ErrnoException, where: string): LoadError {
  const { code, message } = cause;
  if (code === 'MODULE_NOT_FOUND' && message.includes(where)) {
    return new LoadError(
      'ERR_CLANFORGE_MISSING_PACKAGE',
      `could not find the optional package ${where} (${version}), which clanforge needs: ` +
        'install without --omit=optional or --no-optional, and on the platform where you run it; ' +
        'if the lock file was written on another platform, remove it and node_modules, and install again; ' +
        'if you use a bundler, mark clanforge as external',
      { cause },
    );
  }
  const reason =
    code === 'ERR_DLOPEN_DISABLED'
      ? 'because native addons are disabled in this process: ' +
        'start Node without --no-addons, or with --allow-addons where the permission model is enabled'
      : `from ${where}: ${message}: reinstall clanforge; on Linux it needs glibc 2.34 or newer, or musl`;
  return new LoadError('ERR_CLANFORGE_DLOPEN', `could not load the native module of clanforge ${reason}`, { cause });
}
