/** How a wait decides: its options, and the baseline that it compares with. */

import { field, flag, known, parsed, seconds, shown, text, whole } from './checks.js';
import { ConfigurationError, guarded, milliseconds } from './errors.js';
import { Gate, type GateOptions } from './gate.js';
import { imageFromJSON, imageOf, imageToJSON, ImageStatus, statusOf, type ImageRef } from './models.js';
import { native } from './native.js';

/**
 * The options of a wait; durations in milliseconds.
 *
 * What is left out has its default: a strict gate, a timeout of 60 min, and the rest as the command's `wait --help` says.
 */
export interface PolicyOptions {
  /** Options that were put together before; those beside it replace some of them. */
  readonly policy?: Policy | undefined;
  /** The definition of ready. */
  readonly gate?: Gate | GateOptions | undefined;
  /** How long to wait, all in all; `null` for as long as it takes. */
  readonly timeoutMs?: number | null | undefined;
  /** How long there may be no progress. */
  readonly stallTimeoutMs?: number | undefined;
  /** How many readings in a row must agree before ready or failed is believed. */
  readonly confirmations?: number | undefined;
  /** How long it may take until the counts are seen to be the new version's; `null` for the default. */
  readonly startGraceMs?: number | null | undefined;
  /** The share of the machines, such as `"50%"`, that must be seen to cease to be completed. */
  readonly evidence?: string | undefined;
  /** Never pass without that evidence. */
  readonly requireFresh?: boolean | undefined;
  /** That evidence has been seen already, by a wait that this one continues. */
  readonly started?: boolean | undefined;
  /** How long readings may fail one after another. */
  readonly maxUnreachableMs?: number | undefined;
  /** End as failed at once, without waiting for the other machines. */
  readonly failFast?: boolean | undefined;
  /** The shortest pause between readings. */
  readonly minIntervalMs?: number | undefined;
  /** The longest pause between readings. */
  readonly maxIntervalMs?: number | undefined;
}

const durations = {
  timeoutMs: 'timeout_seconds',
  stallTimeoutMs: 'stall_timeout_seconds',
  startGraceMs: 'start_grace_seconds',
  maxUnreachableMs: 'max_unreachable_seconds',
  minIntervalMs: 'min_interval_seconds',
  maxIntervalMs: 'max_interval_seconds',
} as const;

/** Those that may be `null`. */
const nullable = ['timeoutMs', 'startGraceMs'];

const others = {
  confirmations: 'confirmations',
  evidence: 'evidence',
  requireFresh: 'require_fresh',
  started: 'started',
  failFast: 'fail_fast',
} as const;

/** @internal The names of all options. */
export const policyOptions = ['policy', 'gate', ...Object.keys(durations), ...Object.keys(others)];

/** How a wait decides: every option of it, checked. Frozen. */
export class Policy {
  readonly gate: Gate;
  readonly timeoutMs: number | null;
  readonly stallTimeoutMs: number;
  readonly confirmations: number;
  readonly startGraceMs: number | null;
  readonly evidence: string;
  readonly requireFresh: boolean;
  readonly started: boolean;
  readonly maxUnreachableMs: number;
  readonly failFast: boolean;
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  readonly #text: string;

  /** @throws {ConfigurationError} where options contradict each other; the message names them. */
  constructor(options: PolicyOptions = {}) {
    known('option of a wait', options, policyOptions);
    this.#text = guarded(() => native.checkPolicy(JSON.stringify(fieldsOf(options))));
    const fields = JSON.parse(this.#text) as Record<string, any>;
    const ms = (name: string): number => milliseconds(fields[name]);
    const msOrNull = (name: string): number | null => (fields[name] === null ? null : ms(name));
    this.gate = Gate.fromJSON(fields['gate']);
    this.timeoutMs = msOrNull('timeout_seconds');
    this.stallTimeoutMs = ms('stall_timeout_seconds');
    this.confirmations = fields['confirmations'];
    this.startGraceMs = msOrNull('start_grace_seconds');
    this.evidence = fields['evidence'];
    this.requireFresh = fields['require_fresh'];
    this.started = fields['started'];
    this.maxUnreachableMs = ms('max_unreachable_seconds');
    this.failFast = fields['fail_fast'];
    this.minIntervalMs = ms('min_interval_seconds');
    this.maxIntervalMs = ms('max_interval_seconds');
    Object.freeze(this);
  }

  /**
   * Returns the policy of a text or an object that {@link toJSON} made; fields that are left out have their defaults.
   *
   * @throws {ConfigurationError} where a field is unknown, or they contradict each other.
   */
  static fromJSON(data: string | Readonly<Record<string, unknown>>): Policy {
    const fields = parsed('a policy', data);
    const checked = JSON.parse(guarded(() => native.checkPolicy(JSON.stringify(fields)))) as Record<string, any>;
    const ms = ([option, name]: [string, string]): [string, unknown] => [
      option,
      checked[name] === null ? null : milliseconds(checked[name]),
    ];
    return new Policy({
      gate: Gate.fromJSON(checked['gate']),
      ...Object.fromEntries(Object.entries(durations).map(ms)),
      ...Object.fromEntries(Object.entries(others).map(([option, name]) => [option, checked[name]])),
    });
  }

  /** Returns every field, under the names of the command's files; durations in seconds. */
  toJSON(): Record<string, unknown> {
    return JSON.parse(this.#text) as Record<string, unknown>;
  }
}

function fieldsOf(options: PolicyOptions): Record<string, unknown> {
  if (options.policy !== undefined && !(options.policy instanceof Policy)) {
    throw new ConfigurationError(`invalid policy ${shown(options.policy)}: a Policy`);
  }
  const fields: Record<string, unknown> = options.policy?.toJSON() ?? {};
  if (options.gate !== undefined) fields['gate'] = Gate.from(options.gate).toJSON();
  for (const [option, name] of Object.entries(durations)) {
    const value = options[option as keyof typeof durations];
    if (value === undefined) continue;
    fields[name] = value === null && nullable.includes(option) ? null : seconds(option, value);
  }
  for (const [option, name] of Object.entries(others)) {
    const value = options[option as keyof typeof others];
    if (value === undefined) continue;
    fields[name] = option === 'confirmations' ? whole(option, value) : option === 'evidence' ? text(option, value) : flag(option, value);
  }
  return fields;
}

/** A baseline as the command's `baseline` writes it and its `--since` reads it. */
export interface BaselineJson {
  readonly version: 1;
  readonly image: { readonly account_service_id: number; readonly image_id: number };
  readonly status: unknown;
}

/**
 * A status from before a rollout is started, by which a wait tells the new version's counts from the old one's.
 *
 * Frozen. `JSON.stringify` makes the file of it that the command's `--since` reads.
 */
export class Baseline {
  /** The image that it was taken of. */
  readonly image: ImageRef;
  /** The status, with detail. */
  readonly status: ImageStatus;

  /** @throws {ConfigurationError} where the image has no ids, or the status is no {@link ImageStatus}. */
  constructor(image: ImageRef, status: ImageStatus) {
    known('field of an image', image, ['accountServiceId', 'imageId']);
    this.image = imageOf(image);
    this.status = statusOf(status);
    Object.freeze(this);
  }

  /**
   * Returns the baseline of a text or an object that {@link toJSON} made.
   *
   * @throws {ConfigurationError} where it is none.
   * @throws {DecodeError} where its status is none.
   */
  static fromJSON(data: string | BaselineJson): Baseline {
    const what = 'a baseline';
    const fields = parsed(what, data);
    const version: unknown = field(fields, 'version', what);
    if (version !== 1) throw new ConfigurationError(`a baseline of version ${shown(version)}: this reads version 1`);
    return new Baseline(
      imageFromJSON(field(fields, 'image', what)),
      ImageStatus.fromJSON(field(fields, 'status', what)),
    );
  }

  /** Returns the baseline as plain values. */
  toJSON(): BaselineJson {
    return { version: 1, image: imageToJSON(this.image), status: this.status.toJSON() };
  }
}

/** @internal Throws where this is no baseline. */
export function baselineOf(baseline: unknown): Baseline | undefined {
  if (baseline === undefined || baseline instanceof Baseline) return baseline;
  throw new ConfigurationError(`invalid baseline ${shown(baseline)}: a Baseline; Baseline.fromJSON reads a file's`);
}
