/** The monitor of a wait. */

import type { Baseline } from './baseline.js';
import { duration, text } from './codec.js';
import { callNative } from './errors.js';
import { readFailure, type ImageRef, type ReadFailure, type Update } from './generated/models.js';
import type { PolicyOptions } from './generated/options.js';
import { toMilliseconds } from './milliseconds.js';
import { native, type Native } from './native.js';
import { updateFromNative, type Outcome } from './outcome.js';
import { waitArguments } from './policy.js';
import { ImageStatus } from './status.js';

/** The result of a reading, and what to do next. */
export interface Step {
  /** The update. */
  readonly update: Update;
  /** Milliseconds until the next reading; `null` where the wait has ended. */
  readonly nextReadingMs: number | null;
  /** The outcome, where the wait has one. A wait that ends without an outcome ended by a permanent error. */
  readonly outcome: Outcome | null;
}

/** The options of a monitor. */
export interface MonitorOptions extends PolicyOptions {
  /** The status before the rollout. */
  readonly baseline?: Baseline | undefined;
}

/** The state machine of a wait, without clock and I/O: for tests and recorded rollouts. */
export class Monitor {
  #native: Native.Monitor;

  /** @throws {ConfigurationError} where options contradict each other, or the baseline does not match the image. */
  constructor(image: ImageRef, options: MonitorOptions = {}) {
    const { baseline, ...policy } = options;
    this.#native = callNative(() => new native.Monitor(...waitArguments(image, baseline, policy)));
  }

  /**
   * Returns the monitor that a {@link Monitor.snapshot} was taken of, also in another process or on another machine.
   *
   * @throws {ConfigurationError} where the text is not a snapshot.
   */
  static restore(snapshot: string): Monitor {
    text.encode('snapshot', snapshot);
    // Of any image: what it has is replaced.
    const monitor = new Monitor({ accountServiceId: 1, imageId: 1 });
    monitor.#native = callNative(() => native.Monitor.restore(snapshot));
    return monitor;
  }

  /**
   * Returns the monitor between two readings as a JSON text, whose `version` and `image` are for everybody, and whose `state` is
   * for {@link restore}: the restored monitor leads to the same steps.
   */
  snapshot(): string {
    return this.#native.snapshot();
  }

  /** Whether the gate needs the counts of each fleet and region. */
  get needsDetail(): boolean {
    return this.#native.needsDetail;
  }

  /** Whether there is evidence that the counts describe the new version. */
  get hasStarted(): boolean {
    return this.#native.hasStarted;
  }

  /**
   * Takes a reading from `elapsedMs` after the start of the wait, of a response that a cache had kept for `ageMs`. Call it in
   * the order of time.
   */
  observe(elapsedMs: number, reading: ImageStatus | ReadFailure, ageMs = 0): Step {
    const [elapsed, age] = [duration.encode('elapsedMs', elapsedMs), duration.encode('ageMs', ageMs)];
    const [update, outcome, nextReading] = callNative(() =>
      reading instanceof ImageStatus
        ? this.#native.observeStatus(elapsed, reading.handle, age)
        : this.#native.observeFailure(elapsed, JSON.stringify(readFailure.check('reading', reading))),
    );
    return Object.freeze({
      update: updateFromNative(update),
      nextReadingMs: nextReading && toMilliseconds(nextReading),
      outcome: outcome && (updateFromNative(outcome) as Outcome),
    });
  }
}
