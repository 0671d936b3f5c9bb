// Models: frozen values, their JSON and their text.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inspect } from 'node:util';

import * as clanforge from 'clanforge';
import { Baseline, Gate, ImageStatus, Monitor, Policy, updateFromJSON, updateToJSON } from 'clanforge';

import { image } from '../fixtures.mjs';

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
  const monitor = new Monitor(image, { started: true });
  const ready = ImageStatus.fromJSON(counts(0, 0, 40));
  const steps = [
    monitor.observe(0, status()),
    monitor.observe(1000, { kind: 'server', message: 'failed', status: 503, retryAfterMs: 2500 }),
    monitor.observe(2000, ready),
    monitor.observe(4000, ready),
  ];
  const [reading, failed, , last] = steps;
  assert.deepEqual(steps.map((step) => step.update.update), ['reading', 'read_failed', 'reading', 'reading']);
  assert.deepEqual(failed.update.error, { kind: 'server', message: 'failed', status: 503, retryAfterMs: 2500 });
  assert.equal(last.outcome.kind, 'ready');
  const { fleets, regions, failedRegions, pendingRegions, mismatches } = status();
  const values = { steps, fleets, regions, failedRegions, pendingRegions, mismatches };
  Object.assign(values, { gate: new Gate({ regions: ['EU'] }), policy: new Policy(), baseline: new Baseline(image, ready) });
  for (const [name, value] of Object.entries(values)) {
    assert.ok(Array.isArray(value) && name === 'steps' ? value.every(frozenAll) : frozenAll(value), name);
  }
  for (const each of [reading.update, failed.update, last.outcome]) {
    assert.deepEqual(updateToJSON(updateFromJSON(JSON.stringify(updateToJSON(each)))), updateToJSON(each));
  }
  assert.throws(() => (last.outcome.kind = 'failed'), TypeError);
  assert.match(inspect(last.outcome), /^Outcome \{/);
  assert.match(inspect(reading.update), /^ReadingTaken \{/);
  assert.deepEqual(JSON.parse(JSON.stringify(reading.update)), JSON.parse(JSON.stringify(updateToJSON(reading.update))));
});

it('has the counts of the image and its parts', () => {
  const { fleets, failedRegions } = status();
  assert.deepEqual(fleets[0].regions[1], {
    regionId: 'r2',
    name: 'EU',
    counts: { pendingMachines: 1, failedMachines: 0, completedMachines: 17 },
  });
  assert.deepEqual(failedRegions, [
    { fleetId: 'f', regionId: 'r1', name: 'EU', pendingMachines: 0, failedMachines: 2, completedMachines: 20 },
  ]);
  assert.equal(clanforge.percentText(fleets[0].counts), '92.5 %');
  assert.equal(clanforge.isReady(fleets[0].counts), false);
  assert.equal(clanforge.totalMachines(fleets[0].counts), 40);
});

it('has no fleets and regions in a status without detail', () => {
  const bare = ImageStatus.of({ pendingMachines: 0, failedMachines: 0, completedMachines: 1 });
  assert.deepEqual([bare.fleets, bare.regions, bare.failedRegions, bare.pendingRegions, bare.mismatches], Array(5).fill(null));
  assert.equal(bare.hasDetail, false);
  assert.deepEqual(bare.toJSON(), counts(0, 0, 1));
});

it('reads the JSON of the command', () => {
  const baseline = new Baseline(image, status());
  const again = Baseline.fromJSON(JSON.stringify(baseline));
  assert.ok(again.status.equals(baseline.status));
  assert.deepEqual(again.image, image);
  assert.throws(() => Baseline.fromJSON({ ...baseline.toJSON(), version: 2 }), /unsupported version 2 of a baseline: expected version 1/);
  assert.throws(() => Baseline.fromJSON('{}'), /missing field version of a baseline/);
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
