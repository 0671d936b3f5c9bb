/** Converts between values of JavaScript and JSON, and checks them in both directions. */

import { inspect } from 'node:util';

import { callNative, ConfigurationError } from '../errors.js';
import { optionNames } from '../generated/error-kinds.js';
import { toMilliseconds } from './milliseconds.js';

/** @internal Converts values of one type. `name` is what errors call the value. */
export interface Codec {
  /** What a value has to be, for the text of an error. */
  readonly expected?: string | undefined;
  /** Converts a value from JSON. */
  decode(name: string, json: unknown): any;
  /** Whether `null` is a valid value. */
  readonly isNullable?: true;
  /** Converts a value to JSON. An error says what was `expected`. */
  encode(name: string, value: unknown, expected?: string): any;
}

/** @internal How a property of a model is converted. */
export interface Field {
  /** Its name in JSON. */
  readonly json: string;
  readonly codec: Codec;
  /** Whether JSON omits it if it is `null`. */
  readonly optional?: true;
}

/** @internal The codec of values that are the same in JSON. */
export function plain(expected: string, isValid: (value: unknown) => boolean): Codec {
  const check = (name: string, value: unknown, wanted = expected): unknown => {
    if (isValid(value)) return value;
    throw refused(name, value, wanted);
  };
  return { expected, decode: check, encode: check };
}

/** @internal A value that is checked elsewhere. */
export const anything = plain('a value', () => true);

/** @internal */
export const text = plain('a string', (value) => typeof value === 'string');

/** @internal */
export const boolean = plain('true or false', (value) => typeof value === 'boolean');

/** @internal */
export const number = plain('a number', Number.isFinite);

/** @internal */
export function integer(minimum: number, maximum: number): Codec {
  return plain(
    `an integer from ${minimum} to ${maximum}`,
    (value) => Number.isSafeInteger(value) && minimum <= (value as number) && (value as number) <= maximum,
  );
}

/** @internal Machine counts and IDs: the integers that JavaScript holds exactly. */
export const count = integer(0, Number.MAX_SAFE_INTEGER);

/** @internal One of several strings. */
export function word(...words: readonly string[]): Codec {
  return plain(`one of ${words.map((each) => JSON.stringify(each)).join(', ')}`, (value) => words.includes(value as string));
}

/** @internal A number of machines or a percentage. The core checks percentages. */
export const limit = plain(
  'a number of machines or a percentage such as "5%"',
  (value) => typeof value === 'string' || (Number.isSafeInteger(value) && (value as number) >= 0),
);

/** Durations up to about 31 years: the longest that the core accepts. */
function durationIn(unit: string, longest: number): Codec {
  return plain(`${unit} as a number from 0 to ${longest}`, (value) => typeof value === 'number' && value >= 0 && value <= longest);
}

const seconds = durationIn('seconds', 1e9);

const milliseconds = durationIn('milliseconds', 1e12);

/** @internal A duration: a number of milliseconds, which JSON has in seconds. */
export const duration: Codec = {
  expected: milliseconds.expected,
  decode: (name, json) => toMilliseconds(seconds.decode(name, json)),
  encode: (name, value, expected) => milliseconds.encode(name, value, expected) / 1000,
};

/** @internal A value that errors show only if it is a number and not a secret: any string may be a secret in the wrong place. */
export function hidden(codec: Codec, isSecret = false): Codec {
  const encode = (name: string, value: unknown): unknown => {
    try {
      return codec.encode(name, value);
    } catch {
      const shown = typeof value === 'number' && !isSecret ? value : `of type ${typeof value}`;
      throw new ConfigurationError(`invalid ${name} ${shown}: expected ${codec.expected}`);
    }
  };
  return { ...codec, encode };
}

/** @internal A value that may be `undefined`. */
export function optional(codec: Codec): Codec {
  return { ...codec, encode: (name, value) => (value === undefined ? value : codec.encode(name, value)) };
}

/** @internal */
export function nullable(codec: Codec): Codec {
  const expected = `${codec.expected}, or null`;
  return {
    expected,
    isNullable: true,
    decode: (name, json) => (json === null ? null : codec.decode(name, json)),
    encode: (name, value) => (value === null || value === undefined ? null : codec.encode(name, value, expected)),
  };
}

/** @internal An array whose items are checked elsewhere. */
export const array = plain('an array', Array.isArray);

/** @internal */
export function list(codec: Codec): Codec {
  return {
    decode: (name, json) => Object.freeze(array.decode(name, json).map((item: unknown) => codec.decode(name, item))),
    encode: (name, value) => array.encode(name, value).map((item: unknown) => codec.encode(name, item)),
  };
}

/** @internal Objects with these properties. */
export class Model<T> implements Codec {
  /** The prototype of its objects, with their methods. */
  prototype: object = Object.prototype;
  /** Returns the properties that are computed from others. */
  derive: (properties: any) => object = () => ({});
  /** Returns what JSON contains in addition to the fields. */
  deriveJson: (value: any) => object = () => ({});

  constructor(
    readonly name: string,
    readonly constants: Readonly<Record<string, unknown>>,
    readonly fields: Readonly<Record<string, Field>>,
  ) {}

  /** Returns an object from JSON text, or from an object that `encode` returned. */
  decode(name: string, json: unknown): T {
    const data = parseObject(name, json);
    const member = (key: string): unknown => {
      if (Object.hasOwn(data, key)) return data[key];
      throw new ConfigurationError(`invalid ${this.name}: ${key} is missing in ${preview(data)}`);
    };
    for (const [key, expected] of Object.entries(this.constants)) {
      const found = member(key);
      if (found !== expected) throw new ConfigurationError(`invalid ${this.name}: ${key} is ${preview(found)}, expected ${preview(expected)}`);
    }
    const properties: Record<string, unknown> = Object.create(this.prototype);
    for (const [key, field] of Object.entries(this.fields)) {
      const isAbsent = field.optional && !Object.hasOwn(data, field.json);
      properties[key] = isAbsent ? null : field.codec.decode(field.json, member(field.json));
    }
    return Object.freeze(Object.assign(properties, this.derive(properties))) as T;
  }

  encode(name: string, value: unknown): Record<string, any> {
    const properties = checkObject(`invalid ${name} of type`, value, () => `with ${Object.keys(this.fields).join(', ')}`);
    const data: Record<string, unknown> = { ...this.constants };
    for (const [key, { json, codec, optional }] of Object.entries(this.fields)) {
      const property: unknown = properties[key];
      if (!optional || (property !== null && property !== undefined)) data[json] = codec.encode(key, property);
    }
    return Object.assign(data, this.deriveJson(properties));
  }

  /** Returns the values in JSON in the order of the fields, as the native module takes them. */
  values(name: string, value: unknown): any {
    return Object.values(this.encode(name, value));
  }

  /** Checks that a value has no other properties, and returns it as `encode` does. */
  check(name: string, value: unknown, what = `field of ${name}`): Record<string, any> {
    return this.encode(name, checkKeys(what, value, Object.keys(this.fields)));
  }
}

/** @internal Objects of one of several models, which the property `tag` identifies. */
export function union<T>(tag: string, members: Readonly<Record<string, Model<T>>>): { decode(name: string, json: unknown): T } {
  const tags = word(...Object.keys(members));
  return {
    decode(name, json) {
      const data = parseObject(name, json);
      return members[tags.decode(tag, data[tag])]!.decode(name, data);
    },
  };
}

/** @internal A member of a union in a place where only this member is possible: its JSON has no tag. */
export function untagged<T>(model: Model<T>, tag: string, value: string): Codec {
  return {
    decode: (name, json) => model.decode(name, { ...parseObject(name, json), [tag]: value }),
    encode(name, member) {
      const { [tag]: _, ...data } = model.encode(name, member);
      return data;
    },
  };
}

/** @internal Options whose defaults the core adds. The core also checks options that depend on each other. */
export class Options<T> extends Model<T> {
  /** Checks options in JSON, and returns them with the defaults of the others. */
  complete = (json: string): string => json;

  /** Converts the options that are given to JSON. */
  override encode(name: string, options: unknown): Record<string, any> {
    const found = `invalid ${name === this.name ? 'argument' : name} of type`;
    const given = checkKeys(`option of ${this.name}`, options, Object.keys(this.fields), found);
    const fields = Object.entries(this.fields).filter(([key]) => given[key] !== undefined);
    for (const [key, { codec }] of fields) {
      if (given[key] === null && !codec.isNullable) throw new ConfigurationError(`invalid ${key} null: leave it out for its default`);
    }
    return new Model(this.name, this.constants, Object.fromEntries(fields)).encode(this.name, given);
  }

  /** Checks that an object has no other properties than options, and `policy` beside them. */
  checkBeside(options: unknown): Record<string, any> {
    return checkKeys('option of a wait', options, ['policy', ...Object.keys(this.fields)]);
  }

  /** Returns the options in an object, which replace those of its `policy`. Ignores its other properties. */
  combined(options: Record<string, any>): object {
    const base: unknown = options['policy'];
    if (base !== undefined && !this.prototype.isPrototypeOf(base as object)) throw refused('policy', base, 'a Policy');
    const beside = Object.entries(options).filter(([name, value]) => name in this.fields && value !== undefined);
    return { ...(base as object), ...Object.fromEntries(beside) };
  }

  /** Adds all options to `target`, with defaults for those that are not given, and freezes it. */
  fill<O extends object>(target: O, options: unknown): O {
    return Object.freeze(Object.assign(target, this.fromJSON(this.encode(this.name, options), optionNames)));
  }

  /** Returns options from JSON text or an object, with defaults for those that are missing. */
  fromJSON(json: unknown, names = {}): T {
    const data = parseObject(this.name, json);
    for (const { json: key, codec } of Object.values(this.fields)) {
      if (Object.hasOwn(data, key) && !(codec instanceof Options)) codec.decode(key, data[key]);
    }
    return this.decode(this.name, callNative(() => this.complete(JSON.stringify(data)), names));
  }
}

/** @internal Checks that a value is an object with no other keys than these. */
export function checkKeys(what: string, value: unknown, keys: readonly string[], found = 'invalid argument of type'): Record<string, any> {
  const object = checkObject(found, value, () => `with ${keys.join(', ')}`);
  for (const key of Object.keys(object)) {
    if (keys.includes(key)) continue;
    const hint = key === 'signal' ? 'pass it in the second argument' : `expected one of ${keys.join(', ')}`;
    throw new ConfigurationError(`unknown ${what} ${JSON.stringify(key)}: ${hint}`);
  }
  return object;
}

/** @internal Checks that a value is an object with no other properties than these, and each property by its codec. */
export function checkProperties<T>(what: string, value: T, codecs: Readonly<Record<string, Codec>>): T {
  const object = checkKeys(what, value, Object.keys(codecs));
  for (const key in codecs) codecs[key]?.encode(key, object[key]);
  return value;
}

/** @internal Returns a value as text for an error message, in one line of limited length. */
export function preview(value: unknown): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { breakLength: Infinity, depth: 1 });
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}

/** @internal Returns the error for an invalid value. */
export function refused(name: string, value: unknown, expected: string): ConfigurationError {
  return new ConfigurationError(`invalid ${name} ${preview(value)}: expected ${expected}`);
}

function checkObject(found: string, value: unknown, content: () => string): Record<string, any> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  // The message does not show a string, which may be a secret in the wrong place.
  const type = Array.isArray(value) ? 'array' : typeof value;
  throw new ConfigurationError(`${found} ${value === null ? 'null' : type}: expected an object ${content()}`);
}

/** Parses JSON text, and checks that the result is an object; an object is returned as it is. */
function parseObject(name: string, value: unknown): Record<string, any> {
  let data = value;
  if (typeof value === 'string') {
    try {
      data = JSON.parse(value);
    } catch (error) {
      throw new ConfigurationError(`invalid JSON of ${name}: ${(error as Error).message}`);
    }
  }
  return checkObject(`invalid ${name} of type`, data, () => 'in JSON');
}
