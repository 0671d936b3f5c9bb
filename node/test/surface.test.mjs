// The public API: the same for ESM and CommonJS, documented, and without the native addon's types. Its names and types are
// compared with tests/api/node.api.md by `cargo xtask test`.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { it } from 'node:test';

import * as clanforge from 'clanforge';

import { installed, root } from './fixtures.mjs';

const declarations = join(installed, 'node_modules/clanforge/dist');
const declared = readdirSync(declarations, { recursive: true })
  .filter((name) => name.endsWith('.d.ts'))
  .map((name) => readFileSync(join(declarations, name), 'utf8'))
  .join('\n');
const index = readFileSync(join(declarations, 'index.d.ts'), 'utf8');
const lists = [...index.matchAll(/export (?:type )?\{([^}]*)\}/g)];
const modules = [...index.matchAll(/export (?:type )?\* from '(.*)\.js'/g)].map(([, name]) => readFileSync(join(declarations, `${name}.d.ts`), 'utf8'));
const exported = new Set([
  ...lists.flatMap(([, names]) => names.split(',').map((name) => name.replace('type ', '').trim()).filter(Boolean)),
  ...modules.flatMap((text) => [...text.matchAll(/^export (?:declare )?(?:abstract )?(?:class|function|const|interface|type) (\w+)/gm)].map(([, name]) => name)),
]);

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

it('exports the same values to ESM and CommonJS', () => {
  const required = createRequire(import.meta.url)('clanforge');
  for (const name of Object.keys(required)) assert.equal(required[name], clanforge[name], name);
  assert.ok(Object.keys(required).length > 30);
});

it('exports the version of its package.json', () => {
  assert.equal(clanforge.version, JSON.parse(read('node/package.json')).version);
});

it('has a documentation comment for every export', () => {
  assert.ok(exported.size > 80, String(exported.size));
  const missing = [...exported].filter((name) => {
    const found = declared.match(new RegExp(`(\\*/\\n)?export (?:declare )?(?:abstract )?(?:class|function|const|interface|type) ${name}\\b`));
    return !found?.[1];
  });
  assert.deepEqual(missing, []);
});

it('declares no type of the native addon', () => {
  assert.doesNotMatch(declared, /Native\.|\.\.\/native/);
});

it('describes every class and function of the native addon in native.d.ts', () => {
  const { native } = createRequire(import.meta.resolve('clanforge'))('./dist/native.js');
  const text = readFileSync(join(root, 'node/native.d.ts'), 'utf8');
  const described = [];
  for (const [, name, members] of text.matchAll(/export declare class (\w+) \{\n([^]*?)\n\}/g)) {
    for (const [, kind, member] of members.matchAll(/^  (static |get )?(\w+)\(/gm)) {
      if (member !== 'constructor') described.push(`${name}${kind === 'static ' ? '.' : '#'}${member}`);
    }
  }
  for (const [, name] of text.matchAll(/export declare function (\w+)/g)) described.push(name);
  const there = Object.entries(native).flatMap(([name, value]) => {
    if (!/^[A-Z]/.test(name)) return [name];
    const statics = Object.getOwnPropertyNames(value).filter((each) => !['length', 'name', 'prototype', 'arguments', 'caller'].includes(each));
    const methods = Object.getOwnPropertyNames(value.prototype).filter((each) => each !== 'constructor');
    return [...statics.map((each) => `${name}.${each}`), ...methods.map((each) => `${name}#${each}`)];
  });
  assert.ok(described.length > 30);
  assert.deepEqual(described.sort(), there.sort());
});
