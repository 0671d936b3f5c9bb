/** Your definition of ready. */

import { requireField, deepFreeze, checkKeys, parseObject, preview, checkString, checkInteger } from './checks.js';
import { ConfigurationError, callNative } from './errors.js';
import { countsFromJSON, checkStatus, type ImageStatus, type MachineCounts } from './models.js';
import { native } from './native.js';

/** A maximum number of machines: a number, or a percentage of the machines of the scope such as `"5%"`. */
export type Limit = number | string;

/** The scopes that a gate applies its limits to. */
export type Per = 'total' | 'fleet' | 'region';

/** One of the three counts. */
export type CountName = 'pending_machines' | 'failed_machines' | 'completed_machines';

/** The options of a gate. Missing options have their defaults. */
export interface GateOptions {
  /** The maximum of pending machines in a scope. Defaults to 0. */
  readonly maxPending?: Limit | undefined;
  /** The maximum of failed machines in a scope. Defaults to 0. */
  readonly maxFailed?: Limit | undefined;
  /** The minimum of completed machines in a scope. Defaults to 1; with 0 an image without machines passes. */
  readonly minCompleted?: number | undefined;
  /** The scopes that the limits apply to. Defaults to the total. */
  readonly per?: Per | undefined;
  /** The IDs of the fleets to evaluate. Defaults to all. */
  readonly fleets?: readonly string[] | undefined;
  /** The IDs or optionNames of the regions to evaluate. Defaults to all. */
  readonly regions?: readonly string[] | undefined;
}

/** A gate in the JSON format of the command. */
export interface GateJson {
  readonly max_pending?: Limit;
  readonly max_failed?: Limit;
  readonly min_completed?: number;
  readonly per?: Per;
  readonly fleets?: readonly string[];
  readonly regions?: readonly string[];
}

/** A part of a status that a gate evaluates on its own. */
export interface Scope {
  /**
   * The kind of scope: the image, the selected fleets and regions together, a fleet or a region. `unaccounted` are pending
   * and failed machines in a total that the sum of its parts does not contain; `missing` is a scope that the gate selects
   * and the reading lacks.
   */
  readonly kind: 'total' | 'selection' | 'fleet' | 'region' | 'unaccounted' | 'missing';
  /** The ID of the fleet, for a fleet or a region. */
  readonly fleetId: string | null;
  /** The ID of the region, for a region. */
  readonly regionId: string | null;
  /** The name of the region, or of the missing scope. */
  readonly name: string | null;
  /** The kind of scope that is missing. */
  readonly missing: string | null;
}

/** A limit that a scope does not meet. */
export interface Shortfall {
  /** The count that is compared. */
  readonly count: CountName;
  /** The number of machines in the scope. */
  readonly have: number;
  /** The maximum, or for completed machines the minimum. */
  readonly limit: number;
}

/** The verdict of a gate on one scope. */
export interface ScopeVerdict {
  readonly scope: Scope;
  /** The machines of the scope; `null` where the reading lacks the scope. */
  readonly counts: MachineCounts | null;
  /** The limits that the scope does not meet, in the order pending, failed, completed. */
  readonly shortfalls: readonly Shortfall[];
  /** Whether the reading has the scope, and every limit is met. */
  readonly ready: boolean;
}

/** The verdict of a gate on a status, with the reason. */
export interface Verdict {
  /** Whether every scope is ready. */
  readonly ready: boolean;
  /** A sentence for people: the scope that misses a limit by most, its count, and the limit. */
  readonly reason: string;
  /** The verdict on each scope, in the order of the reading. */
  readonly scopes: readonly ScopeVerdict[];
}

const optionNames = ['maxPending', 'maxFailed', 'minCompleted', 'per', 'fleets', 'regions'];

/**
 * Your definition of ready: a limit for each of the three counts, and the scopes that they apply to.
 *
 * A status passes when every scope is within all three limits in the same reading. `per` selects the scopes: the image, each
 * fleet or each region. A selected fleet or region that the reading lacks is not ready. Frozen.
 */
export class Gate {
  readonly maxPending: Limit;
  readonly maxFailed: Limit;
  readonly minCompleted: number;
  readonly per: Per;
  readonly fleets: readonly string[];
  readonly regions: readonly string[];
  readonly #text: string;

  /** @throws {ConfigurationError} where a value is invalid; the message optionNames it. */
  constructor(options: GateOptions = {}) {
    checkKeys('gate option', options, optionNames);
    const { maxPending, maxFailed, minCompleted, per, fleets, regions } = options;
    for (const [name, ids] of Object.entries({ fleets, regions })) {
      if (ids === undefined) continue;
      if (!Array.isArray(ids)) throw new ConfigurationError(`invalid ${name} ${preview(ids)}: expected an array of IDs`);
      ids.forEach((id) => checkString(name, id));
    }
    for (const [name, limit] of Object.entries({ maxPending, maxFailed })) {
      if (limit !== undefined && typeof limit !== 'string') checkInteger(name, limit);
    }
    if (minCompleted !== undefined && typeof minCompleted !== 'number') {
      throw new ConfigurationError(`invalid minCompleted ${preview(minCompleted)}: expected an integer`);
    }
    if (minCompleted !== undefined) checkInteger('minCompleted', minCompleted);
    if (per !== undefined) checkString('per', per);
    const fields = {
      max_pending: maxPending,
      max_failed: maxFailed,
      min_completed: minCompleted,
      per,
      fleets,
      regions,
    };
    this.#text = callNative(() => native.checkGate(JSON.stringify(fields)));
    const checked = JSON.parse(this.#text) as Required<GateJson>;
    this.maxPending = checked.max_pending;
    this.maxFailed = checked.max_failed;
    this.minCompleted = checked.min_completed;
    this.per = checked.per;
    this.fleets = deepFreeze(checked.fleets);
    this.regions = deepFreeze(checked.regions);
    Object.freeze(this);
  }

  /**
   * Parses a gate from JSON text, or from an object as {@link toJSON} returns it. Missing fields have their defaults.
   *
   * @throws {ConfigurationError} where a field is unknown, or its value is invalid.
   */
  static fromJSON(data: string | GateJson): Gate {
    const gate = parseObject('a gate', data);
    checkKeys('field of a gate', gate, ['max_pending', 'max_failed', 'min_completed', 'per', 'fleets', 'regions']);
    const { max_pending, max_failed, min_completed, per, fleets, regions } = gate;
    return new Gate(
      withoutUndefined({ maxPending: max_pending, maxFailed: max_failed, minCompleted: min_completed, per, fleets, regions }),
    );
  }

  /** @internal Returns a gate, created from options where it is not a gate already. */
  static from(gate: Gate | GateOptions): Gate {
    return gate instanceof Gate ? gate : new Gate(gate);
  }

  /** Whether the gate needs a status with detail. */
  get needsDetail(): boolean {
    return this.per !== 'total' || this.fleets.length > 0 || this.regions.length > 0;
  }

  /** Evaluates the gate on a status. */
  evaluate(status: ImageStatus): Verdict {
    return verdictFromJSON(JSON.parse(callNative(() => native.evaluate(this.#text, checkStatus(status).handle))));
  }

  /** Returns every field in the JSON format of the command. */
  toJSON(): Required<GateJson> {
    return JSON.parse(this.#text) as Required<GateJson>;
  }
}

/** @internal Returns an object without the fields that are undefined. */
export function withoutUndefined(fields: Record<string, unknown>): Record<string, any> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Parses a verdict from JSON text, or from an object in the format of the `-o json` output. */
export function verdictFromJSON(data: unknown): Verdict {
  const what = 'a verdict';
  const verdict = parseObject(what, data);
  return Object.freeze({
    ready: requireField(verdict, 'ready', what),
    reason: requireField(verdict, 'reason', what),
    scopes: Object.freeze((requireField(verdict, 'scopes', what) as unknown[]).map(scopeVerdictFromJSON)),
  });
}

/** Returns a verdict in the format of the `-o json` output. */
export function verdictToJSON(verdict: Verdict): Record<string, unknown> {
  const { ready, reason, scopes } = verdict;
  return { ready, reason, scopes: scopes.map(scopeVerdictToJSON) };
}

function scopeVerdictFromJSON(data: unknown): ScopeVerdict {
  const what = "a scope's verdict";
  const verdict = parseObject(what, data);
  const scope = parseObject('a scope', requireField(verdict, 'scope', what));
  const counts = requireField(verdict, 'counts', what);
  const shortfalls = deepFreeze(requireField(verdict, 'shortfalls', what)) as Shortfall[];
  return Object.freeze({
    scope: Object.freeze({
      kind: requireField(scope, 'kind', 'a scope'),
      fleetId: scope['fleet_id'] ?? null,
      regionId: scope['region_id'] ?? null,
      name: scope['name'] ?? null,
      missing: scope['missing'] ?? null,
    }),
    counts: counts === null ? null : countsFromJSON(counts),
    shortfalls,
    ready: counts !== null && shortfalls.length === 0,
  });
}

function scopeVerdictToJSON({ scope, counts, shortfalls }: ScopeVerdict): Record<string, unknown> {
  const { kind, missing, fleetId, regionId, name } = scope;
  const fields = { kind, missing, fleet_id: fleetId, region_id: regionId, name };
  return {
    scope: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
    counts: counts && {
      pending_machines: counts.pendingMachines,
      failed_machines: counts.failedMachines,
      completed_machines: counts.completedMachines,
    },
    shortfalls,
  };
}
