// The JSON that the package writes, validated against the JSON Schemas of the project.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv/dist/2020.js';

import { root } from './fixtures.mjs';

// Not strict: the schemas have keywords of the project.
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
const validators = new Map();

/** Returns what JSON holds of a value, after a validation by the schema of this name. */
export function written(name, value) {
  const data = JSON.parse(JSON.stringify(value));
  if (!validators.has(name)) {
    validators.set(name, ajv.compile(JSON.parse(readFileSync(join(root, 'crates/clanforge/schemas', `${name}.json`), 'utf8'))));
  }
  const validate = validators.get(name);
  assert.ok(validate(data), `${ajv.errorsText(validate.errors)} in ${JSON.stringify(data).slice(0, 500)}`);
  return data;
}
