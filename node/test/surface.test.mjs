// The public surface beside that of Rust: nothing is forgotten. And every public name is documented.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { it } from 'node:test';

import * as clanforge from 'clanforge';

import { installed, keys, root } from './helpers.mjs';

const declarations = join(installed, 'node_modules/clanforge/dist');
const declared = readdirSync(declarations)
  .filter((name) => name.endsWith('.d.ts'))
  .map((name) => readFileSync(join(declarations, name), 'utf8'))
  .join('\n');
const lists = [...readFileSync(join(declarations, 'index.d.ts'), 'utf8').matchAll(/export (?:type )?\{([^}]*)\}/g)];
const exported = new Set(
  lists.flatMap(([, names]) => names.split(',').map((name) => name.replace('type ', '').trim()).filter(Boolean)),
);

// What Rust has and Node needs not, and why.
const notHere = {
  core: 'the core is what this package is',
  monitor: 'its types are in the package itself',
  blocking: 'a method of the client',
  defaults: 'the documentation of the settings says them',
  ClientBuilder: 'settings are an object',
  ImageStatusCall: 'options of a call are an object',
  WaitCall: 'options of a wait are an object',
  Error: 'a class for each kind',
  Summary: 'a plain object',
  Missing: 'fields of Scope',
  Reading: 'a status, or a ReadFailure',
  Next: 'fields of Step',
  InvalidPolicy: 'a ConfigurationError',
  NotReady: 'NotReadyError',
  Updates: 'Watch',
};

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

function rustNames() {
  const names = new Set();
  for (const path of ['crates/clanforge/src/lib.rs', 'crates/clanforge-core/src/monitor/mod.rs']) {
    for (const [, list] of read(path).matchAll(/pub use [\w:]+::(\{[^}]*\}|\w+);/g)) {
      for (const name of list.replace(/[{}]/g, '').split(',')) if (name.trim()) names.add(name.trim());
    }
    for (const [, name] of read(path).matchAll(/\npub (?:struct|enum) (\w+)/g)) names.add(name);
  }
  return [...names].filter((name) => !name.startsWith('clanforge_core'));
}

function body(path, owner) {
  const text = read(path);
  const from = text.slice(text.indexOf(`impl ${owner} {`));
  return from.slice(0, from.indexOf('\n}\n'));
}

function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

it('has what Rust exports', () => {
  const names = rustNames();
  for (const name of ['Client', 'Gate', 'Outcome', 'Baseline', 'Monitor']) assert.ok(names.includes(name));
  assert.deepEqual(names.filter((name) => exported.has(name) === name in notHere), []);
});

it('has every setting of a client', () => {
  const setters = [...body('crates/clanforge/src/builder.rs', 'ClientBuilder').matchAll(/pub (?:const )?fn (\w+)\((?:mut )?self, /g)];
  // Node has no variable for certificates in place of the platform's.
  const elsewhere = ['credentials', 'fromVariables', 'defaultCa'];
  const names = setters.map(([, name]) => camel(name)).filter((name) => !elsewhere.includes(name));
  assert.ok(names.includes('extraCaFile'));
  const missing = names.filter((name) => !new RegExp(`readonly ${name}(Ms)?\\?:`).test(declared));
  assert.deepEqual(missing, []);
});

it('has every field of a policy', () => {
  const policy = new clanforge.Policy();
  const fields = Object.keys(policy.toJSON()).filter((name) => name !== 'version');
  assert.deepEqual(fields.map((name) => camel(name.replace('_seconds', '_ms'))).filter((name) => !(name in policy)), []);
});

for (const [path, owner, here] of [
  ['crates/clanforge-core/src/status.rs', 'ImageStatus', clanforge.ImageStatus.prototype],
  ['crates/clanforge-core/src/summary.rs', 'ImageStatus', clanforge.ImageStatus.prototype],
  ['crates/clanforge-core/src/gate.rs', 'Gate', new clanforge.Gate()],
  ['crates/clanforge-core/src/monitor/mod.rs', 'Monitor', clanforge.Monitor.prototype],
  ['crates/clanforge/src/client.rs', 'Client', new clanforge.Client(keys)],
]) {
  it(`has every method of ${owner} in ${path}`, () => {
    const methods = [...body(path, owner).matchAll(/pub (?:async |const )*fn (\w+)\(&?(?:mut )?self/g)].map(([, name]) => name);
    assert.ok(methods.length > 0);
    // A gate's are options, a status's are a list; what a monitor judges by is in its updates.
    const elsewhere = ['fleet', 'region', 'judged_counts', 'policy', 'pending_machines', 'failed_machines', 'completed_machines'];
    assert.deepEqual(methods.filter((name) => !elsewhere.includes(name) && !(camel(name) in here)), []);
  });
}

it('gives both kinds of modules the same', () => {
  const required = createRequire(import.meta.url)('clanforge');
  for (const name of Object.keys(required)) assert.equal(required[name], clanforge[name], name);
  assert.ok(Object.keys(required).length > 30);
});

it('has the version of its package', () => {
  assert.equal(clanforge.version, JSON.parse(read('node/package.json')).version);
});

it('documents what it exports', () => {
  const missing = [...exported].filter((name) => {
    const found = declared.match(new RegExp(`(\\*/\\n)?export (?:declare )?(?:abstract )?(?:class|function|const|interface|type) ${name}\\b`));
    return !found?.[1];
  });
  assert.deepEqual(missing, []);
});

it('declares nothing of its native half', () => {
  assert.doesNotMatch(declared, /Native\.|\.\.\/native/);
});

it('describes its native half as it is', () => {
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
