// The GitHub action and its recipe, run by act without containers.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { Project, read, release, scenarios, simulate } from './support.mjs';

const RECIPE = 'docs/recipes/github.yml';

/** The release that the recipe uses. */
const [, version] = /clanforge@v(.+)/.exec(read(RECIPE));

/** Runs a workflow of the checkout with the action of the checkout; its jobs see the service, and `environment`. */
async function act(project, service, { workflow = read(RECIPE), environment = {} } = {}) {
  const { CLANFORGE_ACCESS_KEY, CLANFORGE_ACCOUNT_SERVICE_ID, CLANFORGE_SECRET_KEY, ...rest } = service;
  const given = (option, values) => Object.entries(values).map(([name, value]) => `--${option}=${name}=${value}`);
  project.write('work/.github/workflows/test.yml', workflow);
  for (const file of ['action.yml', 'install.sh']) project.write(`action/${file}`, read(file));
  await project.commit();
  return project.run(process.env.CLANFORGE_ACT, [
    'workflow_dispatch',
    '--platform=ubuntu-24.04=-self-hosted',
    `--local-repository=clanforge/clanforge@v${version}=${project.path('action')}`,
    ...given('var', { CLANFORGE_ACCOUNT_SERVICE_ID }),
    ...given('secret', { CLANFORGE_ACCESS_KEY, CLANFORGE_SECRET_KEY }),
    ...given('env', { ...rest, ...environment }),
  ]);
}

/** Returns the recipe with other inputs. */
function withInputs(inputs) {
  const workflow = parse(read(RECIPE));
  Object.assign(workflow.jobs.release.steps[1].with, inputs);
  return stringify(workflow);
}

for (const [scenario, { outcome, exitCode }] of Object.entries(scenarios)) {
  test(`a job continues only if the rollout is ready: ${scenario}`, async (t) => {
    const project = new Project(t);
    project.installCommand();
    const result = await act(project, await simulate(t, scenario));
    if (exitCode === 0) {
      assert.deepEqual(project.log, ['started', 'switched over'], result.output);
    } else {
      assert.equal(project.log.length, 2, result.output);
      assert.match(project.log[1], new RegExp(`^told: ${outcome} .*: `));
      assert.match(result.output, new RegExp(`Summary - .*${outcome.replace('_', ' ')}`, 'i'));
    }
    assert.equal(result.exitCode, exitCode === 0 ? 0 : 1);
  });
}

test('each mode has its outputs', async (t) => {
  const project = new Project(t);
  const service = await simulate(t, 'happy');
  project.installCommand();
  const control = (path) => `curl -fsS -X POST '${service.CLANFORGE_SIMULATION}/${path}'`;
  project.script('start-the-rollout', `{ ${control('start-rollout')}; ${control('advance?seconds=150')}; } > /dev/null; echo started`);
  const { exitCode, output } = await act(project, service, { workflow: read('tests/pipelines/github/modes.yml') });
  assert.deepEqual(project.log, ['started', 'told: not_ready ready observed 100 ready'], output);
  assert.equal(exitCode, 0);
});

test('the commands of the input run are those of a shell', async (t) => {
  const project = new Project(t);
  project.installCommand();
  const run = `name=release; ./tell-the-team "$name $((1 + 1))" 'a  b'\n./start-the-rollout`;
  const { output } = await act(project, await simulate(t, 'happy'), { workflow: withInputs({ run }) });
  assert.deepEqual(project.log, ['told: release 2 a  b', 'started', 'switched over'], output);
});

for (const [inputs, message] of [
  [{ run: '' }, 'set the input run to the commands that start the rollout'],
  [{ mode: 'baseline' }, 'set the input baseline to the file to write'],
  [{ mode: 'deploy' }, 'the input mode must be rollout, baseline, wait or check'],
]) {
  test(`an input that is missing or wrong is named: ${message}`, async (t) => {
    const project = new Project(t);
    project.installCommand();
    const { output } = await act(project, await simulate(t, 'happy'), { workflow: withInputs(inputs) });
    assert.ok(output.includes(message), output);
    assert.deepEqual(project.log, ['told:  '], output);
  });
}

for (const input of ['mode', 'images', 'baseline', 'options', 'version']) {
  test(`the input ${input} is not run by a shell`, async (t) => {
    const project = new Project(t);
    const mark = project.path('mark');
    project.installCommand();
    // The mode is where a baseline is read.
    const workflow = withInputs({ ...(input === 'baseline' && { mode: 'wait' }), [input]: `$(touch ${mark})` });
    const { output } = await act(project, await simulate(t, 'happy'), { workflow });
    assert.ok(!existsSync(mark), output);
  });
}

for (const isIntact of [true, false]) {
  test(`an archive whose checksum is ${isIntact ? 'right runs' : 'wrong does not run'}`, async (t) => {
    const project = new Project(t);
    const environment = { CLANFORGE_DOWNLOAD: await release(t, project, version, isIntact) };
    const { exitCode, output } = await act(project, await simulate(t, 'happy'), { environment });
    assert.deepEqual(project.log, isIntact ? ['started', 'switched over'] : ['told:  '], output);
    assert.equal(exitCode, isIntact ? 0 : 1);
  });
}
