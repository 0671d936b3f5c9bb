/** The caller's own definition of ready. */

import { field, frozen, known, parsed, shown, text, whole } from './checks.js';
import { ConfigurationError, guarded } from './errors.js';
import { countsFromJSON, statusOf, type ImageStatus, type MachineCounts } from './models.js';
import { native } from './native.js';

/** The most machines of a kind that a gate allows: a number, or a percentage of the scope's machines, such as `"5%"`. */
export type Limit = number | string;

/** What the limits of a gate apply to. */
export type Per = 'total' | 'fleet' | 'region';

/** One of the three counts. */
export type CountName = 'pending_machines' | 'failed_machines' | 'completed_machines';

/** The options of a gate; what is left out has its default. */
export interface GateOptions {
  /** The most machines with installs pending that a scope may have; 0 by default. */
  readonly maxPending?: Limit | undefined;
  /** The most failed machines that a scope may have; 0 by default. */
  readonly maxFailed?: Limit | undefined;
  /** The fewest completed machines that a scope must have; 1 by default, and 0 lets an image without machines pass. */
  readonly minCompleted?: number | undefined;
  /** What the limits apply to: the total by default. */
  readonly per?: Per | undefined;
  /** The ids of the fleets to judge; all by default. */
  readonly fleets?: readonly string[] | undefined;
  /** The ids or names of the regions to judge; all by default. */
  readonly regions?: readonly string[] | undefined;
}

/** A gate as the command's files hold it. */
export interface GateJson {
  readonly max_pending?: Limit;
  readonly max_failed?: Limit;
  readonly min_completed?: number;
  readonly per?: Per;
  readonly fleets?: readonly string[];
  readonly regions?: readonly string[];
}

/** A part of a status that a gate judges as one. */
export interface Scope {
  /**
   * What it is: the image, a selection of it, a fleet or a region; `unaccounted` are the pending and failed machines that
   * a whole states and its parts do not, `missing` is what the gate names and the reading lacks.
   */
  readonly kind: 'total' | 'selection' | 'fleet' | 'region' | 'unaccounted' | 'missing';
  /** The fleet's id, for a fleet or a region. */
  readonly fleetId: string | null;
  /** The region's id, for a region. */
  readonly regionId: string | null;
  /** The region's name, or what is missing. */
  readonly name: string | null;
  /** What kind of thing is missing. */
  readonly missing: string | null;
}

/** A limit that counts miss. */
export interface Shortfall {
  /** Which of the three counts. */
  readonly count: CountName;
  /** How many machines there are. */
  readonly have: number;
  /** How many there may be at most, or for the completed ones must be at least. */
  readonly limit: number;
}

/** What a gate says of one scope. */
export interface ScopeVerdict {
  readonly scope: Scope;
  /** Its machines; `null` where the reading does not have what the gate names. */
  readonly counts: MachineCounts | null;
  /** The limits that they miss: pending, failed, completed, in this order. */
  readonly shortfalls: readonly Shortfall[];
  /** Whether the scope is in the reading and within every limit. */
  readonly ready: boolean;
}

/** What a gate says of one status, and why not. */
export interface Verdict {
  /** Whether every scope passes. */
  readonly ready: boolean;
  /** A sentence that a person can act on: the scope that lacks most, what it has, and what is allowed. */
  readonly reason: string;
  /** What was judged, in the order of the reading. */
  readonly scopes: readonly ScopeVerdict[];
}

const names = ['maxPending', 'maxFailed', 'minCompleted', 'per', 'fleets', 'regions'];

/**
 * The caller's own definition of ready: three limits, one for each count, and where they apply.
 *
 * A status passes when in every scope that `per` names the pending and the failed machines are no more, and the completed
 * machines no fewer, than the gate says, all in one reading. What the gate names and the reading does not have is never
 * ready. Frozen.
 */
export class Gate {
  readonly maxPending: Limit;
  readonly maxFailed: Limit;
  readonly minCompleted: number;
  readonly per: Per;
  readonly fleets: readonly string[];
  readonly regions: readonly string[];
  readonly #text: string;

  /** @throws {ConfigurationError} where a value is no limit; the message names it. */
  constructor(options: GateOptions = {}) {
    known('gate option', options, names);
    const { maxPending, maxFailed, minCompleted, per, fleets, regions } = options;
    for (const [name, ids] of Object.entries({ fleets, regions })) {
      if (ids === undefined) continue;
      if (!Array.isArray(ids)) throw new ConfigurationError(`${name} is ${shown(ids)}: give a list of ids`);
      ids.forEach((id) => text(name, id));
    }
    for (const [name, limit] of Object.entries({ maxPending, maxFailed })) {
      if (limit !== undefined && typeof limit !== 'string') whole(name, limit);
    }
    if (minCompleted !== undefined && typeof minCompleted !== 'number') {
      throw new ConfigurationError(`invalid minCompleted ${shown(minCompleted)}: a whole number of machines`);
    }
    if (minCompleted !== undefined) whole('minCompleted', minCompleted);
    if (per !== undefined) text('per', per);
    const given = {
      max_pending: maxPending,
      max_failed: maxFailed,
      min_completed: minCompleted,
      per,
      fleets,
      regions,
    };
    this.#text = guarded(() => native.checkGate(JSON.stringify(given)));
    const checked = JSON.parse(this.#text) as Required<GateJson>;
    this.maxPending = checked.max_pending;
    this.maxFailed = checked.max_failed;
    this.minCompleted = checked.min_completed;
    this.per = checked.per;
    this.fleets = frozen(checked.fleets);
    this.regions = frozen(checked.regions);
    Object.freeze(this);
  }

  /**
   * Returns the gate of a text or an object that {@link toJSON} made; fields that are left out have their defaults.
   *
   * @throws {ConfigurationError} where a field is unknown, or its value is no limit.
   */
  static fromJSON(data: string | GateJson): Gate {
    const gate = parsed('a gate', data);
    known('field of a gate', gate, ['max_pending', 'max_failed', 'min_completed', 'per', 'fleets', 'regions']);
    const { max_pending, max_failed, min_completed, per, fleets, regions } = gate;
    return new Gate(
      given({ maxPending: max_pending, maxFailed: max_failed, minCompleted: min_completed, per, fleets, regions }),
    );
  }

  /** @internal Returns a gate of what may be one already. */
  static from(gate: Gate | GateOptions): Gate {
    return gate instanceof Gate ? gate : new Gate(gate);
  }

  /** Whether the gate cannot judge a status without detail. */
  get needsDetail(): boolean {
    return this.per !== 'total' || this.fleets.length > 0 || this.regions.length > 0;
  }

  /** Judges one status. */
  evaluate(status: ImageStatus): Verdict {
    return verdictFromJSON(JSON.parse(guarded(() => native.evaluate(this.#text, statusOf(status).handle))));
  }

  /** Returns every field, under the names of the command's files. */
  toJSON(): Required<GateJson> {
    return JSON.parse(this.#text) as Required<GateJson>;
  }
}

/** @internal Returns an object without what is undefined. */
export function given(fields: Record<string, unknown>): Record<string, any> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Returns the verdict of a text or an object in the shape of the command's `-o json`. */
export function verdictFromJSON(data: unknown): Verdict {
  const what = 'a verdict';
  const verdict = parsed(what, data);
  return Object.freeze({
    ready: field(verdict, 'ready', what),
    reason: field(verdict, 'reason', what),
    scopes: Object.freeze((field(verdict, 'scopes', what) as unknown[]).map(scopeVerdictFromJSON)),
  });
}

/** Returns a verdict in the shape of the command's `-o json`. */
export function verdictToJSON(verdict: Verdict): Record<string, unknown> {
  const { ready, reason, scopes } = verdict;
  return { ready, reason, scopes: scopes.map(scopeVerdictToJSON) };
}

function scopeVerdictFromJSON(data: unknown): ScopeVerdict {
  const what = "a scope's verdict";
  const verdict = parsed(what, data);
  const scope = parsed('a scope', field(verdict, 'scope', what));
  const counts = field(verdict, 'counts', what);
  const shortfalls = frozen(field(verdict, 'shortfalls', what)) as Shortfall[];
  return Object.freeze({
    scope: Object.freeze({
      kind: field(scope, 'kind', 'a scope'),
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
