/** The monitor of a wait. */

import { duration, text } from '../models/codec.js';
import { callNative } from '../errors.js';
import { readFailure, type ImageRef, type ReadFailure, type Step } from '../generated/models.js';
import type { MonitorOptions } from '../generated/calls.js';
import { policy } from '../generated/options.js';
import { toMilliseconds } from '../models/milliseconds.js';
import { native, type Native } from '../native.js';
import { updateFromNative, type Outcome } from '../models/outcome.js';
import { ImageStatus } from '../models/status.js';
import { waitArguments } from './wait-arguments.js';

/** The state machine of a wait, without a clock and without I/O, for tests and for a loop of your own. */
export class Monitor {
  #native: Native.Monitor;

  /** @throws {ConfigurationError} if options contradict each other, or the baseline is of another image. */
  constructor(image: ImageRef, options: MonitorOptions = {}) {
    const { baseline, ...beside } = options;
    policy.checkBeside(beside);
    this.#native = callNative(() => new native.Monitor(...waitArguments(image, baseline, beside)));
  }

  /**
   * Returns a monitor that continues from a {@link Monitor.snapshot}, also one of another process or another machine.
   *
   * For later readings, `elapsedMs` still counts from the start of the wait, the time between the two processes included.
   *
   * @throws {ConfigurationError} if the text is not a snapshot.
   */
  static restore(snapshot: string): Monitor {
    text.encode('snapshot', snapshot);
    // Any image is valid here: the next line replaces the native monitor.
    const monitor = new Monitor({ accountServiceId: 1, imageId: 1 });
    monitor.#native = callNative(() => native.Monitor.restore(snapshot));
    return monitor;
  }

  /**
   * Returns the monitor as it is now, as JSON text: a `version`, the `image`, and a `state` that only {@link Monitor.restore}
   * reads.
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
   * Processes a reading, and returns its update and when to read next. Pass readings in the order of time.
   *
   * @param elapsedMs When the reading was received: the time since the start of the wait.
   * @param reading The status, or why the reading failed.
   * @param ageMs How old the status was then, by the `Age` header of a cache. Defaults to 0.
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
