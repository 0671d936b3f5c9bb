/** Asynchronous calls, which run in the native module. */

import { checkProperties, nullable, plain } from '../models/codec.js';
import { callNative, ConfigurationError, errorFromJSON } from '../errors.js';
import { native, type Native } from '../native.js';

/**
 * A signal that cancels a call: an `AbortSignal`, or an object with the members of it that a call uses.
 *
 * The call rejects with `signal.reason`.
 */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The options of every asynchronous call. */
export interface CallOptions {
  /** When this signal is aborted, the call rejects at once with the signal's reason, and its connection is closed. */
  readonly signal?: AbortSignalLike | null | undefined;
}

/** @internal Calls that are cancelled together: those of one signal, or those of one client. */
export class CallGroup {
  readonly calls = new Set<number>();
  /** Called when the last call leaves the group. */
  onEmpty: (() => void) | undefined;
  /** The error of calls that join after `cancel`. */
  cancelReason: unknown;

  /** `requestCredentials` returns the credentials that a call requests; only for a client with a credentials provider. */
  constructor(readonly requestCredentials?: (() => Promise<string>) | undefined) {}

  /** Cancels every call of the group, and every call that joins later. */
  cancel(reason: unknown): void {
    this.cancelReason = reason;
    for (const call of [...this.calls]) {
      queue.cancel(call);
      takePendingCall(call)?.reject(reason);
    }
  }
}

/** Returns the calls of a signal, which share one listener. */
function groupOf(signal: AbortSignalLike): CallGroup {
  const known = signalGroups.get(signal);
  if (known !== undefined) return known;
  const group = new CallGroup();
  const onAbort = (): void => group.cancel(signal.reason);
  group.onEmpty = () => {
    signalGroups.delete(signal);
    signal.removeEventListener('abort', onAbort);
  };
  signal.addEventListener('abort', onAbort);
  signalGroups.set(signal, group);
  return group;
}

interface PendingCall {
  readonly resolve: (completion: Native.Completion) => void;
  readonly reject: (error: unknown) => void;
  readonly groups: readonly [ofClient: CallGroup, ...ofSignal: CallGroup[]];
}

const signalGroups = new Map<AbortSignalLike, CallGroup>();
const pendingCalls = new Map<number, PendingCall>();
const queue = new native.CompletionQueue(deliverCompletions);
// Keeps the event loop alive while a call is in flight: it is referenced only then.
const keepAlive = setInterval(() => {}, 2 ** 31 - 1);
keepAlive.unref();
let lastCall = 0;

/** @internal Starts a call, waits until it completes, and returns its value. */
export async function runCall<T extends Native.Value | undefined>(
  start: (queue: Native.CompletionQueue, call: number) => void,
  options: CallOptions,
  clientCalls: CallGroup,
): Promise<T> {
  const signal = checkSignal(options);
  if (clientCalls.cancelReason !== undefined) throw clientCalls.cancelReason;
  if (signal?.aborted) throw signal.reason;
  const { error, value } = await new Promise<Native.Completion>((resolve, reject) => {
    do lastCall = (lastCall + 1) >>> 0;
    while (pendingCalls.has(lastCall));
    const call = lastCall;
    callNative(() => start(queue, call));
    if (pendingCalls.size === 0) keepAlive.ref();
    const groups: PendingCall['groups'] = signal ? [clientCalls, groupOf(signal)] : [clientCalls];
    for (const group of groups) group.calls.add(call);
    pendingCalls.set(call, { resolve, reject, groups });
  });
  // The error is created here, so that its stack trace contains the caller.
  if (error !== undefined) throw errorFromJSON(error);
  return value as T;
}

const isSignal = (value: any): boolean => typeof value?.addEventListener === 'function' && typeof value.aborted === 'boolean';
const callOptions = { signal: nullable(plain('an AbortSignal, such as controller.signal', isSignal)) };

/** @internal Checks the options of a call, and returns their signal. */
export function checkSignal(options: CallOptions | null | undefined): AbortSignalLike | undefined {
  if (options === undefined || options === null) return undefined;
  // Without this check, a signal that is passed as the options would have no effect.
  if ('aborted' in Object(options)) {
    throw new ConfigurationError('invalid call options: expected an object, got an AbortSignal: pass it as { signal }');
  }
  return checkProperties('call option', options, callOptions).signal ?? undefined;
}

function takePendingCall(call: number): PendingCall | undefined {
  const pending = pendingCalls.get(call);
  if (pending === undefined) return undefined;
  pendingCalls.delete(call);
  if (pendingCalls.size === 0) keepAlive.unref();
  for (const group of pending.groups) {
    group.calls.delete(call);
    if (group.calls.size === 0) group.onEmpty?.();
  }
  return pending;
}

function deliverCompletions(): void {
  const [counts, completions] = queue.take();
  for (let at = 0; at < counts.length; at += 4) {
    const call = counts[at]!;
    takePendingCall(call)?.resolve({ call, value: [counts[at + 1]!, counts[at + 2]!, counts[at + 3]!], needsCredentials: false });
  }
  for (const completion of completions) {
    if (completion.needsCredentials) void provideCredentials(completion.call);
    else takePendingCall(completion.call)?.resolve(completion);
  }
}

/** Passes credentials to the call that requested them. An error of the provider ends the call. */
async function provideCredentials(call: number): Promise<void> {
  try {
    const credentials = await pendingCalls.get(call)?.groups[0].requestCredentials?.();
    if (credentials !== undefined) callNative(() => queue.provideCredentials(call, credentials));
  } catch (error) {
    queue.cancel(call);
    takePendingCall(call)?.reject(error);
  }
}
