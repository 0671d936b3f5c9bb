/** The client. */

import { Group, run, signalOf, type CallOptions } from './calls.js';
import { flag, known, seconds, whole } from './checks.js';
import { provided, type AuthScheme, type CredentialsProvider } from './credentials.js';
import { ConfigurationError, errorOf, guarded } from './errors.js';
import { imageOf, ImageStatus, type ImageRef } from './models.js';
import type * as Native from '../native';
import { native } from './native.js';
import { Baseline, baselineOf, Policy, policyOptions, type PolicyOptions } from './policy.js';
import { updateOf, type Outcome, type Update } from './updates.js';

/**
 * The settings of a client; durations in milliseconds.
 *
 * Credentials and address that are not given come from `process.env`: `CLANFORGE_ACCESS_KEY` and `CLANFORGE_SECRET_KEY` (by
 * `CLANFORGE_AUTH_SCHEME`), or `CLANFORGE_TOKEN`, and `CLANFORGE_BASE_URL`. `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`, `SSL_CERT_DIR` and
 * `NODE_EXTRA_CA_CERTS` are honoured.
 */
export interface ClientSettings {
  /** The access key, with `secretKey`. */
  readonly accessKey?: string | undefined;
  /** The secret key, with `accessKey`. */
  readonly secretKey?: string | undefined;
  /** A bearer token, in place of both keys. */
  readonly token?: string | undefined;
  /** What is made of both keys: `"basic"`, the default, or `"sigv4"`, by which they sign each request. */
  readonly authScheme?: AuthScheme | undefined;
  /**
   * What returns credentials when a call needs them. It is asked before the first request, and once more in a call whose
   * credentials are refused with HTTP 401; what it throws or rejects with, the call rejects with. A call that blocks asks
   * nobody: it is a {@link ConfigurationError}.
   */
  readonly credentialsProvider?: CredentialsProvider | undefined;
  /** The service's address. */
  readonly baseUrl?: string | undefined;
  /** How long a call may take, retries and pauses included: 60 s by default. */
  readonly timeoutMs?: number | undefined;
  /** How long one attempt may take: 20 s by default. */
  readonly attemptTimeoutMs?: number | undefined;
  /** How long opening a connection may take: 5 s by default. */
  readonly connectTimeoutMs?: number | undefined;
  /** How many more attempts may follow a failed one: 2 by default. */
  readonly retries?: number | undefined;
  /** The pause before a first retry, drawn up to this, and the longest: 500 ms and 8 s by default. */
  readonly backoffMs?: readonly [number, number] | undefined;
  /** How long a connection is kept for the next call: 15 s by default. */
  readonly idleTimeoutMs?: number | undefined;
  /** The longest answer that is read, in bytes: 16 MiB by default. */
  readonly maxBodyBytes?: number | undefined;
  /** A file of certificates to trust, as PEM, and no others; the platform's by default. */
  readonly caFile?: string | undefined;
  /** A file of certificates to trust as well; that of `NODE_EXTRA_CA_CERTS` by default. */
  readonly extraCaFile?: string | undefined;
  /** The proxy to use, whatever the environment says. */
  readonly proxy?: string | undefined;
  /** Use no proxy, whatever the environment says. */
  readonly noProxy?: boolean | undefined;
  /** Send credentials in clear text beyond this machine: for test servers only. */
  readonly allowHttp?: boolean | undefined;
  /** What the product calls itself, in front of this package's own name. */
  readonly userAgent?: string | undefined;
}

/** What a call for a status takes. */
export interface ImageStatusRequest extends ImageRef {
  /** Ask for the counts of each fleet and region as well. */
  readonly detail?: boolean | undefined;
  /** How long the call may take, in milliseconds; the client's by default. */
  readonly timeoutMs?: number | undefined;
  /** How many more attempts may follow a failed one; the client's by default. */
  readonly retries?: number | undefined;
}

/** What a call for a baseline takes. */
export interface BaselineRequest extends ImageRef {
  /** How long the call may take, in milliseconds; the client's by default. */
  readonly timeoutMs?: number | undefined;
  /** How many more attempts may follow a failed one; the client's by default. */
  readonly retries?: number | undefined;
}

/** What a wait takes. */
export interface WaitRequest extends ImageRef, PolicyOptions {
  /**
   * A status from before the rollout, as {@link Client.baseline} returns it: it tells the new version's counts from the old
   * one's. Without one an outcome may be `"assumed"`.
   */
  readonly baseline?: Baseline | undefined;
  /** Ask for the counts of each fleet and region also where the gate does not need them. */
  readonly detail?: boolean | undefined;
  /** Draw the pauses by this seed, so that they are the same each time. */
  readonly seed?: number | undefined;
}

const durations = {
  timeoutMs: 'timeout',
  attemptTimeoutMs: 'attempt_timeout',
  connectTimeoutMs: 'connect_timeout',
  idleTimeoutMs: 'idle_timeout',
} as const;

const texts = {
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

const flags = { noProxy: 'no_proxy', allowHttp: 'allow_http' } as const;
const wholes = { retries: 'retries', maxBodyBytes: 'max_body_bytes' } as const;
const variables = ['ACCESS_KEY', 'SECRET_KEY', 'TOKEN', 'AUTH_SCHEME', 'BASE_URL'].map((name) => `CLANFORGE_${name}`);

const callOptions = ['accountServiceId', 'imageId', 'detail', 'timeoutMs', 'retries'];
const waitOptions = ['accountServiceId', 'imageId', 'baseline', 'detail', 'seed', ...policyOptions];
const settingNames = [...[texts, durations, flags, wholes].flatMap((each) => Object.keys(each)), 'backoffMs', 'credentialsProvider'];

/**
 * Asks the service for image statuses.
 *
 * Connections are kept and shared by all calls; a call in flight keeps the process alive, and nothing else does. Works in
 * worker threads, each with clients of its own.
 */
export class Client {
  readonly #native: Native.Client;
  readonly #settings: ClientSettings;
  readonly #calls: Group;

  /** @throws {ConfigurationError} where settings cannot be used, or there are no credentials. */
  constructor(settings: ClientSettings = {}) {
    known('setting', settings, settingNames);
    this.#settings = { ...settings };
    const provider = settings.credentialsProvider;
    this.#calls = new Group(provider && (() => provided(provider)));
    this.#native = guarded(() => new native.Client(JSON.stringify(nativeSettings(settings))));
  }

  /**
   * Returns how far an image is.
   *
   * Rejects with a {@link ClanforgeError}: one of its subclasses, by kind.
   */
  async imageStatus(request: ImageStatusRequest, options: CallOptions = {}): Promise<ImageStatus> {
    const call = imageStatusCall(request);
    const start = (mailbox: Native.Mailbox, id: number): void => this.#native.startImageStatus(mailbox, id, ...call);
    const { counts, status } = await run(start, options, this.#calls);
    return new ImageStatus(counts ?? [], status);
  }

  /**
   * Returns how far an image is, and blocks the thread until it is known.
   *
   * @throws {ClanforgeError} one of its subclasses, by kind.
   */
  imageStatusSync(request: ImageStatusRequest): ImageStatus {
    const call = imageStatusCall(request);
    if (this.#settings.credentialsProvider !== undefined) {
      throw new ConfigurationError('a call that blocks cannot wait for a credentialsProvider: call imageStatus');
    }
    const { error, counts, status } = guarded(() => this.#native.imageStatus(...call));
    if (error !== undefined) throw errorOf(error);
    return new ImageStatus(counts ?? [], status);
  }

  /**
   * Waits until an image is ready by a gate, has failed, or is no longer worth waiting for, and returns how it ended.
   *
   * Rejects with a {@link ClanforgeError} where no repetition mends it: credentials that are refused, or an unknown image.
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
   * Waits as {@link wait} does, and returns an asynchronous iterator of what happens meanwhile; its last item is the outcome.
   *
   * Leaving a `for await` of it ends the waiting, and closes its connection.
   */
  watch(request: WaitRequest, options: CallOptions = {}): Watch {
    known('option of a wait', request, waitOptions);
    signalOf(options);
    const { accountServiceId, imageId, baseline, detail, seed, ...rest } = request;
    const image = imageOf({ accountServiceId, imageId });
    const policy = JSON.stringify(new Policy(rest));
    const before = baselineOf(baseline);
    const drawn = seed === undefined ? undefined : whole('seed', seed);
    const watch = guarded(() =>
      this.#native.watch(
        image.accountServiceId,
        image.imageId,
        policy,
        before && [before.image.accountServiceId, before.image.imageId],
        before?.status.handle,
        flag('detail', detail),
        drawn,
      ),
    );
    return new Watch(watch, options, this.#calls);
  }

  /** Returns the status, with detail, to be taken before a rollout is started and given to {@link wait} afterwards. */
  async baseline(request: BaselineRequest, options: CallOptions = {}): Promise<Baseline> {
    known('option of a call', request, callOptions.filter((name) => name !== 'detail'));
    const { accountServiceId, imageId } = request;
    const status = await this.imageStatus({ ...request, detail: true }, options);
    return new Baseline({ accountServiceId, imageId }, status);
  }

  /** Returns a client with some settings changed; the connections are its own. */
  withOptions(settings: ClientSettings): Client {
    return new Client(merged(this.#settings, settings));
  }

  /** Ends its calls and waits, and gives the connections up. What was in flight, and a call after that, is a {@link ConfigurationError}. */
  async close(): Promise<void> {
    this.#native.close();
    this.#calls.end(new ConfigurationError('the client is closed'));
  }

  /** As {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The updates of a wait, one after another: readings and failed readings, and last the outcome. */
export class Watch implements AsyncIterableIterator<Update> {
  readonly #native: Native.Watch;
  readonly #options: CallOptions;
  readonly #client: Group;
  #outcome: Outcome | undefined;
  #failure: unknown;

  /** @internal */
  constructor(handle: Native.Watch, options: CallOptions, client: Group) {
    this.#native = handle;
    this.#options = options;
    this.#client = client;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Returns the next update. */
  async next(): Promise<IteratorResult<Update, undefined>> {
    const start = (mailbox: Native.Mailbox, call: number): void => this.#native.startNext(mailbox, call);
    const letter = await run(start, this.#options, this.#client).catch((error: unknown) => {
      this.#failure ??= error;
      throw error;
    });
    if (letter.update === undefined) return { done: true, value: undefined };
    const update = updateOf(letter.update, letter.status);
    if (update.update === 'outcome') this.#outcome = update;
    return { done: false, value: update };
  }

  /** Ends the waiting: what leaving a `for await` calls. */
  async return(): Promise<IteratorResult<Update, undefined>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /**
   * Waits to the end, and returns the outcome; after the end, returns it again.
   *
   * Rejects with what {@link next} rejected with before, and with a {@link ConfigurationError} where the wait was closed or given up before.
   */
  async outcome(): Promise<Outcome> {
    while (this.#outcome === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      if ((await this.next()).done) {
        throw new ConfigurationError('the wait was closed or given up, and has no outcome');
      }
    }
    return this.#outcome;
  }

  /** Ends the waiting, and closes its connection. */
  async close(): Promise<void> {
    guarded(() => this.#native.close());
  }

  /** As {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Returns how far an image is, with credentials from the environment: {@link Client.imageStatus} for a single call.
 *
 * Rejects with a {@link ClanforgeError}: one of its subclasses, by kind.
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
 * The same, which blocks the thread until it is known.
 *
 * @throws {ClanforgeError} one of its subclasses, by kind.
 */
export function imageStatusSync(request: ImageStatusRequest): ImageStatus {
  const client = new Client();
  try {
    return client.imageStatusSync(request);
  } finally {
    void client.close();
  }
}

/** @internal Returns settings with some changed; credentials of one kind replace those of the other. */
export function merged(settings: ClientSettings, changed: ClientSettings): ClientSettings {
  const kinds = [['token'], ['accessKey', 'secretKey'], ['credentialsProvider']] as const;
  const given = kinds.filter((kind) => kind.some((name) => changed[name] !== undefined));
  if (given.length === 0) return { ...settings, ...changed };
  const replaced = kinds.filter((kind) => !given.includes(kind)).flat();
  const kept = Object.entries(settings).filter(([name]) => !(replaced as readonly string[]).includes(name));
  return { ...Object.fromEntries(kept), ...changed };
}

function imageStatusCall(
  request: ImageStatusRequest,
): [number, number, boolean, number | undefined, number | undefined] {
  known('option of a call', request, callOptions);
  const { accountServiceId, imageId, detail, timeoutMs, retries } = request;
  return [
    whole('accountServiceId', accountServiceId),
    whole('imageId', imageId),
    flag('detail', detail),
    timeoutMs === undefined ? undefined : seconds('timeoutMs', timeoutMs),
    retries === undefined ? undefined : few('retries', retries),
  ];
}

function nativeSettings(settings: ClientSettings): Record<string, unknown> {
  const made: Record<string, unknown> = {
    // A worker thread may have an environment of its own, which the native half does not see.
    variables: Object.fromEntries(variables.map((name) => [name, process.env[name] ?? ''])),
    extra_ca_file: process.env['NODE_EXTRA_CA_CERTS'] || undefined,
  };
  for (const [name, theirs] of Object.entries(texts)) {
    const value = settings[name as keyof typeof texts];
    if (value === undefined) continue;
    // Not even a number is shown: it may be a secret.
    if (typeof value !== 'string') throw new ConfigurationError(`invalid ${name}: a text`);
    made[theirs] = value;
  }
  const provider: unknown = settings.credentialsProvider;
  if (provider !== undefined) {
    if (typeof provider !== 'function') throw new ConfigurationError('invalid credentialsProvider: a function');
    if (['access_key', 'secret_key', 'token'].some((name) => name in made)) {
      throw new ConfigurationError('credentials and a credentialsProvider: give one or the other');
    }
    made['credentials_provider'] = true;
  }
  for (const [name, theirs] of Object.entries(durations)) {
    const value = settings[name as keyof typeof durations];
    if (value !== undefined) made[theirs] = seconds(name, value);
  }
  for (const [name, theirs] of Object.entries(flags)) {
    const value = settings[name as keyof typeof flags];
    if (value !== undefined) made[theirs] = flag(name, value);
  }
  for (const [name, theirs] of Object.entries(wholes)) {
    const value = settings[name as keyof typeof wholes];
    if (value !== undefined) made[theirs] = name === 'retries' ? few(name, value) : whole(name, value);
  }
  if (settings.backoffMs !== undefined) {
    const pauses: unknown = settings.backoffMs;
    if (!Array.isArray(pauses) || pauses.length !== 2) {
      throw new ConfigurationError('invalid backoffMs: a list of two, the first pause and the longest');
    }
    const [first, longest] = pauses as unknown[];
    made['backoff'] = [seconds('backoffMs', first), seconds('backoffMs', longest)];
  }
  return made;
}

function few(name: string, value: unknown): number {
  const most = 2 ** 32 - 1;
  const number = whole(name, value);
  if (number > most) throw new ConfigurationError(`invalid ${name} ${number}: at most ${most}`);
  return number;
}
