/** Machine counts in the form of the native module. */

import { callNative } from '../errors.js';
import type { CountsDescription } from '../generated/status.js';
import { machineCounts, type MachineCounts } from '../generated/status-parts.js';
import { native, type Native } from '../native.js';

/** @internal Returns what follows from counts. */
export function describe(counts: MachineCounts): CountsDescription {
  return callNative(() => native.describeCounts(tupleOf(counts))) as CountsDescription;
}

/** @internal Returns pending, failed and completed machines. */
export function tupleOf(counts: MachineCounts): Native.Counts {
  return Object.values(machineCounts.encode('counts', counts)) as Native.Counts;
}
