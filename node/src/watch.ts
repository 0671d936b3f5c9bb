/** A wait whose updates are read one by one. */

import { runCall, type CallGroup, type CallOptions } from './calls.js';
import { callNative, ConfigurationError } from './errors.js';
import type { ImageRef, Update } from './generated/models.js';
import type { Native } from './native.js';
import { updateFromNative, type Outcome } from './outcome.js';

/** The updates of a wait: readings and failed readings, then the outcome. */
export class Watch implements AsyncIterableIterator<Update> {
  readonly #native: Native.Watch;
  readonly #options: CallOptions;
  readonly #clientCalls: CallGroup;
  readonly #image: ImageRef;
  #warnings = 0;
  #outcome: Outcome | undefined;
  #failure: unknown;

  /** @internal */
  constructor(handle: Native.Watch, image: ImageRef, options: CallOptions, clientCalls: CallGroup) {
    this.#native = handle;
    this.#image = image;
    this.#options = options;
    this.#clientCalls = clientCalls;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Returns the next update. */
  async next(): Promise<IteratorResult<Update, undefined>> {
    const start = (queue: Native.CompletionQueue, call: number): void => this.#native.startNext(queue, call);
    const value = await runCall<Native.Update | undefined>(start, this.#options, this.#clientCalls).catch((error: unknown) => {
      this.#failure ??= error;
      throw error;
    });
    if (value === undefined) return { done: true, value };
    const update = updateFromNative(value);
    if (update.update === 'outcome') this.#outcome = update;
    if (update.update !== 'read_failed') {
      // A reading has the warnings that are new, the outcome all.
      const warnings = update.warnings.slice(update.update === 'outcome' ? this.#warnings : 0);
      this.#warnings += warnings.length;
      emitWarnings(this.#image, warnings);
    }
    return { done: false, value: update };
  }

  /** Ends the wait. Called when a `for await` loop is left. */
  async return(): Promise<IteratorResult<Update, undefined>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /**
   * Waits until the wait ends, and returns the outcome. Later calls return it again.
   *
   * Rejects with the error of an earlier call of {@link next}, or with a {@link ConfigurationError} where the wait was closed
   * or abandoned before.
   */
  async outcome(): Promise<Outcome> {
    while (this.#outcome === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      if ((await this.next()).done) {
        throw new ConfigurationError('the wait was closed or abandoned before it had an outcome: start a new wait');
      }
    }
    return this.#outcome;
  }

  /** Ends the wait, and closes its connection. */
  async close(): Promise<void> {
    callNative(() => this.#native.close());
  }

  /** As {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** @internal Emits warnings of the process. */
export function emitWarnings({ accountServiceId, imageId }: ImageRef, warnings: readonly string[]): void {
  for (const warning of warnings) {
    process.emitWarning(`image ${imageId} of account service ${accountServiceId}: ${warning}`, 'ClanforgeWarning');
  }
}
