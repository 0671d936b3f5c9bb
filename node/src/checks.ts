/** What is checked before it crosses the border. */

import { ConfigurationError } from './errors.js';

/** @internal Returns a whole number that JavaScript counts to exactly, or throws what is wrong with it by name. */
export function whole(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new ConfigurationError(`invalid ${name} ${typed(value)}: a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
}

/** @internal Returns milliseconds in seconds, or throws what is wrong with them by name. */
export function seconds(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return value / 1000;
  throw new ConfigurationError(`invalid ${name} ${typed(value)}: milliseconds as a number from 0`);
}

/** @internal Returns a flag, or throws what is none by its name; what is left out is false. */
export function flag(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new ConfigurationError(`invalid ${name} ${typed(value)}: true or false`);
}

/** @internal Returns a text, or throws what is none by its name. */
export function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ConfigurationError(`invalid ${name} ${typed(value)}: a text`);
}

/** @internal Throws where an object has a name that is none of these. */
export function known(what: string, value: unknown, names: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigurationError(`${typed(value)} in the place of an object with ${names.join(', ')}`);
  }
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    const hint = name === 'signal' ? ': it goes into the second argument' : `: one of ${names.join(', ')}`;
    throw new ConfigurationError(`unknown ${what} ${JSON.stringify(name)}${hint}`);
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
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A cycle, or a number that JSON has no form for.
  }
  text ??= typed(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** @internal Shows a number, and of anything else what it is: it may be a secret in the wrong place. */
function typed(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  return Array.isArray(value) ? '(a list)' : typeof value === 'object' ? '(an object)' : `(a ${typeof value})`;
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
