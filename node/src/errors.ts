/** Converts the errors of the native module to errors of JavaScript. */

import { byKind, errorFields, optionNames } from './generated/error-kinds.js';
import type { ClanforgeError, ErrorJson } from './generated/errors.js';

export * from './generated/errors.js';

/** @internal Returns an error from the JSON of the native module. `names` are the names of options in its message. */
export function errorFromJSON(json: string | ErrorJson, names = optionNames): ClanforgeError {
  const data = typeof json === 'string' ? (JSON.parse(json) as ErrorJson) : json;
  return new byKind[data.kind](messageOf(data, names), errorFields(data));
}

function messageOf({ kind, message }: ErrorJson, names: Record<string, string>): string {
  const rename = (found: string, quoted?: string): string => (quoted ?? found).replace(/\w+/g, (name) => names[name] ?? name);
  if (kind === 'configuration') return message.replace(/`([\w.]+)`|\b[a-z]+(?:_[a-z]+)+\b/g, rename);
  if (kind === 'busy' || kind === 'deploy') return message.replace('allow_busy', 'allowBusy').replace('assume_deployed', 'assumeDeployed');
  return message;
}

/** @internal The codec of errors that are part of a model. */
export const error = {
  decode: (_name: string, json: unknown): ClanforgeError => errorFromJSON(json as ErrorJson),
  encode: (_name: string, value: unknown): Record<string, unknown> => (value as ClanforgeError).toJSON(),
};

/** @internal Calls the native module, and throws its error as an instance of the class for its kind. */
export function callNative<T>(run: () => T, names = optionNames): T {
  try {
    return run();
  } catch (thrown) {
    // `instanceof Error` is not enough: a test runner may load this module in a realm with its own `Error`.
    const message = (thrown as { message?: unknown } | null | undefined)?.message;
    if (typeof message !== 'string' || !message.startsWith(errorPrefix)) throw thrown;
    throw errorFromJSON(message.slice(errorPrefix.length), names);
  }
}

/** The prefix of a message that contains the JSON of an error, by which errors of the native module are recognized. */
const errorPrefix = 'clanforge error ';
