/** Calls that run in the native half while JavaScript goes on. */

import { errorOf, guarded } from './errors.js';
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
  readonly signal?: AbortSignalLike | undefined;
}

interface Waiting {
  readonly resolve: (letter: Native.Letter) => void;
  readonly reject: (error: unknown) => void;
}

const waiting = new Map<number, Waiting>();
const mailbox = new native.Mailbox(drain);
// What keeps the process alive while a call is in flight, and only then.
const alive = setInterval(() => {}, 2 ** 31 - 1);
alive.unref();
let last = 0;

/** @internal Starts a call and returns what comes of it. */
export function run(
  start: (mailbox: Native.Mailbox, call: number) => void,
  signal?: AbortSignalLike,
): Promise<Native.Letter> {
  if (signal === undefined) return begun(start);
  if (signal.aborted) return Promise.reject(signal.reason);
  let call = 0;
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      mailbox.cancel(call);
      over(call);
      reject(signal.reason);
    };
  });
  signal.addEventListener('abort', abort, { once: true });
  const ended = begun((mailbox, number) => start(mailbox, (call = number)));
  return Promise.race([ended, aborted]).finally(() => signal.removeEventListener('abort', abort));
}

function begun(start: (mailbox: Native.Mailbox, call: number) => void): Promise<Native.Letter> {
  return new Promise((resolve, reject) => {
    do last = (last + 1) >>> 0;
    while (waiting.has(last));
    const call = last;
    guarded(() => start(mailbox, call));
    if (waiting.size === 0) alive.ref();
    waiting.set(call, { resolve, reject });
  });
}

function over(call: number): Waiting | undefined {
  const found = waiting.get(call);
  if (waiting.delete(call) && waiting.size === 0) alive.unref();
  return found;
}

function drain(): void {
  const { counts, letters } = mailbox.take();
  for (let at = 0; at < counts.length; at += 4) {
    const call = counts[at] as number;
    over(call)?.resolve({ call, counts: [counts[at + 1]!, counts[at + 2]!, counts[at + 3]!] });
  }
  for (const letter of letters) {
    const call = over(letter.call);
    if (letter.error === undefined) call?.resolve(letter);
    else call?.reject(errorOf(letter.error));
  }
}
