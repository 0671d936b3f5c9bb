/** The image status and its parts. */

import { count, deepFreeze, Model, refused, type Codec } from './codec.js';
import { callNative } from './errors.js';
import type { Readiness, RegionRow, SummaryJson } from './generated/models.js';
import type * as Native from '../native';
import { native } from './native.js';

/** The number of machines in each state. The total is at most 2^53 - 1. */
export interface MachineCounts {
  /** Running machines with a pending install. */
  readonly pendingMachines: number;
  /** Disabled machines whose install failed. */
  readonly failedMachines: number;
  /** Running machines that are fully installed. */
  readonly completedMachines: number;
}

/** Machine counts in JSON. */
export interface MachineCountsJson {
  readonly pending_machines: number;
  readonly failed_machines: number;
  readonly completed_machines: number;
}

/** One region of a fleet. */
export interface RegionStatus {
  readonly regionId: string;
  /** The display name of the region. It need not be unique. */
  readonly name: string;
  readonly counts: MachineCounts;
}

/** One fleet. */
export interface FleetStatus {
  readonly fleetId: string;
  /** The machines of the fleet, as the service reports them. */
  readonly counts: MachineCounts;
  /** The regions, sorted by ID. */
  readonly regions: readonly RegionStatus[];
}

/** A total that differs from the sum of its parts, as happens while machines change state. */
export interface Mismatch {
  /** The ID of the fleet, or `null` for the image. */
  readonly fleetId: string | null;
  /** The reported total. */
  readonly stated: MachineCounts;
  /** The sum of the parts. */
  readonly summed: MachineCounts;
}

/** An image status in the JSON format of the service and of the command. */
export interface ImageStatusJson extends MachineCountsJson {
  readonly fleets?: Readonly<Record<string, unknown>>;
}

/**
 * The status of an image: the number of machines in each state, and with detail those of each fleet and region.
 *
 * Frozen. Fleets and regions are converted when they are read, so a comparison of fields does not see them: compare two statuses
 * with {@link equals}.
 */
export class ImageStatus implements MachineCounts {
  readonly pendingMachines: number;
  readonly failedMachines: number;
  readonly completedMachines: number;
  #native: Native.Status | undefined;
  #fleets: readonly FleetStatus[] | null | undefined;

  /** @internal */
  constructor(counts: readonly number[], handle: Native.Status | undefined) {
    [this.pendingMachines = 0, this.failedMachines = 0, this.completedMachines = 0] = counts;
    this.#native = handle;
    Object.freeze(this);
  }

  /**
   * Returns a status without detail.
   *
   * @throws {ConfigurationError} where a count is not an integer from 0 to 2^53 - 1.
   */
  static of(counts: MachineCounts): ImageStatus {
    const handle = nativeStatus(counts);
    return new ImageStatus(handle.counts(), handle);
  }

  /**
   * Decodes the status in a response body, as the client does, or in an object as {@link toJSON} returns it.
   *
   * @throws {ApiError} where the body is an error of the service.
   * @throws {DecodeError} where the body is not an image status.
   */
  static fromJSON(body: string | Uint8Array | ImageStatusJson): ImageStatus {
    const raw = typeof body === 'string' || body instanceof Uint8Array ? body : (JSON.stringify(body) ?? 'null');
    const handle = callNative(() => native.Status.fromJson(raw));
    return new ImageStatus(handle.counts(), handle);
  }

  /** @internal The handle of the native module. */
  get handle(): Native.Status {
    return (this.#native ??= nativeStatus(this));
  }

  /** The counts without detail. */
  get counts(): MachineCounts {
    const { pendingMachines, failedMachines, completedMachines } = this;
    return Object.freeze({ pendingMachines, failedMachines, completedMachines });
  }

  /** The number of machines in all three states. */
  get totalMachines(): number {
    return totalMachines(this);
  }

  /** The percentage of completed machines, 100 only when all are completed; `null` without machines. */
  get percentComplete(): number | null {
    return percentComplete(this);
  }

  /** The percentage as text for people: `"97.5 %"`, never rounded up to `"100 %"`. */
  get percentText(): string {
    return percentText(this);
  }

  /** The readiness that the counts show. */
  get readiness(): Readiness {
    return readiness(this);
  }

  /** Whether there are machines, and all are completed. Only a wait can tell whether they run the new version. */
  get isReady(): boolean {
    return isReady(this);
  }

  /** Whether the status has the counts of each fleet and region. */
  get hasDetail(): boolean {
    return this.#native?.hasDetail ?? false;
  }

  /** The fleets sorted by ID; `null` without detail. */
  get fleets(): readonly FleetStatus[] | null {
    return (this.#fleets ??= parseList(this.handle.fleets(), ([fleetId, counts, regions]: FleetTuple) => ({
      fleetId,
      counts: countsOf(counts),
      regions: regions.map(([regionId, name, counts]) => ({ regionId, name, counts: countsOf(counts) })),
    })));
  }

  /** Returns every region of every fleet as a flat row, for `console.table`; `null` without detail. */
  regions(): readonly RegionRow[] | null {
    return parseList(this.handle.regions(), row);
  }

  /** Returns the regions with failed machines, most failed first; `null` without detail. */
  failedRegions(): readonly RegionRow[] | null {
    return parseList(this.handle.failedRegions(), row);
  }

  /** Returns the regions with pending machines, most pending first; `null` without detail. */
  pendingRegions(): readonly RegionRow[] | null {
    return parseList(this.handle.pendingRegions(), row);
  }

  /** Returns the totals that differ from the sum of their parts; `null` without detail. */
  mismatches(): readonly Mismatch[] | null {
    return parseList(this.handle.mismatches(), ([fleetId, stated, summed]: [string | null, CountsTuple, CountsTuple]) => ({
      fleetId,
      stated: countsOf(stated),
      summed: countsOf(summed),
    }));
  }

  /** Returns the summary: the `summary` of the `-o json` output. */
  summary(): SummaryJson {
    return deepFreeze(JSON.parse(this.handle.summary()) as SummaryJson);
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

/** Returns the percentage of completed machines, 100 only when all are completed; `null` without machines. */
export function percentComplete(counts: MachineCounts): number | null {
  return callNative(() => native.percentComplete(...tupleOf(counts)));
}

/** Returns the percentage as text for people: `"97.5 %"`, never rounded up to `"100 %"`. */
export function percentText(counts: MachineCounts): string {
  return callNative(() => native.percentText(...tupleOf(counts)));
}

/** Returns the readiness that counts show. */
export function readiness(counts: MachineCounts): Readiness {
  return callNative(() => native.readiness(...tupleOf(counts))) as Readiness;
}

/** Returns whether there are machines, and all are completed. */
export function isReady(counts: MachineCounts): boolean {
  return readiness(counts) === 'ready';
}

/** @internal */
export const machineCounts = new Model<MachineCounts>('MachineCounts', {}, {
  pendingMachines: { json: 'pending_machines', codec: count },
  failedMachines: { json: 'failed_machines', codec: count },
  completedMachines: { json: 'completed_machines', codec: count },
});

/** @internal */
export const imageStatus: Codec = {
  expected: 'an ImageStatus; create one with ImageStatus.fromJSON or ImageStatus.of',
  decode: (_, json) => (json instanceof ImageStatus ? json : ImageStatus.fromJSON(json as ImageStatusJson)),
  encode: (name, value) => checkStatus(name, value).toJSON(),
};

/** @internal Checks that a value is a status. */
export function checkStatus(name: string, status: unknown): ImageStatus {
  if (status instanceof ImageStatus) return status;
  throw refused(name, status, imageStatus.expected);
}

type CountsTuple = [pending: number, failed: number, completed: number];
type FleetTuple = [id: string, counts: CountsTuple, regions: [id: string, name: string, counts: CountsTuple][]];

function tupleOf({ pendingMachines, failedMachines, completedMachines }: MachineCounts): CountsTuple {
  return [
    count.encode('pendingMachines', pendingMachines),
    count.encode('failedMachines', failedMachines),
    count.encode('completedMachines', completedMachines),
  ];
}

function countsOf([pendingMachines, failedMachines, completedMachines]: CountsTuple): MachineCounts {
  return { pendingMachines, failedMachines, completedMachines };
}

function row([fleetId, regionId, name, counts]: [string, string, string, CountsTuple]): RegionRow {
  return { fleetId, regionId, name, ...countsOf(counts) };
}

function nativeStatus(counts: MachineCounts): Native.Status {
  return callNative(() => native.Status.ofCounts(...tupleOf(counts)));
}

function parseList<I, T>(text: string | null, make: (item: I) => T): readonly T[] | null {
  return text === null ? null : deepFreeze((JSON.parse(text) as I[]).map(make));
}
