/** The state machine of waiting. */

import { seconds } from './checks.js';
import { guarded, milliseconds } from './errors.js';
import { imageOf, ImageStatus, type ImageRef } from './models.js';
import type * as Native from '../native';
import { native } from './native.js';
import { Baseline, baselineOf, Policy, type PolicyOptions } from './policy.js';
import { failureToJSON, updateOf, type Outcome, type ReadFailure, type Update } from './updates.js';

/** What a monitor makes of a reading, and what to do next. */
export interface Step {
  /** What there is to tell. */
  readonly update: Update;
  /** Read again after so many milliseconds; `null` to stop. */
  readonly nextReadingMs: number | null;
  /** How the wait ended, where it did; a stop without one is the end by an error that no repetition mends. */
  readonly outcome: Outcome | null;
}

/** What a monitor takes. */
export interface MonitorOptions extends PolicyOptions {
  /** A status from before the rollout. */
  readonly baseline?: Baseline | undefined;
}

/** The state machine of waiting, without clock: for tests, and for rollouts that were recorded. */
export class Monitor {
  readonly #native: Native.Monitor;

  /** @throws {ConfigurationError} where options contradict each other, or the baseline cannot be used. */
  constructor(image: ImageRef, options: MonitorOptions = {}) {
    const { baseline, ...rest } = options;
    const { accountServiceId, imageId } = imageOf(image);
    const policy = JSON.stringify(new Policy(rest));
    const before = baselineOf(baseline);
    const ids = before && [before.image.accountServiceId, before.image.imageId];
    this.#native = guarded(
      () => new native.Monitor(accountServiceId, imageId, policy, ids, before?.status.handle),
    );
  }

  /** Whether the gate needs the counts of each fleet and region. */
  get needsDetail(): boolean {
    return this.#native.needsDetail;
  }

  /** Whether the counts were seen to be the new version's. */
  get hasStarted(): boolean {
    return this.#native.hasStarted;
  }

  /** Takes a reading that was taken so many milliseconds after the wait began, in the order of their times. */
  observe(elapsedMs: number, reading: ImageStatus | ReadFailure): Step {
    const elapsed = seconds('elapsedMs', elapsedMs);
    const failure = reading instanceof ImageStatus ? undefined : JSON.stringify(failureToJSON(reading));
    const step = guarded(() =>
      failure === undefined
        ? this.#native.observeStatus(elapsed, (reading as ImageStatus).handle)
        : this.#native.observeFailure(elapsed, failure),
    );
    const outcome = step.outcome === undefined ? null : updateOf(step.outcome, step.outcomeStatus);
    return Object.freeze({
      update: updateOf(step.update, step.status),
      nextReadingMs: step.nextReading === undefined ? null : milliseconds(step.nextReading),
      outcome: outcome as Outcome | null,
    });
  }
}
