// The recipes of CI systems that cannot be run here: their scripts are read from the files, and run one after another as the
// system does, until one fails.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { Project, read, scenarios, simulate } from './support.mjs';

/** Each recipe: the steps that it runs, the variables of the system, and what shows a failure there. */
const recipes = {
  'plain shell': {
    steps: () => [{ script: `${read('crates/clanforge-cli/examples/deploy.sh')}` }],
    shows: () => true,
  },
  Jenkins: {
    steps: () => quoted(read('docs/recipes/Jenkinsfile'), /^ *sh '(.+)'$/gm),
    shows: ({ project }) => existsSync(project.path('work/rollout.html')),
  },
  TeamCity: {
    steps: () => quoted(read('docs/recipes/settings.kts'), /^ *scriptContent = "(.+)"$/gm),
    variables: { TEAMCITY_VERSION: '2025.11' },
    shows: ({ output }) => output.includes("##teamcity[buildProblem description='"),
  },
  'Azure Pipelines': {
    steps: () => parse(read('docs/recipes/azure-pipelines.yml')).steps,
    variables: { TF_BUILD: 'True' },
    shows: ({ output }) => output.includes('##vso[task.logissue type=error;]'),
  },
  Buildkite: {
    steps: () => parse(read('docs/recipes/buildkite.yml')).steps.filter((step) => step !== 'wait'),
    variables: { BUILDKITE: 'true' },
    shows: ({ project, outcome }) => new RegExp(outcome.replace('_', ' '), 'i').test(readFileSync(project.path('work/annotation.md'), 'utf8')),
  },
};

function quoted(text, pattern) {
  return [...text.matchAll(pattern)].map(([, script]) => ({ script }));
}

for (const [system, { steps, variables, shows }] of Object.entries(recipes)) {
  for (const [scenario, { outcome, exitCode }] of Object.entries(scenarios)) {
    test(`${system} goes on only if the rollout is ready: ${scenario}`, async (t) => {
      const project = new Project(t);
      project.installCommand();
      project.program('buildkite-agent', '#!/bin/sh\ncat > annotation.md\n');
      const service = await simulate(t, scenario);
      let output = '';
      let ended = 0;
      for (const { script, command, env } of steps()) {
        // Azure and Jenkins fill in their secrets here.
        const filled = Object.entries(env ?? {}).map(([name, value]) => {
          assert.match(value, /^\$\(clanforge.+Key\)$/);
          return [name, service[name]];
        });
        assert.ok(script ?? command, `${system}: a step has no script`);
        const result = await project.run('bash', ['-ec', script ?? command, system, '1.2.3'], { ...service, ...variables, ...Object.fromEntries(filled) });
        output += result.output;
        ended = result.exitCode;
        if (ended !== 0) break;
      }
      assert.deepEqual(project.log, exitCode === 0 ? ['started', 'switched over'] : ['started'], output);
      assert.equal(ended, exitCode);
      if (exitCode !== 0) assert.ok(shows({ project, output, outcome }), output);
    });
  }
}
