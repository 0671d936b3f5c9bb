/** The image status and its parts. */

import { requireField, deepFreeze, parseObject, preview, checkInteger } from './checks.js';
import { ConfigurationError, callNative } from './errors.js';
import type * as Native from '../native';
import { native } from './native.js';

/** The readiness that counts show: no machines, some pending, none pending and some failed, or all completed. */
export type Readiness = 'empty' | 'installing' | 'degraded' | 'ready';

/** An image of an account service. */
export interface ImageRef {
  readonly accountServiceId: number;
  readonly imageId: number;
}

/** The number of machines in each state. The total is at max 2^53 - 1. */
export interface MachineCounts {
  /** Running machines with a pending install. */
  readonly pendingMachines: number;
  /** Disabled machines whose install failed. */
  readonly failedMachines: number;
  /** Running machines that are fully installed. */
  readonly completedMachines: number;
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

/** One region of one fleet as a flat row, for `console.table`. */
export interface RegionRow extends MachineCounts {
  readonly fleetId: string;
  readonly regionId: string;
  readonly name: string;
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
export interface ImageStatusJson {
  readonly pending_machines: number;
  readonly failed_machines: number;
  readonly completed_machines: number;
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
    return this.handle.percentComplete;
  }

  /** The percentage as text for people: `"97.5 %"`, never rounded up to `"100 %"`. */
  get percentText(): string {
    return this.handle.percentText;
  }

  /** The readiness. */
  get readiness(): Readiness {
    return this.handle.readiness as Readiness;
  }

  /** Whether there are machines, and all are completed. Only a wait can tell whether they run the new version. */
  get isReady(): boolean {
    return this.handle.isReady;
  }

  /** Whether the status has the counts of each fleet and region. */
  get hasDetail(): boolean {
    return this.#native?.hasDetail ?? false;
  }

  /** The fleets sorted by ID; `null` without detail. */
  get fleets(): readonly FleetStatus[] | null {
    return (this.#fleets ??= parseList<FleetStatus>(this.handle.fleets()));
  }

  /** The regions with failed machines, max failed first; `null` without detail. */
  get failedRegions(): readonly RegionRow[] | null {
    return parseList(this.handle.failedRegions());
  }

  /** The regions with pending machines, max pending first; `null` without detail. */
  get pendingRegions(): readonly RegionRow[] | null {
    return parseList(this.handle.pendingRegions());
  }

  /** Every region of every fleet as a flat row; `null` without detail. */
  get regions(): readonly RegionRow[] | null {
    return parseList(this.handle.regions());
  }

  /** The totals that differ from the sum of their parts; `null` without detail. */
  get mismatches(): readonly Mismatch[] | null {
    return parseList(this.handle.mismatches());
  }

  /** Returns the summary: the `summary` of the `-o json` output. */
  summary(): Readonly<Record<string, unknown>> {
    return deepFreeze(JSON.parse(this.handle.summary()) as Record<string, unknown>);
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
  return nativeStatus(counts).percentComplete;
}

/** Returns the percentage as text for people: `"97.5 %"`, never rounded up to `"100 %"`. */
export function percentText(counts: MachineCounts): string {
  return nativeStatus(counts).percentText;
}

/** Returns the readiness of counts. */
export function readiness(counts: MachineCounts): Readiness {
  return nativeStatus(counts).readiness as Readiness;
}

/** Returns whether there are machines, and all are completed. */
export function isReady(counts: MachineCounts): boolean {
  return nativeStatus(counts).isReady;
}

/** @internal Checks that a value is a status. */
export function checkStatus(status: unknown): ImageStatus {
  if (status instanceof ImageStatus) return status;
  throw new ConfigurationError(`invalid status ${preview(status)}: expected an ImageStatus; create one with ImageStatus.fromJSON or ImageStatus.of`);
}

/** @internal Checks an image. */
export function checkImage(image: ImageRef): ImageRef {
  return Object.freeze({
    accountServiceId: checkInteger('accountServiceId', image.accountServiceId),
    imageId: checkInteger('imageId', image.imageId),
  });
}

/** @internal Returns an image in the JSON format of the command. */
export function imageToJSON(image: ImageRef): { account_service_id: number; image_id: number } {
  return { account_service_id: image.accountServiceId, image_id: image.imageId };
}

/** @internal */
export function imageFromJSON(data: unknown): ImageRef {
  const image = parseObject('an image', data);
  return checkImage({
    accountServiceId: requireField(image, 'account_service_id', 'an image'),
    imageId: requireField(image, 'image_id', 'an image'),
  });
}

/** @internal */
export function countsFromJSON(data: unknown): MachineCounts {
  const counts = parseObject('counts', data);
  return Object.freeze({
    pendingMachines: checkInteger('pending_machines', requireField(counts, 'pending_machines', 'counts')),
    failedMachines: checkInteger('failed_machines', requireField(counts, 'failed_machines', 'counts')),
    completedMachines: checkInteger('completed_machines', requireField(counts, 'completed_machines', 'counts')),
  });
}

function nativeStatus(counts: MachineCounts): Native.Status {
  const { pendingMachines, failedMachines, completedMachines } = counts;
  return callNative(() =>
    native.Status.ofCounts(
      checkInteger('pendingMachines', pendingMachines),
      checkInteger('failedMachines', failedMachines),
      checkInteger('completedMachines', completedMachines),
    ),
  );
}

function parseList<T>(text: string | null): readonly T[] | null {
  return text === null ? null : deepFreeze(JSON.parse(text) as T[]);
}
