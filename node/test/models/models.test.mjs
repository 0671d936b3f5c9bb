// Models: frozen values, their JSON and their text.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { inspect } from 'node:util';

import * as clanforge from 'clanforge';
import { Baseline, ConfigurationError, Gate, ImageStatus, Monitor, Policy, updateFromJSON } from 'clanforge';

import { image, root } from '../fixtures.mjs';
import { written } from '../schemas.mjs';

const counts = (pending_machines, failed_machines, completed_machines) => ({ pending_machines, failed_machines, completed_machines });
const detail = {
  ...counts(1, 2, 37),
  fleets: { f: { ...counts(1, 2, 37), regions: { r1: { name: 'EU', ...counts(0, 2, 20) }, r2: { name: 'EU', ...counts(1, 0, 17) } } } },
};
const status = () => ImageStatus.fromJSON(detail);

function frozenAll(value) {
  return typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozenAll));
}

it('freezes every value deeply', () => {
  const monitor = new Monitor(image, { startGraceMs: 0 });
  const ready = ImageStatus.fromJSON(counts(0, 0, 40));
  const steps = [
    monitor.observe(0, status()),
    monitor.observe(1000, { kind: 'server', message: 'failed', status: 503, retryAfterMs: 2500 }),
    monitor.observe(2000, ready),
    monitor.observe(4000, ready),
  ];
  const [reading, failed, , last] = steps;
  assert.deepEqual(steps.map((step) => step.update.update), ['reading', 'read_failed', 'reading', 'reading']);
  assert.deepEqual(failed.update.error, { kind: 'server', message: 'failed', status: 503, retryAfterMs: 2500, serviceMessage: null });
  assert.equal(last.outcome.kind, 'ready');
  const whole = status();
  const values = { steps, fleets: whole.fleets, regions: whole.regions(), failedRegions: whole.failedRegions(), pendingRegions: whole.pendingRegions(), mismatches: whole.mismatches() };
  Object.assign(values, { gate: new Gate({ regions: ['EU'] }), policy: new Policy(), baseline: new Baseline(image, ready) });
  for (const [name, value] of Object.entries(values)) {
    assert.ok(Array.isArray(value) && name === 'steps' ? value.every(frozenAll) : frozenAll(value), name);
  }
  for (const each of [reading.update, failed.update, last.outcome]) {
    assert.deepEqual(updateFromJSON(JSON.stringify(each)).toJSON(), each.toJSON());
  }
  assert.throws(() => (last.outcome.kind = 'failed'), TypeError);
  assert.match(inspect(last.outcome), /^Outcome \{/);
  assert.match(inspect(reading.update), /^ReadingTaken \{/);
});

it('refuses a text that is not a snapshot of a monitor', () => {
  const snapshot = new Monitor(image).snapshot();
  for (const [damaged, message] of [
    ['', /invalid snapshot: EOF/],
    [snapshot.replace('"version":1', '"version":2'), /version/],
    [snapshot.replace('5678', '5679'), /the snapshot is damaged: it names image 5679/],
    [JSON.parse(snapshot), /invalid snapshot .*: expected a string/],
  ]) {
    assert.throws(() => Monitor.restore(damaged), (error) => error instanceof ConfigurationError && message.test(error.message));
  }
});

it('has the counts of the image and its parts', () => {
  const { fleets } = status();
  assert.deepEqual(fleets[0].regions[1], {
    regionId: 'r2',
    name: 'EU',
    counts: { pendingMachines: 1, failedMachines: 0, completedMachines: 17 },
  });
  assert.deepEqual(status().failedRegions(), [
    { fleetId: 'f', regionId: 'r1', name: 'EU', pendingMachines: 0, failedMachines: 2, completedMachines: 20 },
  ]);
  assert.equal(clanforge.percentText(fleets[0].counts), '92.5 %');
  assert.equal(clanforge.isReady(fleets[0].counts), false);
  assert.equal(clanforge.totalMachines(fleets[0].counts), 40);
});

it('has no fleets and regions in a status without detail', () => {
  const bare = ImageStatus.of({ pendingMachines: 0, failedMachines: 0, completedMachines: 1 });
  assert.deepEqual([bare.fleets, bare.regions(), bare.failedRegions(), bare.pendingRegions(), bare.mismatches()], Array(5).fill(null));
  assert.equal(bare.hasDetail, false);
  assert.deepEqual(bare.toJSON(), counts(0, 0, 1));
});

it('reads the JSON of the command', () => {
  const baseline = new Baseline(image, status());
  const again = Baseline.fromJSON(JSON.stringify(written('baseline', baseline)));
  assert.ok(again.status.equals(baseline.status));
  assert.deepEqual(again.image, image);
  assert.throws(() => Baseline.fromJSON({ ...baseline.toJSON(), version: 2 }), /invalid Baseline: version is 2, expected 1/);
  assert.throws(() => Baseline.fromJSON('{}'), /invalid Baseline: version is missing in \{\}/);
  assert.throws(() => Policy.fromJSON({ timeout_seconds: '5' }), { message: 'invalid timeout_seconds "5": expected seconds as a number from 0 to 1000000000' });
  const policy = new Policy({ timeoutMs: 1_200_000, gate: { maxFailed: '5%' } });
  assert.deepEqual(Policy.fromJSON(JSON.stringify(policy)).toJSON(), policy.toJSON());
  assert.equal(new Policy({ policy, timeoutMs: null }).timeoutMs, null);
  assert.equal(new Policy({ policy, timeoutMs: null }).gate.maxFailed, '5%');
});

it('rejects counts beyond 2^53 - 1', () => {
  const max = Number.MAX_SAFE_INTEGER;
  assert.equal(ImageStatus.fromJSON(counts(0, 0, max)).completedMachines, max);
  for (const [body, path] of [
    [`{"pending_machines": ${max + 1}, "completed_machines": 0}`, '$.pending_machines'],
    [`{"pending_machines": ${max}, "completed_machines": 1}`, '$'],
    [`{"pending_machines": 0, "completed_machines": 0, "fleets": {"f": {"pending_machines": 0, "completed_machines": 0, "regions": {"r": {"name": "EU", "pending_machines": 0, "completed_machines": 9007199254740993}}}}}`, "$.fleets['f'].regions['r'].completed_machines"],
  ]) {
    assert.throws(() => ImageStatus.fromJSON(body), { name: 'DecodeError', jsonPath: path, message: /exceed 9007199254740991/ });
  }
});

it('has the exit codes of the command', () => {
  const ended = (kind) => updateFromJSON({
    update: 'outcome', version: 1, outcome: kind, reason: 'because', freshness: 'unknown', image: { account_service_id: 1, image_id: 2 },
    status: null, summary: null, status_age_seconds: null, verdict: null, elapsed_seconds: 1, readings: 0, errors: 0, inconsistent: 0, warnings: [],
  });
  const codes = { ready: 0, failed: 1, stalled: 3, timed_out: 124, not_started: 6, unreachable: 5 };
  for (const [kind, code] of Object.entries(codes)) assert.equal(ended(kind).exitCode, code, kind);
  assert.throws(() => ended('stalled').throwIfNotReady(), { name: 'NotReadyError', kind: 'not_ready', exitCode: 3 });
  assert.equal(new clanforge.ConfigurationError('x').exitCode, 2);
  assert.equal(new clanforge.AuthenticationError('x').exitCode, 4);
  assert.equal(new clanforge.TimeoutError('x').exitCode, 5);
});

it('reads the waits of a recording with their updates', async () => {
  const [wait, ...others] = await clanforge.readRecording(join(root, 'tests/recordings/refusal.jsonl'));
  assert.deepEqual([others, wait.image, wait.baseline], [[], { accountServiceId: 1234, imageId: 5678 }, undefined]);
  assert.deepEqual([wait.time, wait.policy.startGraceMs], [new Date('2026-11-27T03:07:34Z'), 10_000]);
  assert.deepEqual(wait.updates.map(({ update }) => update), ['read_failed', 'read_failed', 'reading', 'reading', 'reading', 'reading', 'outcome']);
  await assert.rejects(clanforge.readRecording(join(root, 'README.md')), /invalid update/);
});

it('makes a report of a recording', async () => {
  const file = join(root, 'tests/recordings/refusal.jsonl');
  for (const [format, beginning] of [['html', '<!doctype html>'], ['svg', '<svg '], ['md', '## ']]) {
    const report = await clanforge.report(file, format);
    assert.ok(report.startsWith(beginning) && report.includes('account service 1234'), report);
  }
  assert.equal(await clanforge.report(file), await clanforge.report(file, 'html'));
  await assert.rejects(clanforge.report(file, 'pdf'), { name: 'ConfigurationError', message: /invalid format "pdf": expected one of html, svg, md/ });
  await assert.rejects(clanforge.report(join(root, 'README.md')), /invalid update/);
});

it('says how to create a status if its constructor is called', () => {
  assert.throws(() => new ImageStatus(counts(0, 0, 1)), { name: 'ConfigurationError', message: /use ImageStatus.fromJSON or ImageStatus.of/ });
});

it('warns of an incomplete last line of a recording', async () => {
  const text = readFileSync(join(root, 'tests/recordings/refusal.jsonl'), 'utf8');
  const file = join(mkdtempSync(join(tmpdir(), 'clanforge-')), 'killed.jsonl');
  writeFileSync(file, text.slice(0, -20));
  const warned = once(process, 'warning');
  await clanforge.readRecording(file);
  const [{ name, message }] = await warned;
  assert.equal(name, 'ClanforgeWarning');
  assert.ok(message.startsWith(`${file}: line ${text.trim().split('\n').length} is incomplete and was ignored`), message);
});

it('names a field of JSON that is missing, unknown or of another type', () => {
  assert.throws(() => updateFromJSON('{}'), /^ConfigurationError: invalid update undefined: expected one of "reading", "read_failed", "outcome"$/);
  assert.throws(() => updateFromJSON({ update: 'read_failed', version: 1, elapsed_seconds: 1, next_reading_seconds: null }), /invalid ReadFailed: image is missing in/);
  assert.throws(() => clanforge.verdictFromJSON({ ready: 1, reason: '', scopes: [] }), /invalid ready 1: expected true or false/);
  assert.throws(() => clanforge.verdictFromJSON('[]'), /invalid verdict of type array: expected an object in JSON/);
  assert.throws(() => clanforge.verdictFromJSON('{'), /invalid JSON of verdict: /);
});
