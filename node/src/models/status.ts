/** The image status and its parts. */

import { plain, type Codec } from './codec.js';
import { callNative, ConfigurationError } from '../errors.js';
import type { SummaryJson } from '../generated/models.js';
import { StatusMethods } from '../generated/status.js';
import { machineCounts, makeFleetStatus, makeMachineCounts, type FleetStatus, type MachineCounts, type MachineCountsJson } from '../generated/status-parts.js';
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
export class ImageStatus extends StatusMethods {
  /** @internal Checks that a value is a status. */
  static readonly check: (name: string, value: unknown) => ImageStatus =
    plain('an ImageStatus; create one with ImageStatus.fromJSON or ImageStatus.of', (value) => value instanceof ImageStatus).encode;
  /** @internal */
  static readonly codec: Codec = {
    // An update has the handle of its status.
    decode: (_, json) => (json instanceof native.Status ? ImageStatus.fromNative(json) : ImageStatus.fromJSON(json as ImageStatusJson)),
    encode: (name, value) => ImageStatus.check(name, value).toJSON(),
  };
  #native: Native.Status | undefined;
  #fleets: readonly FleetStatus[] | null | undefined;

  private constructor(counts: Native.Counts, handle: Native.Status | undefined) {
    if (!Array.isArray(counts)) throw new ConfigurationError('ImageStatus has no public constructor: use ImageStatus.fromJSON or ImageStatus.of');
    super(counts);
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

  /** @internal The handle of the native module. */
  get handle(): Native.Status {
    return (this.#native ??= nativeStatus(this));
  }

  /** The machine counts of the whole image, as the service states them. */
  get counts(): MachineCounts {
    return makeMachineCounts(machineCounts.values('counts', this));
  }

  /** Whether the status has the counts of each fleet and region. */
  get hasDetail(): boolean {
    return this.#native?.hasDetail ?? false;
  }

  /** The fleets, ordered by ID; `null` without detail. */
  get fleets(): readonly FleetStatus[] | null {
    return (this.#fleets ??= this.list('fleets', makeFleetStatus));
  }

  /** @internal Returns a list of the native module, in which each part is an array of its values; `null` without detail. */
  list<I, T>(name: Parameters<Native.Status['json']>[0], make: (values: I) => T): readonly T[] | null {
    const list = this.#native ? (JSON.parse(this.#native.json(name)) as I[] | null) : null;
    return list && Object.freeze(list.map(make));
  }

  /** Returns what the counts say: the `summary` that `clanforge status -o json` writes. */
  summary(): SummaryJson {
    return JSON.parse(this.handle.json('summary'), (_, value: unknown) => Object.freeze(value)) as SummaryJson;
  }

  /** Returns whether another status is equal to this one. */
  equals(other: ImageStatus): boolean {
    return other instanceof ImageStatus && this.handle.equals(other.handle);
  }

  /** Returns the status in the format of the service: fleets and regions by ID, and `fleets` only with detail. */
  toJSON(): ImageStatusJson {
    return JSON.parse(this.handle.json('status')) as ImageStatusJson;
  }
}

function nativeStatus(counts: MachineCounts): Native.Status {
  return callNative(() => native.Status.ofCounts(machineCounts.values('counts', counts)));
}
