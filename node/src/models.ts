/** What the service tells. */

import { field, frozen, parsed, shown, whole } from './checks.js';
import { ConfigurationError, guarded } from './errors.js';
import type * as Native from '../native';
import { native } from './native.js';

/** What the counts say of a whole: without machines, with pending ones, with failed ones, or ready. */
export type Readiness = 'empty' | 'installing' | 'degraded' | 'ready';

/** An image of an account service. */
export interface ImageRef {
  readonly accountServiceId: number;
  readonly imageId: number;
}

/** Machines in each state; all three together are at most 2^53 - 1. */
export interface MachineCounts {
  /** Running machines with an install pending. */
  readonly pendingMachines: number;
  /** Disabled machines that were unable to install. */
  readonly failedMachines: number;
  /** Running machines that are fully installed. */
  readonly completedMachines: number;
}

/** One region of a fleet. */
export interface RegionStatus {
  readonly regionId: string;
  /** The region's name for people; two regions may share one. */
  readonly name: string;
  readonly counts: MachineCounts;
}

/** One fleet. */
export interface FleetStatus {
  readonly fleetId: string;
  /** Its machines, as the service states them. */
  readonly counts: MachineCounts;
  /** Its regions, in the order of their ids. */
  readonly regions: readonly RegionStatus[];
}

/** One region of one fleet as a flat row: what `console.table` takes. */
export interface RegionRow extends MachineCounts {
  readonly fleetId: string;
  readonly regionId: string;
  readonly name: string;
}

/** Where the counts of a whole are not the sum of its parts, as happens in a live system. */
export interface Mismatch {
  /** The fleet, or `null` for the image. */
  readonly fleetId: string | null;
  /** The counts of the whole. */
  readonly stated: MachineCounts;
  /** The sum of its parts. */
  readonly summed: MachineCounts;
}

/** A status as the service writes it, and as the command's files hold it. */
export interface ImageStatusJson {
  readonly pending_machines: number;
  readonly failed_machines: number;
  readonly completed_machines: number;
  readonly fleets?: Readonly<Record<string, unknown>>;
}

/**
 * How far an image is: machines in each state, and with detail those of each fleet and region.
 *
 * Frozen. Fleets and regions become objects when they are looked at, and not before: compare two by {@link equals}, since what
 * has not been looked at is not seen by a comparison of fields.
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
   * @throws {ConfigurationError} where a count is no whole number.
   */
  static of(counts: MachineCounts): ImageStatus {
    const handle = handleOf(counts);
    return new ImageStatus(handle.counts(), handle);
  }

  /**
   * Returns the status of a response's body, decoded as a client does, or of an object in the shape of {@link toJSON}.
   *
   * @throws {ApiError} where the service says no in it.
   * @throws {DecodeError} where it is no status.
   */
  static fromJSON(body: string | Uint8Array | ImageStatusJson): ImageStatus {
    const raw = typeof body === 'string' || body instanceof Uint8Array ? body : (JSON.stringify(body) ?? 'null');
    const handle = guarded(() => native.Status.fromJson(raw));
    return new ImageStatus(handle.counts(), handle);
  }

  /** @internal What the native half holds. */
  get handle(): Native.Status {
    return (this.#native ??= handleOf(this));
  }

  /** The three counts alone. */
  get counts(): MachineCounts {
    const { pendingMachines, failedMachines, completedMachines } = this;
    return Object.freeze({ pendingMachines, failedMachines, completedMachines });
  }

  /** The machines of all three states. */
  get totalMachines(): number {
    return totalMachines(this);
  }

  /** The completed machines in percent of all, 100 only where all are; `null` without machines. */
  get percentComplete(): number | null {
    return this.handle.percentComplete;
  }

  /** The same for people: `"97.5 %"`, never rounded up to `"100 %"`. */
  get percentText(): string {
    return this.handle.percentText;
  }

  /** What the counts say. */
  get readiness(): Readiness {
    return this.handle.readiness as Readiness;
  }

  /** Whether there are machines, and all are completed. That they are of the new version only a wait can tell. */
  get isReady(): boolean {
    return this.handle.isReady;
  }

  /** Whether the status has the counts of each fleet and region. */
  get hasDetail(): boolean {
    return this.#native?.hasDetail ?? false;
  }

  /** The fleets in the order of their ids; `null` without detail. */
  get fleets(): readonly FleetStatus[] | null {
    return (this.#fleets ??= list<FleetStatus>(this.handle.fleets()));
  }

  /** The regions with failed machines, most failed first; `null` without detail. */
  get failedRegions(): readonly RegionRow[] | null {
    return list(this.handle.failedRegions());
  }

  /** The regions with pending machines, most pending first; `null` without detail. */
  get pendingRegions(): readonly RegionRow[] | null {
    return list(this.handle.pendingRegions());
  }

  /** Every region of every fleet as a flat row; `null` without detail. */
  get regions(): readonly RegionRow[] | null {
    return list(this.handle.regions());
  }

  /** Where a whole is not the sum of its parts; `null` without detail. */
  get mismatches(): readonly Mismatch[] | null {
    return list(this.handle.mismatches());
  }

  /** Returns all that the counts say: what the command's `-o json` has as `summary`. */
  summary(): Readonly<Record<string, unknown>> {
    return frozen(JSON.parse(this.handle.summary()) as Record<string, unknown>);
  }

  /** Whether another status says the same. */
  equals(other: ImageStatus): boolean {
    return other instanceof ImageStatus && this.handle.equals(other.handle);
  }

  /** Returns the status as the service writes it, fleets and regions by their ids; `fleets` only with detail. */
  toJSON(): ImageStatusJson {
    return JSON.parse(this.handle.json()) as ImageStatusJson;
  }
}

/** Returns the machines of all three states. */
export function totalMachines(counts: MachineCounts): number {
  return counts.pendingMachines + counts.failedMachines + counts.completedMachines;
}

/** Returns the completed machines in percent of all, 100 only where all are; `null` without machines. */
export function percentComplete(counts: MachineCounts): number | null {
  return handleOf(counts).percentComplete;
}

/** Returns the same for people: `"97.5 %"`, never rounded up to `"100 %"`. */
export function percentText(counts: MachineCounts): string {
  return handleOf(counts).percentText;
}

/** Returns what counts say of a whole. */
export function readiness(counts: MachineCounts): Readiness {
  return handleOf(counts).readiness as Readiness;
}

/** Returns whether there are machines, and all are completed. */
export function isReady(counts: MachineCounts): boolean {
  return handleOf(counts).isReady;
}

/** @internal Returns a status, or throws what is none. */
export function statusOf(status: unknown): ImageStatus {
  if (status instanceof ImageStatus) return status;
  throw new ConfigurationError(`invalid status ${shown(status)}: an ImageStatus; ImageStatus.fromJSON and .of make one`);
}

/** @internal Returns an image that was checked. */
export function imageOf(image: ImageRef): ImageRef {
  return Object.freeze({
    accountServiceId: whole('accountServiceId', image.accountServiceId),
    imageId: whole('imageId', image.imageId),
  });
}

/** @internal Returns an image as the command's files hold it. */
export function imageToJSON(image: ImageRef): { account_service_id: number; image_id: number } {
  return { account_service_id: image.accountServiceId, image_id: image.imageId };
}

/** @internal */
export function imageFromJSON(data: unknown): ImageRef {
  const image = parsed('an image', data);
  return imageOf({
    accountServiceId: field(image, 'account_service_id', 'an image'),
    imageId: field(image, 'image_id', 'an image'),
  });
}

/** @internal */
export function countsFromJSON(data: unknown): MachineCounts {
  const counts = parsed('counts', data);
  return Object.freeze({
    pendingMachines: whole('pending_machines', field(counts, 'pending_machines', 'counts')),
    failedMachines: whole('failed_machines', field(counts, 'failed_machines', 'counts')),
    completedMachines: whole('completed_machines', field(counts, 'completed_machines', 'counts')),
  });
}

function handleOf(counts: MachineCounts): Native.Status {
  const { pendingMachines, failedMachines, completedMachines } = counts;
  return guarded(() =>
    native.Status.ofCounts(
      whole('pendingMachines', pendingMachines),
      whole('failedMachines', failedMachines),
      whole('completedMachines', completedMachines),
    ),
  );
}

function list<T>(text: string | null): readonly T[] | null {
  return text === null ? null : frozen(JSON.parse(text) as T[]);
}
