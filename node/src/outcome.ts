/** The outcome of a wait. */

import { ClanforgeError } from './errors.js';
import * as models from './generated/models.js';
import type { OutcomeFields, OutcomeJson, OutcomeKind, Update, Verdict } from './generated/models.js';
import type { Native } from './native.js';
import { ImageStatus } from './status.js';

/** What every outcome has. */
export interface OutcomeBase extends OutcomeFields {
  /** Whether the gate passed. */
  readonly isReady: boolean;
  /** The exit code of the command for this outcome: 0 where it is ready. */
  readonly exitCode: number;
  /**
   * Returns this outcome where it is ready.
   *
   * @throws {NotReadyError} where it is not; its `outcome` is this outcome.
   */
  throwIfNotReady(): ReadyOutcome;
}

/** The outcome of a wait that ended because the gate passed. */
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

/** The outcome of a wait. `kind` and `isReady` tell how it ended. */
export type Outcome = ReadyOutcome | NotReadyOutcome;

/** A wait ended without being ready: thrown by `throwIfNotReady`. */
export class NotReadyError extends ClanforgeError {
  declare readonly kind: 'not_ready';

  /** `outcome` is how it ended. */
  constructor(readonly outcome: NotReadyOutcome) {
    super('not_ready', outcome.reason, { elapsedMs: outcome.elapsedMs }, outcome.exitCode);
  }

  /** Returns the error in JSON, with its outcome. */
  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), outcome: this.outcome.toJSON() };
  }
}

models.outcome.derive = ({ kind }: OutcomeFields) => ({ isReady: kind === 'ready', exitCode: models.outcomeKindExitCodes[kind] });
Object.assign(models.outcome.prototype, {
  throwIfNotReady(this: Outcome): ReadyOutcome {
    if (this.isReady) return this;
    throw new NotReadyError(this);
  },
  toJSON(this: Outcome): OutcomeJson {
    const summary = this.status && this.status.summary();
    return { ...models.outcome.encode('outcome', this), summary } as unknown as OutcomeJson;
  },
});

/** @internal Creates an update from that of the native module, which has the status beside the JSON. */
export function updateFromNative([json, handle]: Native.Update): Update {
  const status = handle && ImageStatus.fromNative(handle);
  return models.update.decode('update', { ...(JSON.parse(json) as object), status });
}
