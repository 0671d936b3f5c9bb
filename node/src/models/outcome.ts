/** The outcome of a wait. */

import { callNative, ClanforgeError } from '../errors.js';
import * as models from '../generated/models.js';
import type { CombinedOutcomeFields, CombinedOutcomeJson, OutcomeFields, OutcomeKind, Update, Verdict } from '../generated/models.js';
import { native, type Native } from '../native.js';
import type { ImageStatus } from './status.js';

/** The properties of every outcome. */
export interface OutcomeBase extends OutcomeFields {
  /** Whether the wait ended as ready. */
  readonly isReady: boolean;
  /** The exit code of the `clanforge` command for this outcome: 0 if it is ready. */
  readonly exitCode: number;
  /**
   * Returns this outcome if it is ready.
   *
   * @throws {NotReadyError} if it is not; its `outcome` is this outcome.
   */
  throwIfNotReady(): ReadyOutcome;
}

/** The outcome of a wait that ended as ready. */
export interface ReadyOutcome extends OutcomeBase {
  readonly kind: 'ready';
  readonly isReady: true;
  readonly status: ImageStatus;
  readonly verdict: Verdict;
}

/** The outcome of a wait that ended for another reason. */
export interface NotReadyOutcome extends OutcomeBase {
  readonly kind: Exclude<OutcomeKind, 'ready'>;
  readonly isReady: false;
}

/** The outcome of a wait. `kind` and `isReady` say how it ended. */
export type Outcome = ReadyOutcome | NotReadyOutcome;

/** How a wait for several images ended: for each image its outcome, the error that ended its wait, or neither if it is undecided. */
export interface CombinedOutcome extends CombinedOutcomeFields {
  /**
   * Returns this outcome if every image is ready.
   *
   * @throws {NotReadyError} if any is not; its `outcome` is this outcome.
   */
  throwIfNotReady(): this;
}

/** A wait did not end as ready: `throwIfNotReady` throws it. */
export class NotReadyError extends ClanforgeError {
  declare readonly kind: 'not_ready';

  /** `outcome` is the outcome of the wait. */
  constructor(readonly outcome: NotReadyOutcome | CombinedOutcome) {
    const [reason, fields] =
      'outcomes' in outcome ? [callNative(() => native.notAllReady(JSON.stringify(outcome))), {}] : [outcome.reason, { elapsedMs: outcome.elapsedMs }];
    super('not_ready', reason, fields, outcome.exitCode);
  }

  /** Returns the error as an object in JSON format, with its outcome. */
  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), outcome: this.outcome.toJSON() };
  }
}

models.outcome.derive = ({ kind }: OutcomeFields) => ({ isReady: kind === 'ready', exitCode: models.outcomeKindExitCodes[kind] });
models.outcome.deriveJson = ({ status }: OutcomeFields) => ({ summary: status && status.summary() });
for (const { prototype } of [models.outcome, models.combinedOutcome]) {
  Object.assign(prototype, {
    throwIfNotReady(this: Outcome | CombinedOutcome): ReadyOutcome | CombinedOutcome {
      if (this.isReady) return this;
      throw new NotReadyError(this);
    },
  });
}

/** @internal Returns an update from the form of the native module: its JSON and its status. */
export function updateFromNative([json, status]: Native.Update): Update {
  return models.update.decode('update', { ...JSON.parse(json), status });
}

/** @internal Returns a combined outcome from the form of the native module: its JSON and its statuses. */
export function combinedFromNative([json, statuses]: Native.CombinedOutcome): CombinedOutcome {
  const combined: CombinedOutcomeJson = JSON.parse(json);
  combined.outcomes.forEach(({ outcome }, index) => outcome && Object.assign(outcome, { status: statuses[index] }));
  return models.combinedOutcome.decode('combined outcome', combined);
}
