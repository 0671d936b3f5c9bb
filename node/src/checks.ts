/** Checks of arguments, before they cross the FFI boundary. */

import { ConfigurationError } from './errors.js';

/** @internal Checks that a value is an integer that JavaScript holds exactly, from 0. */
export function checkInteger(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new ConfigurationError(
    `invalid ${name} ${describe(value)}: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}`,
  );
}

/** @internal Checks that a value is a number of milliseconds, and returns it in seconds. */
export function toSeconds(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return value / 1000;
  throw new ConfigurationError(`invalid ${name} ${describe(value)}: expected milliseconds as a number from 0`);
}

/** @internal Checks that a value is a boolean; `undefined` is false. */
export function checkBoolean(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new ConfigurationError(`invalid ${name} ${describe(value)}: expected true or false`);
}

/** @internal Checks that a value is a string. */
export function checkString(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ConfigurationError(`invalid ${name} ${describe(value)}: expected a string`);
}

/** @internal Checks that a value is an object with no other keys than these. */
export function checkKeys(what: string, value: unknown, keys: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigurationError(`invalid argument ${describe(value)}: expected an object with ${keys.join(', ')}`);
  }
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const hint = key === 'signal' ? 'pass it in the second argument' : `expected one of ${keys.join(', ')}`;
    throw new ConfigurationError(`unknown ${what} ${JSON.stringify(key)}: ${hint}`);
  }
}

/** @internal Freezes a value and everything inside it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

/** @internal Returns a value as text for an error message, in one line of limited length. */
export function preview(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A cycle or a bigint, which JSON cannot hold.
  }
  text ??= describe(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** @internal Returns a number as text, and of any other value its type: it may be a secret in the wrong place. */
function describe(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  return Array.isArray(value) ? '(an array)' : typeof value === 'object' ? '(an object)' : `(a ${typeof value})`;
}

/** @internal Parses the object of a JSON text, or returns the object itself. */
export function parseObject(what: string, value: unknown): Record<string, any> {
  let data = value;
  if (typeof value === 'string') {
    try {
      data = JSON.parse(value);
    } catch (error) {
      throw new ConfigurationError(`invalid JSON of ${what}: ${(error as Error).message}`);
    }
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new ConfigurationError(`invalid JSON of ${what} ${preview(data)}: expected an object`);
  }
  return data as Record<string, any>;
}

/** @internal Returns a field of an object, and throws where it is missing. */
export function requireField(data: Record<string, any>, name: string, what: string): any {
  if (!(name in data)) throw new ConfigurationError(`missing field ${name} of ${what}: ${preview(data)}`);
  return data[name];
}
