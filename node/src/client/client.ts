/** The client. */

import { Baseline, nativeBaseline } from '../models/baseline.js';
import { CallGroup, checkSignal, runCall, type CallOptions } from './calls.js';
import { array, checkProperties, refused } from '../models/codec.js';
import { callNative, ConfigurationError } from '../errors.js';
import * as calls from '../generated/calls.js';
import type { BaselineRequest, ImageStatusRequest, RolloutOptions, WaitAllRequest, WaitRequest } from '../generated/calls.js';
import type { ImageRef } from '../generated/models.js';
import { native, type Native } from '../native.js';
import type { CombinedOutcome, Outcome } from '../models/outcome.js';
import { mergeSettings, nativeSettings, requestCredentials, type ClientSettings } from './settings.js';
import { ImageStatus } from '../models/status.js';
import { requestOptions, waitAllArguments, waitArguments } from './wait-arguments.js';
import { emitWarnings, Watch } from './watch.js';

/**
 * A client of the service.
 *
 * All calls share its connections. A call in flight keeps the process alive; an idle client does not. Create a client in each
 * worker thread.
 */
export class Client {
  readonly #native: Native.Client;
  readonly #settings: ClientSettings;
  readonly #calls: CallGroup;

  /** @throws {ConfigurationError} if settings are invalid, or there are no credentials. */
  constructor(settings: ClientSettings = {}) {
    const json = nativeSettings(settings);
    this.#native = callNative(() => new native.Client(json));
    this.#settings = { ...settings };
    const provider = settings.credentialsProvider;
    this.#calls = new CallGroup(provider && (() => requestCredentials(provider)));
  }

  /**
   * Returns the status of an image.
   *
   * Rejects with a {@link ClanforgeError}; each kind of error has a class, such as `AuthenticationError`.
   */
  async imageStatus(request: ImageStatusRequest, options: CallOptions = {}): Promise<ImageStatus> {
    checkProperties('option of a call', request, calls.imageStatusRequest);
    const start = (queue: Native.CompletionQueue, call: number): void => this.#native.startImageStatus(queue, call, request);
    return ImageStatus.fromNative(await runCall<Native.Counts | Native.Status>(start, options, this.#calls));
  }

  /**
   * Returns the status of an image. Blocks the thread.
   *
   * @throws {ClanforgeError} if the call fails; each kind of error has a class, such as `AuthenticationError`.
   */
  imageStatusSync(request: ImageStatusRequest): ImageStatus {
    checkProperties('option of a call', request, calls.imageStatusRequest);
    if (this.#settings.credentialsProvider !== undefined) {
      throw new ConfigurationError('imageStatusSync cannot call a credentialsProvider: use imageStatus instead');
    }
    return ImageStatus.fromNative(callNative(() => this.#native.imageStatus(request)));
  }

  /**
   * Waits until an image is ready, has failed, or the wait ends for another reason, and returns the outcome.
   *
   * Rejects with a {@link ClanforgeError} for a permanent error, such as rejected credentials, or if the
   * service still returns HTTP 404 at the end of the start grace.
   */
  async wait(request: WaitRequest, options: CallOptions = {}): Promise<Outcome> {
    await using updates = this.watch(request, options);
    return await updates.outcome();
  }

  /**
   * Starts a wait as {@link wait} does, and returns an async iterator of its updates; the last is the outcome.
   *
   * Leaving the `for await` loop ends the wait, and closes its connection.
   */
  watch(request: WaitRequest, options: CallOptions = {}): Watch {
    const { accountServiceId, imageId, baseline } = checkProperties('option of a wait', request, calls.waitRequest);
    checkSignal(options);
    const wait = waitArguments({ accountServiceId, imageId }, baseline, request);
    const watch = callNative(() => this.#native.watch(...wait, requestOptions(request)));
    return new Watch(watch, options, this.#calls, false);
  }

  /**
   * Waits for several images at once, and returns the outcome of each.
   *
   * Each image has a wait of its own, as with {@link wait}. All begin together and have one deadline. The first image that fails,
   * by its outcome or by a permanent error, ends the wait unless `failFast` is `false`: the others are then undecided.
   *
   * @example
   * ```js
   * const images = [5678, 5679].map((imageId) => ({ accountServiceId: 1234, imageId }));
   * const baselines = await Promise.all(images.map((image) => client.baseline(image)));
   * // … start the rollouts …
   * (await client.waitAll({ images, baselines })).throwIfNotReady();
   * ```
   */
  async waitAll(request: WaitAllRequest, options: CallOptions = {}): Promise<CombinedOutcome> {
    await using updates = this.watchAll(request, options);
    return await updates.outcome();
  }

  /**
   * Starts a wait as {@link waitAll} does, and returns an async iterator of its updates, each of which names its image.
   * {@link Watch.outcome} returns the combined outcome.
   *
   * Leaving the `for await` loop ends the wait, and closes its connections.
   */
  watchAll(request: WaitAllRequest, options: CallOptions = {}): Watch<CombinedOutcome> {
    const { images, baselines = [] } = checkProperties('option of a wait', request, calls.waitAllRequest);
    checkSignal(options);
    const wait = waitAllArguments(images, request);
    const watch = callNative(() => this.#native.watchAll(wait, array.encode('baselines', baselines).map(nativeBaseline)));
    return new Watch<CombinedOutcome>(watch, options, this.#calls, true);
  }

  /**
   * Rolls a version out: takes the baselines of the images, calls `deploy`, which starts the rollout, and waits until every
   * image is ready.
   *
   * Rejects with a {@link BusyError} before `deploy` is called if another rollout is running, with the error of `deploy` if it
   * fails (there is no wait then), and with a {@link NotReadyError} if not all images are ready at the end. The signal cancels the
   * calls and the wait, but not `deploy`.
   *
   * With a `state`, the file holds the baselines, whether `deploy` was called, and the wait. The same call in another process
   * continues from there, and never calls `deploy` again. If `deploy` failed or was interrupted before, the call rejects with a
   * {@link DeployError} unless `assumeDeployed` is set.
   *
   * @example
   * ```js
   * const images = [5678, 5679].map((imageId) => ({ accountServiceId: 1234, imageId }));
   * await client.rollout(images, async () => {
   *   // … start the rollouts …
   * });
   * ```
   */
  async rollout(images: readonly ImageRef[], deploy: () => unknown, options: RolloutOptions = {}): Promise<CombinedOutcome> {
    const checked = checkProperties('option of a rollout', options, calls.rolloutOptions);
    const { signal, onUpdate, allowBusy = false, assumeDeployed = false } = checked;
    if (typeof deploy !== 'function') throw refused('deploy', deploy, 'a function that starts the rollout');
    const wait = waitAllArguments(images, options);
    const start = (queue: Native.CompletionQueue, call: number): void =>
      this.#native.startRollout(queue, call, wait, allowBusy, assumeDeployed);
    const rollout = await runCall<Native.Rollout>(start, { signal }, this.#calls);
    if (!rollout.isDeployed) {
      rollout.warnings().forEach((warnings, index) => emitWarnings(images[index]!, warnings));
      callNative(() => rollout.starting());
      try {
        await deploy();
      } catch (error) {
        rollout.ended(String(error));
        throw error;
      }
      rollout.ended();
    }
    await using updates = new Watch<CombinedOutcome>(rollout.watch(), { signal }, this.#calls, true);
    if (onUpdate !== undefined) for await (const update of updates) await onUpdate(update);
    return (await updates.outcome()).throwIfNotReady();
  }

  /**
   * Returns the status with detail. Take it before you start a rollout, and pass it to {@link wait} afterwards.
   *
   * If the baseline has no machines, or pending machines as during a rollout, the client emits a `ClanforgeWarning`.
   */
  async baseline(request: BaselineRequest, options: CallOptions = {}): Promise<Baseline> {
    const { accountServiceId, imageId } = checkProperties('option of a call', request, calls.baselineRequest);
    const takenAt = new Date().toISOString();
    const status = await this.imageStatus({ ...request, detail: true }, options);
    const baseline = new Baseline({ accountServiceId, imageId }, status, takenAt);
    emitWarnings(baseline.image, callNative(() => native.baselineWarnings(nativeBaseline(baseline))));
    return baseline;
  }

  /** Returns a client with some settings changed, and its own connections. */
  withOptions(settings: ClientSettings): Client {
    return new Client(mergeSettings(this.#settings, settings));
  }

  /** Closes the connections. Calls and waits in flight, and later calls, reject with a {@link ConfigurationError}. */
  async close(): Promise<void> {
    this.#native.close();
    this.#calls.cancel(new ConfigurationError('the client is closed: create a new one'));
  }

  /** Calls {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Returns the status of an image, with credentials from the environment. For several calls, create a {@link Client}.
 *
 * Rejects with a {@link ClanforgeError}; each kind of error has a class, such as `AuthenticationError`.
 */
export async function imageStatus(request: ImageStatusRequest, options: CallOptions = {}): Promise<ImageStatus> {
  await using client = new Client();
  return await client.imageStatus(request, options);
}

/**
 * Returns the status of an image, with credentials from the environment. Blocks the thread.
 *
 * @throws {ClanforgeError} if the call fails; each kind of error has a class, such as `AuthenticationError`.
 */
export function imageStatusSync(request: ImageStatusRequest): ImageStatus {
  const client = new Client();
  try {
    return client.imageStatusSync(request);
  } finally {
    void client.close();
  }
}
