/** The client and its calls. */

import { CallGroup, runCall, checkSignal, type CallOptions } from './calls.js';
import { checkBoolean, checkKeys, toSeconds, checkInteger } from './checks.js';
import { requestCredentials, type AuthScheme, type CredentialsProvider } from './credentials.js';
import { ConfigurationError, errorFromJSON, callNative } from './errors.js';
import { checkImage, ImageStatus, type ImageRef } from './models.js';
import type * as Native from '../native';
import { native } from './native.js';
import { Baseline, checkBaseline, Policy, policyOptions, type PolicyOptions } from './policy.js';
import { updateFromNative, type Outcome, type Update } from './updates.js';

/**
 * The settings of a client; durationSettings in milliseconds.
 *
 * Credentials and base URL that you do not set come from `process.env`: `CLANFORGE_ACCESS_KEY` and `CLANFORGE_SECRET_KEY` (see
 * `CLANFORGE_AUTH_SCHEME`), or `CLANFORGE_TOKEN`, and `CLANFORGE_BASE_URL`. `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`, `SSL_CERT_DIR` and
 * `NODE_EXTRA_CA_CERTS` are read as well.
 */
export interface ClientSettings {
  /** The access key, with `secretKey`. */
  readonly accessKey?: string | undefined;
  /** The secret key, with `accessKey`. */
  readonly secretKey?: string | undefined;
  /** A bearer token, instead of the keys. */
  readonly token?: string | undefined;
  /** How the keys authenticate: `"basic"`, the default, or `"sigv4"`, which signs each request. */
  readonly authScheme?: AuthScheme | undefined;
  /**
   * A function that returns credentials. It is called before the first request, and once more in a call that gets HTTP 401.
   * When it throws or rejects, the call rejects with its error. A blocking call cannot use it, and throws a
   * {@link ConfigurationError}.
   */
  readonly credentialsProvider?: CredentialsProvider | undefined;
  /** The base URL of the service. */
  readonly baseUrl?: string | undefined;
  /** The timeout of a call, including retries. Defaults to 60 s. */
  readonly timeoutMs?: number | undefined;
  /** The timeout of one attempt. Defaults to 20 s. */
  readonly attemptTimeoutMs?: number | undefined;
  /** The timeout for opening a connection to one address. Defaults to 5 s. */
  readonly connectTimeoutMs?: number | undefined;
  /** The maximum number of retries. Defaults to 2. */
  readonly retries?: number | undefined;
  /** The upper bounds of the first and of the longest backoff before a retry. Defaults to 500 ms and 8 s. */
  readonly backoffMs?: readonly [number, number] | undefined;
  /** How long an idle connection is kept open. Defaults to 15 s. */
  readonly idleTimeoutMs?: number | undefined;
  /** The maximum size of a response body, in bytes. Defaults to 16 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** A CA bundle (PEM) that replaces the platform's trust anchors. */
  readonly caFile?: string | undefined;
  /** A CA bundle (PEM) to trust in addition. Defaults to that of `NODE_EXTRA_CA_CERTS`. */
  readonly extraCaFile?: string | undefined;
  /** The URL of a proxy; overrides the environment. */
  readonly proxy?: string | undefined;
  /** Use no proxy, even where the environment names one. */
  readonly noProxy?: boolean | undefined;
  /** Allow `http://` addresses beyond this machine, which sends credentials in clear text. For test servers only. */
  readonly allowHttp?: boolean | undefined;
  /** The name of your product, which precedes the name of this package in the `User-Agent` header. */
  readonly userAgent?: string | undefined;
}

/** The parameters of a call for a status. */
export interface ImageStatusRequest extends ImageRef {
  /** Request the counts of each fleet and region as well. */
  readonly detail?: boolean | undefined;
  /** The timeout of the call, in milliseconds. Defaults to that of the client. */
  readonly timeoutMs?: number | undefined;
  /** The maximum number of retries. Defaults to that of the client. */
  readonly retries?: number | undefined;
}

/** The parameters of a call for a baseline. */
export interface BaselineRequest extends ImageRef {
  /** The timeout of the call, in milliseconds. Defaults to that of the client. */
  readonly timeoutMs?: number | undefined;
  /** The maximum number of retries. Defaults to that of the client. */
  readonly retries?: number | undefined;
}

/** The parameters of a wait. */
export interface WaitRequest extends ImageRef, PolicyOptions {
  /**
   * The status before the rollout, as {@link Client.baseline} returns it. With it, the wait tells the counts of the new
   * version from those of the old one; without it, the freshness of the outcome may be `"assumed"`.
   */
  readonly baseline?: Baseline | undefined;
  /** Request the counts of each fleet and region even where the gate does not need them. */
  readonly detail?: boolean | undefined;
  /** The seed of the poll intervals' jitter, to make them reproducible. */
  readonly seed?: number | undefined;
}

const durationSettings = {
  timeoutMs: 'timeout',
  attemptTimeoutMs: 'attempt_timeout',
  connectTimeoutMs: 'connect_timeout',
  idleTimeoutMs: 'idle_timeout',
} as const;

const stringSettings = {
  accessKey: 'access_key',
  secretKey: 'secret_key',
  token: 'token',
  authScheme: 'auth_scheme',
  baseUrl: 'base_url',
  caFile: 'ca_file',
  extraCaFile: 'extra_ca_file',
  proxy: 'proxy',
  userAgent: 'user_agent',
} as const;

const booleanSettings = { noProxy: 'no_proxy', allowHttp: 'allow_http' } as const;
const integerSettings = { retries: 'retries', maxBodyBytes: 'max_body_bytes' } as const;
const variables = ['ACCESS_KEY', 'SECRET_KEY', 'TOKEN', 'AUTH_SCHEME', 'BASE_URL'].map((name) => `CLANFORGE_${name}`);

const callOptions = ['accountServiceId', 'imageId', 'detail', 'timeoutMs', 'retries'];
const waitOptions = ['accountServiceId', 'imageId', 'baseline', 'detail', 'seed', ...policyOptions];
const settingNames = [...[stringSettings, durationSettings, booleanSettings, integerSettings].flatMap((each) => Object.keys(each)), 'backoffMs', 'credentialsProvider'];

/**
 * A client of the service.
 *
 * All calls share its connections. A call in flight keeps the process alive; an idle client does not. In worker threads,
 * create a client in each.
 */
export class Client {
  readonly #native: Native.Client;
  readonly #settings: ClientSettings;
  readonly #calls: CallGroup;

  /** @throws {ConfigurationError} where settings are invalid, or there are no credentials. */
  constructor(settings: ClientSettings = {}) {
    checkKeys('setting', settings, settingNames);
    this.#settings = { ...settings };
    const provider = settings.credentialsProvider;
    this.#calls = new CallGroup(provider && (() => requestCredentials(provider)));
    this.#native = callNative(() => new native.Client(JSON.stringify(nativeSettings(settings))));
  }

  /**
   * Returns the status of an image.
   *
   * Rejects with a {@link ClanforgeError} of the class of its kind.
   */
  async imageStatus(request: ImageStatusRequest, options: CallOptions = {}): Promise<ImageStatus> {
    const call = imageStatusCall(request);
    const start = (queue: Native.CompletionQueue, id: number): void => this.#native.startImageStatus(queue, id, ...call);
    const { counts, status } = await runCall(start, options, this.#calls);
    return new ImageStatus(counts ?? [], status);
  }

  /**
   * Returns the status of an image. Blocks the thread.
   *
   * @throws {ClanforgeError} of the class of its kind.
   */
  imageStatusSync(request: ImageStatusRequest): ImageStatus {
    const call = imageStatusCall(request);
    if (this.#settings.credentialsProvider !== undefined) {
      throw new ConfigurationError('imageStatusSync cannot wait for a credentialsProvider: use imageStatus instead');
    }
    const { error, counts, status } = callNative(() => this.#native.imageStatus(...call));
    if (error !== undefined) throw errorFromJSON(error);
    return new ImageStatus(counts ?? [], status);
  }

  /**
   * Waits until an image is ready, has failed, or the wait ends for another reason, and returns the outcome.
   *
   * Rejects with a {@link ClanforgeError} for a permanent error, such as rejected credentials or an unknown image.
   */
  async wait(request: WaitRequest, options: CallOptions = {}): Promise<Outcome> {
    const updates = this.watch(request, options);
    try {
      return await updates.outcome();
    } finally {
      await updates.close();
    }
  }

  /**
   * Starts a wait as {@link wait} does, and returns an async iterator of its updates; the last is the outcome.
   *
   * Leaving the `for await` loop ends the wait, and closes its connection.
   */
  watch(request: WaitRequest, options: CallOptions = {}): Watch {
    checkKeys('option of a wait', request, waitOptions);
    checkSignal(options);
    const { accountServiceId, imageId, baseline, detail, seed, ...rest } = request;
    const image = checkImage({ accountServiceId, imageId });
    const policy = JSON.stringify(new Policy(rest));
    const checkedBaseline = checkBaseline(baseline);
    const seedNumber = seed === undefined ? undefined : checkInteger('seed', seed);
    const watch = callNative(() =>
      this.#native.watch(
        image.accountServiceId,
        image.imageId,
        policy,
        checkedBaseline && [checkedBaseline.image.accountServiceId, checkedBaseline.image.imageId],
        checkedBaseline?.status.handle,
        checkBoolean('detail', detail),
        seedNumber,
      ),
    );
    return new Watch(watch, options, this.#calls);
  }

  /** Returns the status with detail. Take it before you start a rollout, and pass it to {@link wait} afterwards. */
  async baseline(request: BaselineRequest, options: CallOptions = {}): Promise<Baseline> {
    checkKeys('option of a call', request, callOptions.filter((name) => name !== 'detail'));
    const { accountServiceId, imageId } = request;
    const status = await this.imageStatus({ ...request, detail: true }, options);
    return new Baseline({ accountServiceId, imageId }, status);
  }

  /** Returns a client with some settings changed, and its own connections. */
  withOptions(settings: ClientSettings): Client {
    return new Client(mergeSettings(this.#settings, settings));
  }

  /** Cancels calls and waits in flight, and closes the connections. They and later calls reject with a {@link ConfigurationError}. */
  async close(): Promise<void> {
    this.#native.close();
    this.#calls.cancel(new ConfigurationError('the client is closed'));
  }

  /** As {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The updates of a wait: readings and failed readings, then the outcome. */
export class Watch implements AsyncIterableIterator<Update> {
  readonly #native: Native.Watch;
  readonly #options: CallOptions;
  readonly #clientCalls: CallGroup;
  #outcome: Outcome | undefined;
  #failure: unknown;

  /** @internal */
  constructor(handle: Native.Watch, options: CallOptions, clientCalls: CallGroup) {
    this.#native = handle;
    this.#options = options;
    this.#clientCalls = clientCalls;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Returns the next update. */
  async next(): Promise<IteratorResult<Update, undefined>> {
    const start = (queue: Native.CompletionQueue, call: number): void => this.#native.startNext(queue, call);
    const completion = await runCall(start, this.#options, this.#clientCalls).catch((error: unknown) => {
      this.#failure ??= error;
      throw error;
    });
    if (completion.update === undefined) return { done: true, value: undefined };
    const update = updateFromNative(completion.update, completion.status);
    if (update.update === 'outcome') this.#outcome = update;
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

/**
 * Returns the status of an image, with credentials from the environment. For several calls, create a {@link Client}.
 *
 * Rejects with a {@link ClanforgeError} of the class of its kind.
 */
export async function imageStatus(request: ImageStatusRequest, options: CallOptions = {}): Promise<ImageStatus> {
  const client = new Client();
  try {
    return await client.imageStatus(request, options);
  } finally {
    await client.close();
  }
}

/**
 * Returns the status of an image, with credentials from the environment. Blocks the thread.
 *
 * @throws {ClanforgeError} of the class of its kind.
 */
export function imageStatusSync(request: ImageStatusRequest): ImageStatus {
  const client = new Client();
  try {
    return client.imageStatusSync(request);
  } finally {
    void client.close();
  }
}

/** @internal Merges settings; credentials of one kind replace those of another kind. */
export function mergeSettings(settings: ClientSettings, changed: ClientSettings): ClientSettings {
  const kinds = [['token'], ['accessKey', 'secretKey'], ['credentialsProvider']] as const;
  const changedKinds = kinds.filter((kind) => kind.some((name) => changed[name] !== undefined));
  if (changedKinds.length === 0) return { ...settings, ...changed };
  const replaced = kinds.filter((kind) => !changedKinds.includes(kind)).flat();
  const kept = Object.entries(settings).filter(([name]) => !(replaced as readonly string[]).includes(name));
  return { ...Object.fromEntries(kept), ...changed };
}

function imageStatusCall(
  request: ImageStatusRequest,
): [number, number, boolean, number | undefined, number | undefined] {
  checkKeys('option of a call', request, callOptions);
  const { accountServiceId, imageId, detail, timeoutMs, retries } = request;
  return [
    checkInteger('accountServiceId', accountServiceId),
    checkInteger('imageId', imageId),
    checkBoolean('detail', detail),
    timeoutMs === undefined ? undefined : toSeconds('timeoutMs', timeoutMs),
    retries === undefined ? undefined : checkUnsigned32('retries', retries),
  ];
}

function nativeSettings(settings: ClientSettings): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    // A worker thread may have its own environment, which the native module does not see.
    variables: Object.fromEntries(variables.map((name) => [name, process.env[name] ?? ''])),
    extra_ca_file: process.env['NODE_EXTRA_CA_CERTS'] || undefined,
  };
  for (const [name, nativeName] of Object.entries(stringSettings)) {
    const value = settings[name as keyof typeof stringSettings];
    if (value === undefined) continue;
    // The message does not quote the value, not even a number: it may be a secret.
    if (typeof value !== 'string') throw new ConfigurationError(`invalid ${name}: expected a string`);
    fields[nativeName] = value;
  }
  const provider: unknown = settings.credentialsProvider;
  if (provider !== undefined) {
    if (typeof provider !== 'function') throw new ConfigurationError('invalid credentialsProvider: expected a function');
    if (['access_key', 'secret_key', 'token'].some((name) => name in fields)) {
      throw new ConfigurationError('credentials and a credentialsProvider were both given: give only one of them');
    }
    fields['credentials_provider'] = true;
  }
  for (const [name, nativeName] of Object.entries(durationSettings)) {
    const value = settings[name as keyof typeof durationSettings];
    if (value !== undefined) fields[nativeName] = toSeconds(name, value);
  }
  for (const [name, nativeName] of Object.entries(booleanSettings)) {
    const value = settings[name as keyof typeof booleanSettings];
    if (value !== undefined) fields[nativeName] = checkBoolean(name, value);
  }
  for (const [name, nativeName] of Object.entries(integerSettings)) {
    const value = settings[name as keyof typeof integerSettings];
    if (value !== undefined) fields[nativeName] = name === 'retries' ? checkUnsigned32(name, value) : checkInteger(name, value);
  }
  if (settings.backoffMs !== undefined) {
    const bounds: unknown = settings.backoffMs;
    if (!Array.isArray(bounds) || bounds.length !== 2) {
      throw new ConfigurationError('invalid backoffMs: expected an array with the first and the longest backoff');
    }
    const [first, longest] = bounds as unknown[];
    fields['backoff'] = [toSeconds('backoffMs', first), toSeconds('backoffMs', longest)];
  }
  return fields;
}

function checkUnsigned32(name: string, value: unknown): number {
  const max = 2 ** 32 - 1;
  const number = checkInteger(name, value);
  if (number > max) throw new ConfigurationError(`invalid ${name} ${number}: must be at most ${max}`);
  return number;
}
