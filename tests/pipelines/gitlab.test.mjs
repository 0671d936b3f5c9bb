// The GitLab component and its recipe, run by gitlab-ci-local without containers.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { Project, read, release, scenarios, simulate } from './support.mjs';

const RECIPE = read('docs/recipes/gitlab.yml');

/** The component that the recipe includes. */
const [, PROJECT, NAME, VERSION] = /\$CI_SERVER_FQDN\/(.+)\/(.+)@(.+)/.exec(RECIPE);

/** Runs a pipeline with the component of the checkout. */
async function gitlab(project, service, pipeline = RECIPE) {
  project.write('work/.gitlab-ci.yml', pipeline);
  // Where gitlab-ci-local keeps components that it has fetched.
  const includes = 'work/.gitlab-ci-local/includes/gitlab.example.com';
  project.write(`${includes}/${PROJECT}/${VERSION}/templates/${NAME}.yml`, read(`templates/${NAME}.yml`));
  await project.commit();
  await project.run('git', ['remote', 'add', 'origin', 'https://gitlab.example.com/games/release.git']);
  const variables = Object.entries({ ...service, CI_SERVER_FQDN: 'gitlab.example.com' });
  const program = createRequire(import.meta.url).resolve('gitlab-ci-local');
  return project.run(process.execPath, [
    program,
    '--force-shell-executor',
    '--no-color',
    ...variables.map(([name, value]) => `--variable=${name}=${value}`),
  ]);
}

for (const [scenario, { outcome, exitCode }] of Object.entries(scenarios)) {
  test(`a pipeline continues only if the rollout is ready: ${scenario}`, async (t) => {
    const project = new Project(t);
    project.installCommand();
    const result = await gitlab(project, await simulate(t, scenario));
    if (exitCode === 0) {
      assert.deepEqual(project.log, ['started', 'switched over'], result.output);
    } else {
      assert.equal(project.log.length, 2, result.output);
      assert.match(project.log[1], new RegExp(`^told: ${outcome} .*: `));
    }
    assert.equal(result.exitCode, exitCode === 0 ? 0 : 1);
  });
}

test('the commands of the input run are those of a shell', async (t) => {
  const project = new Project(t);
  project.installCommand();
  const pipeline = parse(RECIPE);
  pipeline.include[0].inputs.run = `name=rollout; ./tell-the-team "$name $((1 + 1))" 'a  b'\n./start-the-rollout`;
  const { output } = await gitlab(project, await simulate(t, 'happy'), stringify(pipeline));
  assert.deepEqual(project.log, ['told: rollout 2 a  b', 'started', 'switched over'], output);
});

test('a rollout without commands is refused', async (t) => {
  const project = new Project(t);
  project.installCommand();
  const pipeline = parse(RECIPE);
  pipeline.include[0].inputs.run = '';
  const { output } = await gitlab(project, await simulate(t, 'happy'), stringify(pipeline));
  assert.match(output, /set the input run to the commands/);
  assert.deepEqual(project.log, ['told:  '], output);
});

for (const input of ['images', 'options', 'version']) {
  test(`the input ${input} is not run by a shell`, async (t) => {
    const project = new Project(t);
    const mark = project.path('mark');
    project.installCommand();
    const pipeline = parse(RECIPE);
    pipeline.include[0].inputs[input] = `'; touch ${mark}; $(touch ${mark})\`touch ${mark}\``;
    const { output } = await gitlab(project, await simulate(t, 'happy'), stringify(pipeline));
    assert.ok(!existsSync(mark), output);
    assert.match(output, /error|curl/);
  });
}

for (const isIntact of [true, false]) {
  test(`an archive whose checksum is ${isIntact ? 'right runs' : 'wrong does not run'}`, async (t) => {
    const project = new Project(t);
    const service = await simulate(t, 'happy');
    const CLANFORGE_DOWNLOAD = await release(t, project, VERSION, isIntact);
    const { exitCode, output } = await gitlab(project, { ...service, CLANFORGE_DOWNLOAD });
    assert.deepEqual(project.log, isIntact ? ['started', 'switched over'] : ['told:  '], output);
    assert.equal(exitCode, isIntact ? 0 : 1);
  });
}
