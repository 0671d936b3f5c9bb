/** The updates of a wait, and its outcome. */

import { requireField, checkKeys, parseObject, preview } from './checks.js';
import { ClanforgeError, ConfigurationError, toMilliseconds, type ErrorKind } from './errors.js';
import { verdictFromJSON, verdictToJSON, type Verdict } from './gate.js';
import { imageFromJSON, imageToJSON, ImageStatus, type ImageRef } from './models.js';
import type * as Native from '../native';

/** How a wait ended. */
export type OutcomeKind = 'ready' | 'failed' | 'stalled' | 'timed_out' | 'not_started' | 'unreachable';

/** Whether the counts describe the new version: observed, assumed for lack of evidence, or not yet known. */
export type Freshness = 'observed' | 'assumed' | 'unknown';

/** The change of the counts of an image between two readings. Values may be negative. */
export interface Changes {
  readonly pendingMachines: number;
  readonly failedMachines: number;
  readonly completedMachines: number;
}

/** The estimated time until the gate passes, as a range that is right in about eight of ten cases. */
export interface Estimate {
  readonly lowMs: number;
  readonly highMs: number;
}

/** Why a reading failed. */
export interface ReadFailure {
  /** The kind of error, as in {@link ClanforgeError.kind}. */
  readonly kind: ErrorKind;
  /** The error message. */
  readonly message: string;
  /** The HTTP status of the response; `null` where there was none. */
  readonly status: number | null;
  /** How long the service asked the client to wait, in milliseconds; `null` where it did not ask. */
  readonly retryAfterMs: number | null;
}

/** A reading that succeeded. */
export interface ReadingTaken {
  readonly update: 'reading';
  /** Milliseconds since the start of the wait. */
  readonly elapsedMs: number;
  readonly status: ImageStatus;
  /** The verdict of the gate on it. */
  readonly verdict: Verdict;
  /** The change since the previous reading; `null` for the first. */
  readonly changes: Changes | null;
  readonly freshness: Freshness;
  /** The estimated time left; `null` where there is too little progress to estimate it. */
  readonly estimate: Estimate | null;
  /** Milliseconds until the next reading; `null` after the last. */
  readonly nextReadingMs: number | null;
  /** Returns the update in the format of the `-o jsonl` output. */
  toJSON(): Record<string, unknown>;
}

/** A reading that failed. The wait continues, or ends with the next update. */
export interface ReadFailed {
  readonly update: 'read_failed';
  /** Milliseconds since the start of the wait. */
  readonly elapsedMs: number;
  /** The error. */
  readonly error: ReadFailure;
  /** Milliseconds until the next reading; `null` where the wait ends. */
  readonly nextTryMs: number | null;
  /** Returns the update in the format of the `-o jsonl` output. */
  toJSON(): Record<string, unknown>;
}

interface OutcomeFields {
  readonly update: 'outcome';
  /** A sentence for people, with the cause and what to do. */
  readonly reason: string;
  /** Whether the counts describe the new version. */
  readonly freshness: Freshness;
  readonly image: ImageRef;
  /** The age of the last status, in milliseconds; `null` where no reading succeeded. */
  readonly statusAgeMs: number | null;
  /** The duration of the wait, in milliseconds. */
  readonly elapsedMs: number;
  /** The number of readings that succeeded. */
  readonly readings: number;
  /** The number of readings that failed. */
  readonly errors: number;
  /**
   * Returns this outcome where it is ready.
   *
   * @throws {NotReadyError} where it is not; its `outcome` is this outcome.
   */
  throwIfNotReady(): ReadyOutcome;
  /** Returns the outcome in the format of the `wait -o json` output. */
  toJSON(): Record<string, unknown>;
}

/** The outcome of a wait that ended because the gate passed. */
export interface ReadyOutcome extends OutcomeFields {
  readonly kind: 'ready';
  readonly isReady: true;
  /** The last status. */
  readonly status: ImageStatus;
  /** The verdict of the gate on it. */
  readonly verdict: Verdict;
}

/** The outcome of a wait that ended for another reason. */
export interface NotReadyOutcome extends OutcomeFields {
  readonly kind: Exclude<OutcomeKind, 'ready'>;
  readonly isReady: false;
  /** The last status; `null` where no reading succeeded. */
  readonly status: ImageStatus | null;
  /** The verdict of the gate on it. */
  readonly verdict: Verdict | null;
}

/** The outcome of a wait. `kind` and `isReady` tell how it ended. */
export type Outcome = ReadyOutcome | NotReadyOutcome;

/** An event of a wait; `update` tells which. The last update is the outcome. */
export type Update = ReadingTaken | ReadFailed | Outcome;

/** A wait ended without being ready: thrown by `throwIfNotReady`. */
export class NotReadyError extends ClanforgeError {
  declare readonly kind: 'not_ready';
  /** How it ended. */
  readonly outcome: NotReadyOutcome;

  constructor(outcome: NotReadyOutcome) {
    super('not_ready', outcome.reason, { elapsedMs: outcome.elapsedMs });
    this.outcome = outcome;
  }
}

// `util.inspect` prints these class names.
const ReadingValue = class ReadingTaken {
  constructor(fields: object) {
    Object.freeze(Object.assign(this, fields));
  }

  toJSON(): Record<string, unknown> {
    return updateToJSON(this as unknown as Update);
  }
};

const FailedValue = class ReadFailed extends ReadingValue {};

type AnyOutcome = Outcome;

const OutcomeValue = class Outcome {
  constructor(fields: object) {
    Object.freeze(Object.assign(this, fields));
  }

  throwIfNotReady(this: AnyOutcome): ReadyOutcome {
    if (this.isReady) return this;
    throw new NotReadyError(this);
  }

  toJSON(this: AnyOutcome): Record<string, unknown> {
    return updateToJSON(this);
  }
};

/** Parses an update from JSON text, or from an object in the format of the `-o jsonl` output. */
export function updateFromJSON(data: unknown): Update {
  const fields = parseObject('an update', data);
  const update: unknown = requireField(fields, 'update', 'an update');
  if (update === 'reading') return reading(fields, ImageStatus.fromJSON(requireField(fields, 'status', 'a reading')));
  if (update === 'read_failed') return readFailed(fields);
  if (update !== 'outcome') {
    throw new ConfigurationError(`unknown kind ${preview(update)} of an update: expected one of reading, read_failed, outcome`);
  }
  const status = requireField(fields, 'status', 'an outcome');
  return outcome(fields, status === null ? null : ImageStatus.fromJSON(status));
}

/** Returns an update in the format of the `-o jsonl` output. */
export function updateToJSON(update: Update): Record<string, unknown> {
  switch (update.update) {
    case 'reading':
      return {
        update: update.update,
        version: 1,
        elapsed_seconds: update.elapsedMs / 1000,
        status: update.status.toJSON(),
        verdict: verdictToJSON(update.verdict),
        changes: update.changes && {
          pending_machines: update.changes.pendingMachines,
          failed_machines: update.changes.failedMachines,
          completed_machines: update.changes.completedMachines,
        },
        freshness: update.freshness,
        estimate: update.estimate && {
          low_seconds: update.estimate.lowMs / 1000,
          high_seconds: update.estimate.highMs / 1000,
        },
        next_reading_seconds: inSeconds(update.nextReadingMs),
      };
    case 'read_failed':
      return {
        update: update.update,
        version: 1,
        elapsed_seconds: update.elapsedMs / 1000,
        error: failureToJSON(update.error),
        next_try_seconds: inSeconds(update.nextTryMs),
      };
    case 'outcome':
      return {
        update: update.update,
        version: 1,
        outcome: update.kind,
        reason: update.reason,
        freshness: update.freshness,
        image: imageToJSON(update.image),
        status: update.status && update.status.toJSON(),
        status_age_seconds: inSeconds(update.statusAgeMs),
        summary: update.status && update.status.summary(),
        verdict: update.verdict && verdictToJSON(update.verdict),
        elapsed_seconds: update.elapsedMs / 1000,
        readings: update.readings,
        errors: update.errors,
      };
  }
}

/** @internal */
export function failureToJSON(failure: ReadFailure): Record<string, unknown> {
  checkKeys('field of a failure', failure, ['kind', 'message', 'status', 'retryAfterMs']);
  for (const name of ['kind', 'message']) requireField(failure, name, 'a failure');
  const { kind, message, status, retryAfterMs } = failure;
  return { kind, message, status: status ?? null, retry_after_seconds: inSeconds(retryAfterMs ?? null) };
}

/** @internal Creates an update from the JSON and the status of the native module. */
export function updateFromNative(text: string, handle: Native.Status | undefined): Update {
  const fields = JSON.parse(text) as Record<string, any>;
  const status = handle === undefined ? null : new ImageStatus(handle.counts(), handle);
  if (fields['update'] === 'read_failed') return readFailed(fields);
  return fields['update'] === 'reading' && status !== null ? reading(fields, status) : outcome(fields, status);
}

function reading(fields: Record<string, any>, status: ImageStatus): ReadingTaken {
  const what = 'a reading';
  const changes = requireField(fields, 'changes', what);
  const estimate = requireField(fields, 'estimate', what);
  return new ReadingValue({
    update: 'reading',
    elapsedMs: toMilliseconds(requireField(fields, 'elapsed_seconds', what)),
    status,
    verdict: verdictFromJSON(requireField(fields, 'verdict', what)),
    changes:
      changes &&
      Object.freeze({
        pendingMachines: requireField(changes, 'pending_machines', 'changes'),
        failedMachines: requireField(changes, 'failed_machines', 'changes'),
        completedMachines: requireField(changes, 'completed_machines', 'changes'),
      }),
    freshness: requireField(fields, 'freshness', what),
    estimate:
      estimate &&
      Object.freeze({
        lowMs: toMilliseconds(requireField(estimate, 'low_seconds', 'an estimate')),
        highMs: toMilliseconds(requireField(estimate, 'high_seconds', 'an estimate')),
      }),
    nextReadingMs: inMilliseconds(requireField(fields, 'next_reading_seconds', what)),
  }) as unknown as ReadingTaken;
}

function readFailed(fields: Record<string, any>): ReadFailed {
  const what = 'a failed reading';
  const error = parseObject('a failure', requireField(fields, 'error', what));
  return new FailedValue({
    update: 'read_failed',
    elapsedMs: toMilliseconds(requireField(fields, 'elapsed_seconds', what)),
    error: Object.freeze({
      kind: requireField(error, 'kind', 'a failure'),
      message: requireField(error, 'message', 'a failure'),
      status: error['status'] ?? null,
      retryAfterMs: inMilliseconds(error['retry_after_seconds'] ?? null),
    }),
    nextTryMs: inMilliseconds(requireField(fields, 'next_try_seconds', what)),
  }) as unknown as ReadFailed;
}

function outcome(fields: Record<string, any>, status: ImageStatus | null): Outcome {
  const what = 'an outcome';
  const kind = requireField(fields, 'outcome', what) as OutcomeKind;
  const verdict = requireField(fields, 'verdict', what);
  return new OutcomeValue({
    update: 'outcome',
    kind,
    isReady: kind === 'ready',
    reason: requireField(fields, 'reason', what),
    freshness: requireField(fields, 'freshness', what),
    image: imageFromJSON(requireField(fields, 'image', what)),
    status,
    statusAgeMs: inMilliseconds(requireField(fields, 'status_age_seconds', what)),
    verdict: verdict && verdictFromJSON(verdict),
    elapsedMs: toMilliseconds(requireField(fields, 'elapsed_seconds', what)),
    readings: requireField(fields, 'readings', what),
    errors: requireField(fields, 'errors', what),
  }) as unknown as Outcome;
}

function inSeconds(duration: number | null): number | null {
  return duration === null ? null : duration / 1000;
}

function inMilliseconds(duration: number | null): number | null {
  return duration === null ? null : toMilliseconds(duration);
}
