/** Errors on their way from the native module. */

import { byKind, errorFields } from './generated/error-kinds.js';
import type { ClanforgeError, ErrorJson } from './generated/errors.js';

export * from './generated/errors.js';

/** @internal Creates an error from the JSON of the native module. */
export function errorFromJSON(text: string): ClanforgeError {
  const data = JSON.parse(text) as ErrorJson;
  return new byKind[data.kind](data.message, errorFields(data));
}

/** @internal Calls the native module, and throws its errors as errors of the class of their kind. */
export function callNative<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw toClanforgeError(thrown);
  }
}

/** The prefix of a message that holds the JSON of an error: it tells errors of the native module from all others. */
const errorPrefix = 'clanforge error ';

/** @internal Returns an error of the native module as an error of the class of its kind, and any other value as it is. */
export function toClanforgeError(thrown: unknown): unknown {
  // `instanceof Error` is not enough: a test runner may load this module in a realm with its own `Error`.
  const message = (thrown as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' && message.startsWith(errorPrefix) ? errorFromJSON(message.slice(errorPrefix.length)) : thrown;
}
