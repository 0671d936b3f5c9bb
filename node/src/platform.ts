/** The name of the platform, as in the names of the platform packages. */

import { readFileSync } from 'node:fs';

/** @internal Returns the name of the current platform. */
export function platform(): string {
  const { platform, arch } = process;
  if (platform === 'linux') return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`;
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`;
}

function isMusl(): boolean {
  try {
    return readFileSync('/usr/bin/ldd', 'utf8').includes('musl');
  } catch {
    // The file is missing or not readable: ask the runtime.
    const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
    return report !== undefined && report.header?.glibcVersionRuntime === undefined;
  }
}
