// The recipes of CI systems that cannot be run here. A Jenkinsfile is run by its language, Groovy. Of the others, the scripts and
// variables are read from the files, and run one after another as the system does, until one fails.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { Project, read, scenarios, simulate } from './support.mjs';

const GROOVY = ['-cp', process.env.CLANFORGE_GROOVY, 'groovy.ui.GroovyMain', new URL('jenkins.groovy', import.meta.url).pathname];

/**
 * Each recipe: what it runs with the secrets of the system, as a script or as a program, and the variables of each step; the
 * variables that the system sets; and what shows why the rollout failed.
 */
const recipes = {
  'A shell': {
    steps: (keys) => [{ script: `sh deploy.sh 1.2.3`, variables: keys }],
    files: { 'deploy.sh': 'crates/clanforge-cli/examples/deploy.sh' },
    system: { CLANFORGE_ACCOUNT_SERVICE_ID: '1234' },
    shows: ({ output }) => /^1234\/5678: (failed|not started): /m.test(output),
  },
  Jenkins: {
    steps: ({ CLANFORGE_ACCESS_KEY, CLANFORGE_SECRET_KEY }) => {
      const variables = { CREDENTIALS: `clanforge:${CLANFORGE_ACCESS_KEY}:${CLANFORGE_SECRET_KEY}` };
      return [{ program: ['java', [...GROOVY, 'Jenkinsfile']], variables }];
    },
    files: { Jenkinsfile: 'docs/recipes/Jenkinsfile' },
    system: { JENKINS_URL: 'https://jenkins.example.com/' },
    shows: ({ project, output }) => output.includes('archived rollout.html') && existsSync(project.path('work/rollout.html')),
  },
  TeamCity: {
    steps: (keys) => {
      const settings = read('docs/recipes/settings.kts');
      const parameters = [...settings.matchAll(/^ *param\("env\.(.+)", "(.+)"\)$/gm)].map(([, name, value]) => [name, value]);
      const variables = filled(parameters, /^%(clanforge\..+)%$/, keys);
      return [...settings.matchAll(/^ *scriptContent = "(.+)"$/gm)].map(([, script]) => ({ script, variables }));
    },
    system: { TEAMCITY_VERSION: '2025.11' },
    shows: ({ output }) => output.includes("##teamcity[buildProblem description='"),
  },
  'Azure Pipelines': {
    steps: (keys) => {
      const { steps, variables } = parse(read('docs/recipes/azure-pipelines.yml'));
      return steps.map(({ script, env }) => {
        return { script, variables: { ...variables, ...filled(Object.entries(env ?? {}), /^\$\((clanforge.+)\)$/, keys) } };
      });
    },
    system: { TF_BUILD: 'True' },
    shows: ({ output }) => output.includes('##vso[task.logissue type=error;]'),
  },
  Buildkite: {
    steps: (keys) => {
      const { env, steps } = parse(read('docs/recipes/buildkite.yml'));
      const commands = steps.filter((step) => step !== 'wait');
      return commands.map(({ command }) => ({ script: command, variables: { ...env, ...keys } }));
    },
    system: { BUILDKITE: 'true' },
    shows: ({ project, outcome }) => {
      const annotation = readFileSync(project.path('work/annotation.md'), 'utf8');
      return annotation.toLowerCase().startsWith(`## ${outcome.replace('_', ' ')}`);
    },
  },
};

/** Returns variables whose values refer to secrets by a pattern, such as `$(clanforgeAccessKey)`, with the secrets in place. */
function filled(variables, pattern, { CLANFORGE_ACCESS_KEY, CLANFORGE_SECRET_KEY }) {
  const secret = (name) => {
    if (/access/i.test(name)) return CLANFORGE_ACCESS_KEY;
    if (/secret/i.test(name)) return CLANFORGE_SECRET_KEY;
    throw new Error(`${name} is not a secret`);
  };
  return Object.fromEntries(variables.map(([name, value]) => [name, value.replace(pattern, (_, found) => secret(found))]));
}

for (const [title, { steps, files, system, shows }] of Object.entries(recipes)) {
  for (const [scenario, { outcome, exitCode }] of Object.entries(scenarios)) {
    test(`${title} continues only if the rollout is ready: ${scenario}`, async (t) => {
      const project = new Project(t);
      project.installCommand();
      project.program('buildkite-agent', '#!/bin/sh\ncat > annotation.md\n');
      for (const [name, file] of Object.entries(files ?? {})) project.write(`work/${name}`, read(file));
      const { CLANFORGE_ACCESS_KEY, CLANFORGE_SECRET_KEY, CLANFORGE_BASE_URL, CLANFORGE_SIMULATION } = await simulate(t, scenario);
      let output = '';
      let ended = 0;
      for (const { script, program, variables } of steps({ CLANFORGE_ACCESS_KEY, CLANFORGE_SECRET_KEY })) {
        const [file, args] = program ?? ['bash', ['-ec', script]];
        const environment = { CLANFORGE_BASE_URL, CLANFORGE_SIMULATION, ...system, ...variables };
        const result = await project.run(file, args, environment);
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
