/** The policy of a wait, and the baseline that it compares with. */

import { requireField, checkBoolean, checkKeys, parseObject, toSeconds, preview, checkString, checkInteger } from './checks.js';
import { ConfigurationError, callNative, toMilliseconds } from './errors.js';
import { Gate, type GateOptions } from './gate.js';
import { imageFromJSON, checkImage, imageToJSON, ImageStatus, checkStatus, type ImageRef } from './models.js';
import { native } from './native.js';

/**
 * The options of a wait; durationOptions in milliseconds.
 *
 * Missing options have their defaults: a strict gate, a timeout of 60 min, and the otherOptions as in `clanforge wait --help`.
 */
export interface PolicyOptions {
  /** A policy to start from; the other options override its values. */
  readonly policy?: Policy | undefined;
  /** The definition of ready. */
  readonly gate?: Gate | GateOptions | undefined;
  /** The timeout of the whole wait; `null` waits without a limit. */
  readonly timeoutMs?: number | null | undefined;
  /** How long the rollout may make no progress. */
  readonly stallTimeoutMs?: number | undefined;
  /** The number of consecutive readings that must agree before a wait ends as ready or failed. */
  readonly confirmations?: number | undefined;
  /** How long evidence of the rollout may take to appear; `null` selects the default. */
  readonly startGraceMs?: number | null | undefined;
  /** The share of machines, such as `"50%"`, that must leave the completed state as evidence of the rollout. */
  readonly evidence?: string | undefined;
  /** End as ready only with that evidence. */
  readonly requireFresh?: boolean | undefined;
  /** The evidence was already seen, by an earlier wait that this one resumes. */
  readonly started?: boolean | undefined;
  /** How long consecutive readings may fail. */
  readonly maxUnreachableMs?: number | undefined;
  /** End as failed as soon as too many machines failed, without waiting for the otherOptions. */
  readonly failFast?: boolean | undefined;
  /** The shortest poll interval. */
  readonly minIntervalMs?: number | undefined;
  /** The longest poll interval. */
  readonly maxIntervalMs?: number | undefined;
}

const durationOptions = {
  timeoutMs: 'timeout_seconds',
  stallTimeoutMs: 'stall_timeout_seconds',
  startGraceMs: 'start_grace_seconds',
  maxUnreachableMs: 'max_unreachable_seconds',
  minIntervalMs: 'min_interval_seconds',
  maxIntervalMs: 'max_interval_seconds',
} as const;

/** The options that may be `null`. */
const nullableOptions = ['timeoutMs', 'startGraceMs'];

const otherOptions = {
  confirmations: 'confirmations',
  evidence: 'evidence',
  requireFresh: 'require_fresh',
  started: 'started',
  failFast: 'fail_fast',
} as const;

/** @internal The names of all options. */
export const policyOptions = ['policy', 'gate', ...Object.keys(durationOptions), ...Object.keys(otherOptions)];

/** The options of a wait, checked. Frozen. */
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
    checkKeys('option of a wait', options, policyOptions);
    this.#text = callNative(() => native.checkPolicy(JSON.stringify(fieldsOf(options))));
    const fields = JSON.parse(this.#text) as Record<string, any>;
    const ms = (name: string): number => toMilliseconds(fields[name]);
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
   * Parses a policy from JSON text, or from an object as {@link toJSON} returns it. Missing fields have their defaults.
   *
   * @throws {ConfigurationError} where a field is unknown, or fields contradict each other.
   */
  static fromJSON(data: string | Readonly<Record<string, unknown>>): Policy {
    const fields = parseObject('a policy', data);
    const checked = JSON.parse(callNative(() => native.checkPolicy(JSON.stringify(fields)))) as Record<string, any>;
    const ms = ([option, name]: [string, string]): [string, unknown] => [
      option,
      checked[name] === null ? null : toMilliseconds(checked[name]),
    ];
    return new Policy({
      gate: Gate.fromJSON(checked['gate']),
      ...Object.fromEntries(Object.entries(durationOptions).map(ms)),
      ...Object.fromEntries(Object.entries(otherOptions).map(([option, name]) => [option, checked[name]])),
    });
  }

  /** Returns every field in the JSON format of the command; durationOptions are in seconds. */
  toJSON(): Record<string, unknown> {
    return JSON.parse(this.#text) as Record<string, unknown>;
  }
}

function fieldsOf(options: PolicyOptions): Record<string, unknown> {
  if (options.policy !== undefined && !(options.policy instanceof Policy)) {
    throw new ConfigurationError(`invalid policy ${preview(options.policy)}: expected a Policy`);
  }
  const fields: Record<string, unknown> = options.policy?.toJSON() ?? {};
  if (options.gate !== undefined) fields['gate'] = Gate.from(options.gate).toJSON();
  for (const [option, name] of Object.entries(durationOptions)) {
    const value = options[option as keyof typeof durationOptions];
    if (value === undefined) continue;
    fields[name] = value === null && nullableOptions.includes(option) ? null : toSeconds(option, value);
  }
  for (const [option, name] of Object.entries(otherOptions)) {
    const value = options[option as keyof typeof otherOptions];
    if (value === undefined) continue;
    fields[name] = option === 'confirmations' ? checkInteger(option, value) : option === 'evidence' ? checkString(option, value) : checkBoolean(option, value);
  }
  return fields;
}

/** A baseline in JSON, as `clanforge baseline` writes it and `clanforge wait --since` reads it. */
export interface BaselineJson {
  readonly version: 1;
  readonly image: { readonly account_service_id: number; readonly image_id: number };
  readonly status: unknown;
}

/**
 * An image status from before a rollout. A wait uses it to tell the counts of the new version from those of the old one.
 *
 * Frozen. `JSON.stringify` returns the JSON that `clanforge wait --since` reads.
 */
export class Baseline {
  /** The image. */
  readonly image: ImageRef;
  /** The status, with detail. */
  readonly status: ImageStatus;

  /** @throws {ConfigurationError} where the image has no IDs, or the status is not an {@link ImageStatus}. */
  constructor(image: ImageRef, status: ImageStatus) {
    checkKeys('field of an image', image, ['accountServiceId', 'imageId']);
    this.image = checkImage(image);
    this.status = checkStatus(status);
    Object.freeze(this);
  }

  /**
   * Parses a baseline from JSON text, or from an object as {@link toJSON} returns it.
   *
   * @throws {ConfigurationError} where the data is not a baseline.
   * @throws {DecodeError} where its status is not an image status.
   */
  static fromJSON(data: string | BaselineJson): Baseline {
    const what = 'a baseline';
    const fields = parseObject(what, data);
    const version: unknown = requireField(fields, 'version', what);
    if (version !== 1) throw new ConfigurationError(`unsupported version ${preview(version)} of a baseline: expected version 1`);
    return new Baseline(
      imageFromJSON(requireField(fields, 'image', what)),
      ImageStatus.fromJSON(requireField(fields, 'status', what)),
    );
  }

  /** Returns the baseline as plain values. */
  toJSON(): BaselineJson {
    return { version: 1, image: imageToJSON(this.image), status: this.status.toJSON() };
  }
}

/** @internal Checks that a value is a baseline or undefined. */
export function checkBaseline(baseline: unknown): Baseline | undefined {
  if (baseline === undefined || baseline instanceof Baseline) return baseline;
  throw new ConfigurationError(`invalid baseline ${preview(baseline)}: expected a Baseline; create one with Baseline.fromJSON`);
}
