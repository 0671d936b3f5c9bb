// The lines that the command writes for CI systems, compared with those of the packages of the CI systems.

import assert from 'node:assert/strict';
import { EOL } from 'node:os';
import { it } from 'node:test';

import * as actions from '@actions/core';
import { TaskCommand } from 'azure-pipelines-task-lib/taskcommand.js';

import { image, runCommand, startSimulator } from '../fixtures.mjs';

const names = ['100% %0A%25', 'a]b;c=d,e:f', "|'[x]|n", '::error::x', 'x\n::error::x', '##vso[task.complete]', 'Köln 🎮', '\u{85}\u{2028}'];

/** A status with a region for each name, in which some machines failed. */
function status() {
  const counts = (failed, completed) => ({ pending_machines: 0, failed_machines: failed, completed_machines: completed });
  const regions = names.map((name, index) => [`region-${index}`, { name, ...counts(1, 2) }]);
  const all = counts(names.length, 2 * names.length);
  return { ...all, fleets: { 'fleet-1': { ...all, regions: Object.fromEntries(regions) } } };
}

/** Returns what the command writes to standard error for a CI system. */
async function written(t, system, body = status()) {
  const { environment: env } = startSimulator(t, { description: 'hostile', responses: [{ kind: 'response', body: JSON.stringify(body) }] });
  const ids = ['--asid', String(image.accountServiceId), '--image', String(image.imageId)];
  const { stderr } = await runCommand(['npx', '--no-install', 'clanforge', 'check', ...ids, '--per', 'region', '--ci', system, '-o', 'json'], { env });
  return stderr;
}

/** Returns what a function writes to standard output. */
function captured(call) {
  const lines = [];
  const { write } = process.stdout;
  process.stdout.write = (text) => lines.push(text) > 0;
  try {
    call();
  } finally {
    process.stdout.write = write;
  }
  return lines.join('');
}

it('writes for GitHub what @actions/core writes', async (t) => {
  // GitLab gets the text as it is.
  const text = (await written(t, 'gitlab')).trimEnd();
  assert.equal(text.split('\n').length, 1 + names.length, text);
  assert.equal(await written(t, 'github'), captured(() => actions.error(text, { title: 'clanforge' })));
  const empty = { pending_machines: 0, failed_machines: 0, completed_machines: 2, fleets: {} };
  const pending = (await written(t, 'gitlab', empty)).trimEnd();
  assert.equal(await written(t, 'github', empty), captured(() => actions.warning(pending, { title: 'clanforge' })));
});

it('writes for Azure Pipelines what azure-pipelines-task-lib writes', async (t) => {
  const text = (await written(t, 'gitlab')).trimEnd();
  const values = { outcome: 'failed', reason: text.split('\n')[0], freshness: 'unknown', percent_complete: '66.6' };
  const commands = [new TaskCommand('task.logissue', { type: 'error' }, text)];
  for (const [variable, value] of Object.entries(values)) {
    commands.push(new TaskCommand('task.setvariable', { variable, isOutput: 'true' }, value));
  }
  assert.equal(await written(t, 'azure'), commands.map((command) => `${command}${EOL}`).join(''));
});
