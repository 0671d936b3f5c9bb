/** Loads the native module. If this fails, the error explains why and what to do. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debuglog } from 'node:util';

import type * as Addon from '../native';
import { platforms, requireAddon } from './generated/addons.js';
import { platform } from './platform.js';

/** @internal */
export type * as Native from '../native';

/** The native module could not be loaded. The message says what to do. */
export class LoadError extends Error {
  /**
   * `code` is `ERR_CLANFORGE_UNSUPPORTED_PLATFORM`, `ERR_CLANFORGE_MISSING_PACKAGE`, `ERR_CLANFORGE_VERSION_MISMATCH` or
   * `ERR_CLANFORGE_DLOPEN`.
   */
  constructor(readonly code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, 'name', { value: 'LoadError', configurable: true, writable: true });
  }
}

/** The version of this package. */
export const version = '0.1.0';

/** The environment variable with the path of the native module, which all packages of napi-rs read. */
const variable = 'NAPI_RS_NATIVE_LIBRARY_PATH';

/** @internal The native module. */
export const native: typeof Addon = load();

function load(): typeof Addon {
  const target = platform();
  const file = process.env[variable];
  if (!file && !(target in platforms)) {
    throw new LoadError(
      'ERR_CLANFORGE_UNSUPPORTED_PLATFORM',
      `clanforge has no package for ${target}, only for ${Object.keys(platforms).join(', ')}: ` +
        `if Rust supports this platform, build the native module from a checkout, and set ${variable} to its file`,
    );
  }
  const where = file ? `${file}, which ${variable} names` : `clanforge-${target}`;
  const library = { exports: {} as typeof Addon };
  try {
    // Unlike `require`, this also works in single executables, and bundlers do not change it.
    if (file) process.dlopen(library, file);
    else library.exports = requireAddon(target) as typeof Addon;
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, where);
  }
  const loaded = library.exports;
  const found = loaded.version?.() ?? 'an unknown version';
  if (found !== version) {
    throw new LoadError(
      'ERR_CLANFORGE_VERSION_MISMATCH',
      `clanforge ${version} loaded the native module ${found} from ${where}: ` +
        `install clanforge and clanforge-${target} in the same version, and remove other versions from lock files and caches`,
    );
  }
  if (debuglog('clanforge').enabled) loaded.logToStderr();
  return loaded;
}

function explain(cause: NodeJS.ErrnoException, where: string): LoadError {
  const { code, message } = cause;
  // A bundle may have no `require` for a package that was missing when it was built.
  if ((code === 'MODULE_NOT_FOUND' && message.includes(where)) || cause instanceof ReferenceError) {
    const problem = `could not find the package ${where} (${version}), which holds the native module of clanforge`;
    return new LoadError('ERR_CLANFORGE_MISSING_PACKAGE', `${problem}: ${adviceFor(where)}`, { cause });
  }
  const reason =
    code === 'ERR_DLOPEN_DISABLED'
      ? 'because native addons are disabled in this process: ' +
        'start Node without --no-addons, or with --allow-addons where the permission model is enabled'
      : `from ${where}: ${message}: reinstall clanforge; on Linux it needs glibc 2.17 or newer, or musl`;
  return new LoadError('ERR_CLANFORGE_DLOPEN', `could not load the native module of clanforge ${reason}`, { cause });
}

/** Returns what to do if the package of the platform is missing. */
function adviceFor(where: string): string {
  if (typeof __filename === 'undefined' || !__filename.endsWith('native.js')) {
    return `install ${where} where you bundle, and tell your bundler to copy .node files; or mark clanforge as external; or set ${variable}`;
  }
  const { optionalDependencies } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as Record<string, unknown>;
  return optionalDependencies === undefined
    ? 'this copy of clanforge was made from a checkout without its native module: run `npm run pack` there, and install all tarballs that it writes'
    : 'it is an optional dependency: install without --omit=optional or --no-optional, and on the platform where you run it; ' +
        'if the lock file was written on another platform, remove it and node_modules, and install again';
}
