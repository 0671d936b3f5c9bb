/** A wait whose updates are read one by one. */

import { runCall, type CallGroup, type CallOptions } from './calls.js';
import { callNative, ConfigurationError } from '../errors.js';
import type { ImageRef, Update } from '../generated/models.js';
import type { Native } from '../native.js';
import { combinedFromNative, updateFromNative, type CombinedOutcome, type Outcome } from '../models/outcome.js';

/**
 * The updates of a wait: readings and failed readings, then the outcome. A wait for several images has the outcome of each image
 * that has one; every update names its image.
 */
export class Watch<O extends Outcome | CombinedOutcome = Outcome> implements AsyncIterableIterator<Update> {
  readonly #native: Native.Watch;
  /** Returns the next update, or `undefined` after the last one. */
  readonly #next: () => Promise<Native.Update | undefined>;
  readonly #isOfSeveral: boolean;
  readonly #warnings = new Set<string>();
  #outcome: O | undefined;
  #failure: unknown;

  /** @internal */
  constructor(handle: Native.Watch, options: CallOptions, clientCalls: CallGroup, isOfSeveral: boolean) {
    this.#native = handle;
    this.#next = () => runCall((queue, call) => handle.startNext(queue, call), options, clientCalls);
    this.#isOfSeveral = isOfSeveral;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Waits for the next update; `done` is true after the last one. */
  async next(): Promise<IteratorResult<Update, undefined>> {
    const value = await this.#next().catch((error: unknown) => {
      this.#failure ??= error;
      throw error;
    });
    if (value === undefined) {
      const combined = callNative(() => this.#native.combinedOutcome());
      if (combined !== null) this.#outcome = combinedFromNative(combined) as O;
      return { done: true, value };
    }
    const update = updateFromNative(value);
    if (update.update === 'outcome' && !this.#isOfSeveral) this.#outcome = update as O;
    if (update.update !== 'read_failed') emitWarnings(update.image, update.warnings, this.#warnings);
    return { done: false, value: update };
  }

  /** Ends the wait. Leaving a `for await` loop calls this. */
  async return(): Promise<IteratorResult<Update, undefined>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /**
   * Waits until the wait ends, and returns the outcome. Later calls return it again.
   *
   * Rejects with the error of an earlier call of {@link next}, or with a {@link ConfigurationError} if the wait was closed
   * before.
   */
  async outcome(): Promise<O> {
    while (this.#outcome === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      if ((await this.next()).done && this.#outcome === undefined) {
        throw new ConfigurationError('the wait was closed before it had an outcome: start a new wait');
      }
    }
    return this.#outcome;
  }

  /** Ends the wait, and closes its connection. */
  async close(): Promise<void> {
    callNative(() => this.#native.close());
  }

  /** Calls {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * @internal Emits each warning that `emitted` lacks as a warning of the process, and adds it: an outcome repeats every warning of
 * its wait.
 */
export function emitWarnings({ accountServiceId, imageId }: ImageRef, warnings: readonly string[], emitted = new Set<string>()): void {
  for (const warning of warnings) {
    const text = `image ${imageId} of account service ${accountServiceId}: ${warning}`;
    if (!emitted.has(text)) process.emitWarning(text, 'ClanforgeWarning');
    emitted.add(text);
  }
}
