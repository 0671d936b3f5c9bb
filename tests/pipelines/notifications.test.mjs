// The recipes that tell a channel of Slack or Discord how a rollout ended, against a webhook of our own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, read, scenarios, serve, simulate } from './support.mjs';

const services = {
  slack: { variable: 'SLACK_WEBHOOK', payload: (text) => ({ text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;') }) },
  discord: { variable: 'DISCORD_WEBHOOK', payload: (text) => ({ content: text, allowed_mentions: { parse: [] } }) },
};

/** Runs the recipe, and returns its exit code and the requests to the webhook. */
async function notify(test, project, name, environment) {
  const requests = [];
  const url = await serve(test, async (request, response) => {
    const chunks = await Array.fromAsync(request);
    requests.push({ path: request.url, type: request.headers['content-type'], body: JSON.parse(Buffer.concat(chunks)) });
    response.end('ok');
  });
  project.write('work/notify', read(`docs/recipes/notify-${name}.sh`), 0o755);
  const variables = { ...environment, [services[name].variable]: `${url}/secret/path` };
  const { exitCode, output } = await project.run('./notify', [], variables);
  return { exitCode, output, requests };
}

for (const [name, { payload }] of Object.entries(services)) {
  for (const [scenario, { exitCode }] of Object.entries(scenarios)) {
    test(`${name} is told how the rollout ended: ${scenario}`, async (t) => {
      const project = new Project(t);
      project.installCommand();
      const result = await notify(t, project, name, await simulate(t, scenario));
      const text = {
        happy: 'Released. 1234/5678: ready: 54 of 54 machines completed, 0 pending, 0 failed',
        'failures-stay': 'Not released, exit code 1. 1234/5678: failed: the image has 2 failed machines, at most 0 allowed',
        'never-starts': 'Not released, exit code 6. 1234/5678: not started: no evidence of the new version within 10 min',
      }[scenario];
      const request = { path: '/secret/path', type: 'application/json', body: payload(text) };
      assert.deepEqual(result.requests, [request], result.output);
      assert.deepEqual(project.log, exitCode === 0 ? ['started', 'switched over'] : ['started']);
      assert.equal(result.exitCode, exitCode);
    });
  }

  test(`${name} takes names of the service for text`, async (t) => {
    const project = new Project(t);
    const hostile = `<!channel> @everyone & "$(id)" \\ '`;
    project.program('clanforge', `#!/bin/sh\ncat <<'END'\n${hostile}\nEND\nexit 1\n`);
    const result = await notify(t, project, name, {});
    assert.deepEqual(result.requests[0]?.body, payload(`Not released, exit code 1. ${hostile}`), result.output);
  });
}
