/** Calls that run in the native half while JavaScript goes on. */

import { known, shown } from './checks.js';
import { ConfigurationError, errorOf, guarded } from './errors.js';
import type * as Native from '../native';
import { native } from './native.js';

/**
 * What ends a call before its time: an `AbortSignal`, of which no more is used than this.
 *
 * `signal.reason` is what the call rejects with.
 */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What every asynchronous call takes. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason at once, and its connection closes. */
  readonly signal?: AbortSignalLike | null | undefined;
}

/** @internal What ends together: the calls of one signal, or those of one client. */
export class Group {
  readonly calls = new Set<number>();
  /** What its calls get credentials by when they ask, where they do. */
  readonly provide: (() => Promise<string>) | undefined;
  /** Why no more calls may join, where that is so. */
  over: unknown;

  constructor(provide?: () => Promise<string>) {
    this.provide = provide;
  }

  /** Ends every call that is in it, and keeps others out. */
  end(reason: unknown): void {
    this.over = reason;
    for (const call of [...this.calls]) {
      mailbox.cancel(call);
      over(call)?.reject(reason);
    }
  }

  /** Called where a call was the last. */
  left(): void {}
}

/** The calls of one signal, with one listener for all. */
class Signalled extends Group {
  readonly #signal: AbortSignalLike;
  readonly #abort = (): void => this.end(this.#signal.reason);

  private constructor(signal: AbortSignalLike) {
    super();
    this.#signal = signal;
    signal.addEventListener('abort', this.#abort);
  }

  static of(signal: AbortSignalLike): Signalled {
    let found = signals.get(signal);
    if (found === undefined) signals.set(signal, (found = new Signalled(signal)));
    return found;
  }

  override left(): void {
    signals.delete(this.#signal);
    this.#signal.removeEventListener('abort', this.#abort);
  }
}

interface Waiting {
  readonly resolve: (letter: Native.Letter) => void;
  readonly reject: (error: unknown) => void;
  readonly groups: readonly Group[];
}

const signals = new Map<AbortSignalLike, Signalled>();
const waiting = new Map<number, Waiting>();
const mailbox = new native.Mailbox(drain);
// What keeps the process alive while a call is in flight, and only then.
const alive = setInterval(() => {}, 2 ** 31 - 1);
alive.unref();
let last = 0;

/** @internal Starts a call of a client and returns what comes of it. */
export async function run(
  start: (mailbox: Native.Mailbox, call: number) => void,
  options: CallOptions,
  client?: Group,
): Promise<Native.Letter> {
  const signal = signalOf(options);
  if (client?.over !== undefined) throw client.over;
  if (signal?.aborted) throw signal.reason;
  const letter = await new Promise<Native.Letter>((resolve, reject) => {
    do last = (last + 1) >>> 0;
    while (waiting.has(last));
    const call = last;
    guarded(() => start(mailbox, call));
    if (waiting.size === 0) alive.ref();
    const groups: Group[] = [];
    if (client !== undefined) groups.push(client);
    if (signal !== undefined) groups.push(Signalled.of(signal));
    for (const group of groups) group.calls.add(call);
    waiting.set(call, { resolve, reject, groups });
  });
  // Made here, so that its stack leads to the caller.
  if (letter.error !== undefined) throw errorOf(letter.error);
  return letter;
}

/** @internal Returns the signal of a call's options, or throws what is wrong with them. */
export function signalOf(options: CallOptions | null | undefined): AbortSignalLike | undefined {
  if (options === undefined || options === null) return undefined;
  // A signal in the place of the options would be passed over.
  if ('aborted' in Object(options)) throw new ConfigurationError('a signal in the place of options: give { signal }');
  known('call option', options, ['signal']);
  const { signal } = options;
  if (signal === undefined || signal === null) return undefined;
  if (typeof signal.addEventListener !== 'function' || typeof signal.aborted !== 'boolean') {
    throw new ConfigurationError(`invalid signal ${shown(signal)}: an AbortSignal, such as controller.signal`);
  }
  return signal;
}

function over(call: number): Waiting | undefined {
  const found = waiting.get(call);
  if (found === undefined) return undefined;
  waiting.delete(call);
  if (waiting.size === 0) alive.unref();
  for (const group of found.groups) {
    group.calls.delete(call);
    if (group.calls.size === 0) group.left();
  }
  return found;
}

function drain(): void {
  const { counts, letters } = mailbox.take();
  for (let at = 0; at < counts.length; at += 4) {
    const call = counts[at] as number;
    over(call)?.resolve({ call, counts: [counts[at + 1]!, counts[at + 2]!, counts[at + 3]!] });
  }
  for (const letter of letters) {
    if (letter.asked) void provide(letter.call);
    else over(letter.call)?.resolve(letter);
  }
}

/** Gives a call the credentials that it asked for; where there are none, it ends by the error of whoever was to give them. */
async function provide(call: number): Promise<void> {
  const groups = waiting.get(call)?.groups ?? [];
  try {
    for (const group of groups) {
      if (group.provide === undefined) continue;
      const keys = await group.provide();
      guarded(() => mailbox.give(call, keys));
    }
  } catch (error) {
    mailbox.cancel(call);
    over(call)?.reject(error);
  }
}
