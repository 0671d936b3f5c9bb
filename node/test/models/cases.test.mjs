// The shared cases, which have the same result in every language, run through the public API.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import {
  ApiError,
  Baseline,
  ConfigurationError,
  DecodeError,
  Gate,
  ImageStatus,
  Monitor,
  Policy,
  percentComplete,
  readiness,
  updateFromJSON,
  verdictFromJSON,
} from 'clanforge';

import { image, root } from '../fixtures.mjs';
import { written } from '../schemas.mjs';

const folder = join(root, 'tests/cases');
const runners = { decode, summary, gate, monitor };

for (const kind of Object.keys(runners)) {
  for (const file of readdirSync(join(folder, kind)).filter((name) => name.endsWith('.json'))) {
    describe(`${kind}/${file}`, () => {
      const content = JSON.parse(readFileSync(join(folder, kind, file), 'utf8'));
      assert.equal(content.kind, kind);
      assert.ok(content.cases.length > 0);
      for (const each of content.cases) it(each.name, () => runners[kind](each));
    });
  }
}

function decode({ body, body_base64, expect }) {
  const bytes = body_base64 === undefined ? body : Buffer.from(body_base64, 'base64');
  if (expect.status && isTooLarge(expect.status)) {
    assertTooLarge(() => ImageStatus.fromJSON(bytes), /exceed 9007199254740991, the largest integer that JavaScript holds exactly/);
  } else if (expect.status) {
    const status = ImageStatus.fromJSON(bytes);
    assert.deepEqual(written('image-status', status), expect.status);
    assert.ok(ImageStatus.fromJSON(status.toJSON()).equals(status));
    assert.equal(status.fleets === null, !('fleets' in expect.status));
  } else if (expect.api_error) {
    assert.throws(
      () => ImageStatus.fromJSON(bytes),
      (error) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual({ code: error.apiCode, message: error.apiMessage }, expect.api_error);
        return true;
      },
    );
  } else {
    assert.throws(
      () => ImageStatus.fromJSON(bytes),
      (error) => {
        assert.ok(error instanceof DecodeError, String(error));
        assert.equal(error.jsonPath, expect.decode_error.path);
        assertContains(error.message, expect.decode_error.contains);
        return true;
      },
    );
  }
}

function summary({ status: data, expect }) {
  if (isTooLarge(data)) return assertTooLarge(() => ImageStatus.fromJSON(data));
  const status = ImageStatus.fromJSON(data);
  const { percent_complete: percent, ...rest } = expect;
  if (percent === null) assert.equal(status.percentComplete, null);
  else assert.ok(Math.abs(status.percentComplete - percent) < 1e-7);
  const actual = {
    readiness: status.readiness,
    is_ready: status.isReady,
    total_machines: status.totalMachines,
    percent_text: status.percentText,
    failed_regions: snake(status.failedRegions()),
    pending_regions: snake(status.pendingRegions()),
    regions: snake(status.regions()),
    mismatches: snake(status.mismatches()),
  };
  assert.deepEqual(actual, rest);
  // The counts alone have the same properties, and the summary has the same values.
  assert.equal(readiness(status.counts), status.readiness);
  assert.equal(percentComplete(status.counts), status.percentComplete);
  for (const [name, value] of Object.entries(status.summary())) {
    if (name in actual) assert.deepEqual(value, actual[name]);
  }
}

function gate({ gate: data, status, expect }) {
  if (expect.invalid) return assertInvalid(() => Gate.fromJSON(data), expect.invalid);
  if (isTooLarge(status)) return assertTooLarge(() => ImageStatus.fromJSON(status));
  const made = Gate.fromJSON(data);
  const verdict = made.evaluate(ImageStatus.fromJSON(status));
  assert.deepEqual({ ...written('verdict', verdict), needs_detail: made.needsDetail }, expect);
  assert.deepEqual(verdictFromJSON(JSON.stringify(verdict)), verdict);
  assert.deepEqual([verdict.isReady, String(verdict)], [expect.ready, expect.reason]);
  assert.deepEqual(Gate.fromJSON(written('gate', made)), made);
}

function monitor(each) {
  const { readings, expect } = each;
  if (expect.invalid) return assertInvalid(() => make(each), expect.invalid);
  let made = make(each);
  for (const [index, reading] of readings.entries()) {
    const snapshot = made.snapshot();
    written('snapshot', JSON.parse(snapshot));
    made = Monitor.restore(snapshot);
    const step = made.observe(reading.at * 1000, readingOf(reading), (reading.age ?? 0) * 1000);
    written('update', step.update);
    compareStep(reading.expect ?? {}, step);
    if (step.nextReadingMs === null) {
      assert.equal(index + 1, readings.length, `it ends at ${reading.at} s`);
      if (step.outcome === null) assert.deepEqual(expect, { gives_up: reading.at });
      else compareOutcome(expect, step.outcome);
      return;
    }
  }
  assert.deepEqual(expect, { goes_on: true });
}

function make({ policy = {}, baseline: before, has_started: hasStarted }) {
  const baseline = before === undefined ? undefined : new Baseline(image, statusOf(before));
  const checked = Policy.fromJSON(policy);
  written('policy', checked);
  const made = new Monitor(image, { policy: checked, baseline });
  if (!hasStarted) return made;
  const snapshot = JSON.parse(made.snapshot());
  snapshot.state.evidence.is_seen = true;
  return Monitor.restore(JSON.stringify(snapshot));
}

function statusOf(value) {
  if (!Array.isArray(value)) return ImageStatus.fromJSON(value);
  const [pendingMachines, failedMachines, completedMachines] = value;
  return ImageStatus.of({ pendingMachines, failedMachines, completedMachines });
}

function readingOf({ error, retry_after, service_message: serviceMessage = null, counts, status }) {
  if (error === undefined) return statusOf(counts ?? status);
  const retryAfterMs = retry_after === undefined ? null : retry_after * 1000;
  return { kind: error, message: `a ${error} error`, status: null, retryAfterMs, serviceMessage };
}

function compareStep(expected, { update, nextReadingMs }) {
  const next = nextReadingMs === null ? null : nextReadingMs / 1000;
  if (expected.next_between) {
    const [least, most] = expected.next_between;
    assert.ok(next !== null && least <= next && next <= most, `${next} s`);
  }
  if ('next' in expected) assertNear(next, expected.next);
  if ('freshness' in expected) assert.equal(update.freshness, expected.freshness);
  if ('has_estimate' in expected) assert.equal(update.estimate !== null, expected.has_estimate);
  if ('inconsistent' in expected) assert.equal(update.isInconsistent, expected.inconsistent);
  for (const name of ['message', 'warnings']) {
    if (name in expected) assert.deepEqual(update[name], expected[name]);
  }
  if ('error' in expected) assert.equal(update.error.message, expected.error);
}

function compareOutcome(expected, outcome) {
  assert.deepEqual(
    [outcome.kind, outcome.freshness, outcome.readings, outcome.errors],
    [expected.outcome, expected.freshness, expected.readings, expected.errors],
  );
  assertNear(outcome.elapsedMs / 1000, expected.at);
  if ('status_age' in expected) {
    assertNear(outcome.statusAgeMs === null ? null : outcome.statusAgeMs / 1000, expected.status_age);
  }
  assertContains(outcome.reason, expected.reason);
  if ('warnings' in expected) assert.deepEqual(outcome.warnings, expected.warnings);
  assert.equal(outcome.isReady, outcome.kind === 'ready');
  assert.deepEqual(updateFromJSON(written('update', outcome)).toJSON(), written('outcome', outcome));
  assert.equal(String(outcome), outcome.reason);
}

function assertNear(actual, expected) {
  if (expected === null) assert.equal(actual, null);
  else assert.ok(Math.abs(actual - expected) < 1e-5, `${actual} is not ${expected}`);
}

function assertInvalid(run, expected) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ConfigurationError, String(error));
    assertContains(error.message, expected);
    return true;
  });
}

function assertContains(text, parts) {
  for (const part of parts) assert.ok(text.includes(part), `${part} is not in: ${text}`);
}

/** Returns whether counts exceed the integers of JavaScript: they are an error in this language only. */
function isTooLarge(data) {
  const counts = ['pending_machines', 'failed_machines', 'completed_machines'].map((name) => Number(data[name] ?? 0));
  const parts = Object.values(data.fleets ?? data.regions ?? {});
  return counts.reduce((sum, each) => sum + each, 0) > Number.MAX_SAFE_INTEGER || parts.some(isTooLarge);
}

function assertTooLarge(run, message = /./) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof DecodeError, String(error));
    assert.match(error.message, message);
    assert.match(error.jsonPath, /^\$/);
    return true;
  });
}

function snake(value) {
  if (Array.isArray(value)) return value.map(snake);
  if (typeof value !== 'object' || value === null) return value;
  const name = (text) => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([each, inner]) => [name(each), snake(inner)]));
}
