/** What there is to tell while waiting, and how it ends. */

import { field, known, parsed, shown } from './checks.js';
import { ClanforgeError, ConfigurationError, milliseconds, type ErrorKind } from './errors.js';
import { verdictFromJSON, verdictToJSON, type Verdict } from './gate.js';
import { imageFromJSON, imageToJSON, ImageStatus, type ImageRef } from './models.js';
import type * as Native from '../native';

/** What kind of end a wait came to. */
export type OutcomeKind = 'ready' | 'failed' | 'stalled' | 'timed_out' | 'not_started' | 'unreachable';

/** How sure it is that the counts are the new version's: seen to begin, assumed for want of proof, or not yet known. */
export type Freshness = 'observed' | 'assumed' | 'unknown';

/** How the counts of the image changed between two readings; each may be negative. */
export interface Changes {
  readonly pendingMachines: number;
  readonly failedMachines: number;
  readonly completedMachines: number;
}

/** The time left until the gate may pass, as a range that holds in about eight of ten cases. */
export interface Estimate {
  readonly lowMs: number;
  readonly highMs: number;
}

/** Why a reading failed. */
export interface ReadFailure {
  /** What kind of thing went wrong, as in {@link ClanforgeError.kind}. */
  readonly kind: ErrorKind;
  /** The error in words. */
  readonly message: string;
  /** The HTTP status of the answer; `null` where there was none. */
  readonly status: number | null;
  /** How long the service asked to wait, in milliseconds; `null` where it did not. */
  readonly retryAfterMs: number | null;
}

/** A status was read, and this was made of it. */
export interface ReadingTaken {
  readonly update: 'reading';
  /** When, in milliseconds from the beginning of the wait. */
  readonly elapsedMs: number;
  readonly status: ImageStatus;
  /** What the gate says of it. */
  readonly verdict: Verdict;
  /** How the counts changed since the reading before; `null` for the first. */
  readonly changes: Changes | null;
  readonly freshness: Freshness;
  /** The time left; `null` where nothing can be said. */
  readonly estimate: Estimate | null;
  /** The pause before the next reading, in milliseconds; `null` where there is none. */
  readonly nextReadingMs: number | null;
  /** Returns the update as the command's `-o jsonl` writes it. */
  toJSON(): Record<string, unknown>;
}

/** A reading failed; the wait goes on, or ends with the next update. */
export interface ReadFailed {
  readonly update: 'read_failed';
  /** When, in milliseconds from the beginning of the wait. */
  readonly elapsedMs: number;
  /** Why. */
  readonly error: ReadFailure;
  /** The pause before the next try, in milliseconds; `null` where there is none. */
  readonly nextTryMs: number | null;
  /** Returns the update as the command's `-o jsonl` writes it. */
  toJSON(): Record<string, unknown>;
}

interface Ended {
  readonly update: 'outcome';
  /** A sentence that a person can act on. */
  readonly reason: string;
  /** How sure it is that the counts are the new version's. */
  readonly freshness: Freshness;
  readonly image: ImageRef;
  /** How old the last status is, in milliseconds; `null` where there was none. */
  readonly statusAgeMs: number | null;
  /** How long the wait took, in milliseconds. */
  readonly elapsedMs: number;
  /** How many statuses were read. */
  readonly readings: number;
  /** How many readings failed. */
  readonly errors: number;
  /**
   * Returns the outcome where it is ready.
   *
   * @throws {NotReadyError} where it is not; its `outcome` is this one.
   */
  throwIfNotReady(): ReadyOutcome;
  /** Returns the outcome as the command's `wait -o json` writes it. */
  toJSON(): Record<string, unknown>;
}

/** A wait that ended because the gate passed. */
export interface ReadyOutcome extends Ended {
  readonly kind: 'ready';
  readonly isReady: true;
  /** The last status. */
  readonly status: ImageStatus;
  /** What the gate says of it. */
  readonly verdict: Verdict;
}

/** A wait that ended without it. */
export interface NotReadyOutcome extends Ended {
  readonly kind: Exclude<OutcomeKind, 'ready'>;
  readonly isReady: false;
  /** The last status; `null` where there was none. */
  readonly status: ImageStatus | null;
  /** What the gate says of it. */
  readonly verdict: Verdict | null;
}

/** How a wait ended: a value, whatever the end, told apart by `kind` or `isReady`. */
export type Outcome = ReadyOutcome | NotReadyOutcome;

/** One event of a wait, told apart by `update`. The last is the outcome. */
export type Update = ReadingTaken | ReadFailed | Outcome;

/** A wait did not end as ready: thrown by `throwIfNotReady`. */
export class NotReadyError extends ClanforgeError {
  declare readonly kind: 'not_ready';
  /** How it ended. */
  readonly outcome: NotReadyOutcome;

  constructor(outcome: NotReadyOutcome) {
    super('not_ready', outcome.reason, { elapsedMs: outcome.elapsedMs });
    this.outcome = outcome;
  }
}

// By these names they show themselves.
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

/** Returns the update of a text or an object in the shape of the command's `-o jsonl`. */
export function updateFromJSON(data: unknown): Update {
  const fields = parsed('an update', data);
  const update: unknown = field(fields, 'update', 'an update');
  if (update === 'reading') return reading(fields, ImageStatus.fromJSON(field(fields, 'status', 'a reading')));
  if (update === 'read_failed') return readFailed(fields);
  if (update !== 'outcome') {
    throw new ConfigurationError(`an update of the kind ${shown(update)}: one of reading, read_failed, outcome`);
  }
  const status = field(fields, 'status', 'an outcome');
  return outcome(fields, status === null ? null : ImageStatus.fromJSON(status));
}

/** Returns an update as the command's `-o jsonl` writes it. */
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
  known('field of a failure', failure, ['kind', 'message', 'status', 'retryAfterMs']);
  for (const name of ['kind', 'message']) field(failure, name, 'a failure');
  const { kind, message, status, retryAfterMs } = failure;
  return { kind, message, status: status ?? null, retry_after_seconds: inSeconds(retryAfterMs ?? null) };
}

/** @internal Returns the update that the native half tells. */
export function updateOf(text: string, handle: Native.Status | undefined): Update {
  const fields = JSON.parse(text) as Record<string, any>;
  const status = handle === undefined ? null : new ImageStatus(handle.counts(), handle);
  if (fields['update'] === 'read_failed') return readFailed(fields);
  return fields['update'] === 'reading' && status !== null ? reading(fields, status) : outcome(fields, status);
}

function reading(fields: Record<string, any>, status: ImageStatus): ReadingTaken {
  const what = 'a reading';
  const changes = field(fields, 'changes', what);
  const estimate = field(fields, 'estimate', what);
  return new ReadingValue({
    update: 'reading',
    elapsedMs: milliseconds(field(fields, 'elapsed_seconds', what)),
    status,
    verdict: verdictFromJSON(field(fields, 'verdict', what)),
    changes:
      changes &&
      Object.freeze({
        pendingMachines: field(changes, 'pending_machines', 'changes'),
        failedMachines: field(changes, 'failed_machines', 'changes'),
        completedMachines: field(changes, 'completed_machines', 'changes'),
      }),
    freshness: field(fields, 'freshness', what),
    estimate:
      estimate &&
      Object.freeze({
        lowMs: milliseconds(field(estimate, 'low_seconds', 'an estimate')),
        highMs: milliseconds(field(estimate, 'high_seconds', 'an estimate')),
      }),
    nextReadingMs: inMilliseconds(field(fields, 'next_reading_seconds', what)),
  }) as unknown as ReadingTaken;
}

function readFailed(fields: Record<string, any>): ReadFailed {
  const what = 'a failed reading';
  const error = parsed('a failure', field(fields, 'error', what));
  return new FailedValue({
    update: 'read_failed',
    elapsedMs: milliseconds(field(fields, 'elapsed_seconds', what)),
    error: Object.freeze({
      kind: field(error, 'kind', 'a failure'),
      message: field(error, 'message', 'a failure'),
      status: error['status'] ?? null,
      retryAfterMs: inMilliseconds(error['retry_after_seconds'] ?? null),
    }),
    nextTryMs: inMilliseconds(field(fields, 'next_try_seconds', what)),
  }) as unknown as ReadFailed;
}

function outcome(fields: Record<string, any>, status: ImageStatus | null): Outcome {
  const what = 'an outcome';
  const kind = field(fields, 'outcome', what) as OutcomeKind;
  const verdict = field(fields, 'verdict', what);
  return new OutcomeValue({
    update: 'outcome',
    kind,
    isReady: kind === 'ready',
    reason: field(fields, 'reason', what),
    freshness: field(fields, 'freshness', what),
    image: imageFromJSON(field(fields, 'image', what)),
    status,
    statusAgeMs: inMilliseconds(field(fields, 'status_age_seconds', what)),
    verdict: verdict && verdictFromJSON(verdict),
    elapsedMs: milliseconds(field(fields, 'elapsed_seconds', what)),
    readings: field(fields, 'readings', what),
    errors: field(fields, 'errors', what),
  }) as unknown as Outcome;
}

function inSeconds(duration: number | null): number | null {
  return duration === null ? null : duration / 1000;
}

function inMilliseconds(duration: number | null): number | null {
  return duration === null ? null : milliseconds(duration);
}
