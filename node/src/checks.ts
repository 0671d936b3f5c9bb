/** What is checked before it crosses the border. */

import { ConfigurationError } from './errors.js';

/** @internal Returns a whole number that JavaScript counts to exactly, or throws what is wrong with it by name. */
export function whole(name: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new ConfigurationError(
      `invalid ${name} ${shown(value)}: a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  return value as number;
}

/** @internal Returns milliseconds in seconds, or throws what is wrong with them by name. */
export function seconds(name: string, value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0 && value < Infinity)) {
    throw new ConfigurationError(`invalid ${name} ${shown(value)}: milliseconds as a number from 0`);
  }
  return value / 1000;
}

/** @internal Throws where an object has a name that is none of these. */
export function known(what: string, value: object, names: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigurationError(`invalid ${what} ${shown(value)}: an object with ${names.join(', ')}`);
  }
  for (const name in value) {
    if (names.includes(name)) continue;
    throw new ConfigurationError(`unknown ${what} ${JSON.stringify(name)}: one of ${names.join(', ')}`);
  }
}

/** @internal Freezes a value and all within. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

/** @internal Shows a value that is wrong, on one line that is not too long. */
export function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** @internal Returns the object of a JSON text, or the object itself. */
export function parsed(what: string, value: unknown): Record<string, any> {
  let data = value;
  if (typeof value === 'string') {
    try {
      data = JSON.parse(value);
    } catch (error) {
      throw new ConfigurationError(`${what} is no JSON: ${(error as Error).message}`);
    }
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new ConfigurationError(`${what} is no object: ${shown(data)}`);
  }
  return data as Record<string, any>;
}

/** @internal Returns a field, or throws what lacks it. */
export function field(data: Record<string, any>, name: string, what: string): any {
  if (!(name in data)) throw new ConfigurationError(`${what} without ${name}: ${shown(data)}`);
  return data[name];
}
