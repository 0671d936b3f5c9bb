/** The image status and its parts. */

import { refused, type Codec } from './codec.js';
import { callNative, ConfigurationError } from '../errors.js';
import type { Readiness, SummaryJson } from '../generated/models.js';
import * as parts from '../generated/status-parts.js';
import type { FleetStatus, MachineCounts, MachineCountsJson, Mismatch, RegionRow } from '../generated/status-parts.js';
import { native, type Native } from '../native.js';

/** An image status in the JSON format of the service and of the command. */
export interface ImageStatusJson extends MachineCountsJson {
  readonly fleets?: Readonly<Record<string, unknown>>;
}

/**
 * The status of an image: machine counts in total and, with detail, for each fleet and region.
 *
 * Frozen. Compare two statuses with {@link equals}: fleets and regions are converted when they are read, so a comparison of
 * properties does not see them.
 */
export class ImageStatus implements MachineCounts {
  /** @internal */
  static readonly codec = {
    expected: 'an ImageStatus; create one with ImageStatus.fromJSON or ImageStatus.of',
    decode: (_, json) => (json instanceof ImageStatus ? json : ImageStatus.fromJSON(json as ImageStatusJson)),
    encode: (name, value) => ImageStatus.check(name, value).toJSON(),
  } satisfies Codec;
  readonly pendingMachines: number;
  readonly failedMachines: number;
  readonly completedMachines: number;
  #native: Native.Status | undefined;
  #fleets: readonly FleetStatus[] | null | undefined;

  private constructor(counts: Native.Counts, handle: Native.Status | undefined) {
    if (!Array.isArray(counts)) throw new ConfigurationError('ImageStatus has no public constructor: use ImageStatus.fromJSON or ImageStatus.of');
    [this.pendingMachines, this.failedMachines, this.completedMachines] = counts;
    this.#native = handle;
    Object.freeze(this);
  }

  /**
   * Returns a status without detail.
   *
   * @throws {ConfigurationError} if a count is not an integer from 0 to 2^53 - 1.
   */
  static of(counts: MachineCounts): ImageStatus {
    return ImageStatus.fromNative(nativeStatus(counts));
  }

  /**
   * Decodes the status in a response body, as the client does, or in an object as {@link toJSON} returns it.
   *
   * @throws {ApiError} if the body is an error of the service.
   * @throws {DecodeError} if the body is not an image status.
   */
  static fromJSON(body: string | Uint8Array | ImageStatusJson): ImageStatus {
    const raw = typeof body === 'string' || body instanceof Uint8Array ? body : (JSON.stringify(body) ?? 'null');
    return ImageStatus.fromNative(callNative(() => native.Status.fromJson(raw)));
  }

  /** @internal Returns the status of a handle, or of counts without detail. */
  static fromNative(value: Native.Status | Native.Counts): ImageStatus {
    return Array.isArray(value) ? new ImageStatus(value, undefined) : new ImageStatus(value.counts(), value);
  }

  /** @internal Checks that a value is a status. */
  static check(name: string, value: unknown): ImageStatus {
    if (value instanceof ImageStatus) return value;
    throw refused(name, value, ImageStatus.codec.expected);
  }

  /** @internal The handle of the native module. */
  get handle(): Native.Status {
    return (this.#native ??= nativeStatus(this));
  }

  /** The machine counts of the whole image, as the service states them. */
  get counts(): MachineCounts {
    return parts.makeMachineCounts(tupleOf(this));
  }

  /** The number of machines in all three states. */
  get totalMachines(): number {
    return totalMachines(this);
  }

  /** The share of completed machines in percent: 100 only if all are completed, `null` if there are no machines. */
  get percentComplete(): number | null {
    return percentComplete(this);
  }

  /** The percentage as text, such as `"97.5 %"`: never rounded up to `"100 %"`, and `"-"` if there are no machines. */
  get percentText(): string {
    return percentText(this);
  }

  /** What the counts alone say. */
  get readiness(): Readiness {
    return readiness(this);
  }

  /** Whether there are machines, and all are completed. Only a wait can tell whether this is the new version. */
  get isReady(): boolean {
    return isReady(this);
  }

  /** Whether the status has the counts of each fleet and region. */
  get hasDetail(): boolean {
    return this.#native?.hasDetail ?? false;
  }

  /** The fleets, ordered by ID; `null` without detail. */
  get fleets(): readonly FleetStatus[] | null {
    return (this.#fleets ??= listOf(this.#native?.list('fleets'), parts.makeFleetStatus));
  }

  /** Returns every region of every fleet as a flat row, such as for `console.table`; `null` without detail. */
  regions(): readonly RegionRow[] | null {
    return listOf(this.#native?.list('regions'), parts.makeRegionRow);
  }

  /** Returns the regions with failed machines, most failed first; `null` without detail. */
  failedRegions(): readonly RegionRow[] | null {
    return listOf(this.#native?.list('failedRegions'), parts.makeRegionRow);
  }

  /** Returns the regions with pending machines, most pending first; `null` without detail. */
  pendingRegions(): readonly RegionRow[] | null {
    return listOf(this.#native?.list('pendingRegions'), parts.makeRegionRow);
  }

  /** Returns where the counts of the image or of a fleet differ from the sum of its parts; `null` without detail. */
  mismatches(): readonly Mismatch[] | null {
    return listOf(this.#native?.list('mismatches'), parts.makeMismatch);
  }

  /** Returns what the counts say: the `summary` that `clanforge status -o json` writes. */
  summary(): SummaryJson {
    return JSON.parse(this.handle.summary(), (_, value: unknown) => Object.freeze(value)) as SummaryJson;
  }

  /** Returns whether another status is equal to this one. */
  equals(other: ImageStatus): boolean {
    return other instanceof ImageStatus && this.handle.equals(other.handle);
  }

  /** Returns the status in the format of the service: fleets and regions by ID, and `fleets` only with detail. */
  toJSON(): ImageStatusJson {
    return JSON.parse(this.handle.json()) as ImageStatusJson;
  }
}

/** Returns the number of machines in all three states. */
export function totalMachines(counts: MachineCounts): number {
  return counts.pendingMachines + counts.failedMachines + counts.completedMachines;
}

/** Returns the share of completed machines in percent: 100 only if all are completed, `null` if there are no machines. */
export function percentComplete(counts: MachineCounts): number | null {
  return describe(counts)[0];
}

/** Returns the percentage as text, such as `"97.5 %"`: never rounded up to `"100 %"`, and `"-"` if there are no machines. */
export function percentText(counts: MachineCounts): string {
  return describe(counts)[1];
}

/** Returns what the counts alone say. */
export function readiness(counts: MachineCounts): Readiness {
  return describe(counts)[2] as Readiness;
}

/** Returns whether there are machines, and all are completed. */
export function isReady(counts: MachineCounts): boolean {
  return readiness(counts) === 'ready';
}

function describe(counts: MachineCounts): [percentComplete: number | null, percentText: string, readiness: string] {
  return callNative(() => native.describeCounts(tupleOf(counts)));
}

function nativeStatus(counts: MachineCounts): Native.Status {
  return callNative(() => native.Status.ofCounts(tupleOf(counts)));
}

function tupleOf(counts: MachineCounts): Native.Counts {
  return Object.values(parts.machineCounts.encode('counts', counts)) as Native.Counts;
}

/** Returns a list from the form of the native module: JSON with each part as an array of its values. */
function listOf<I, T>(json: string | null | undefined, make: (values: I) => T): readonly T[] | null {
  return json ? Object.freeze((JSON.parse(json) as I[]).map(make)) : null;
}
