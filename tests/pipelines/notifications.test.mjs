// The recipes that tell a channel of Slack or Discord how a rollout ended, against a webhook of our own.

import assert from 'node:assert/strict';
import { json } from 'node:stream/consumers';
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
    requests.push({ path: request.url, type: request.headers['content-type'], body: await json(request) });
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
        happy: 'Released. ready: 54 of 54 machines completed, 0 pending, 0 failed',
        'failures-stay': 'Not released, exit code 1. failed: the image has 2 failed machines, at most 0 allowed',
        'never-starts': 'Not released, exit code 6. not started: no evidence of the new version within 10 min',
      }[scenario];
      const request = { path: '/secret/path', type: 'application/json', body: payload(text) };
      assert.deepEqual(result.requests, [request], result.output);
      assert.deepEqual(project.log, exitCode === 0 ? ['started', 'switched over'] : ['started']);
      assert.equal(result.exitCode, exitCode);
    });
  }

  for (const [problem, { environment, script, text, exitCode }] of Object.entries({
    'a wrong key': {
      environment: { CLANFORGE_SECRET_KEY: 'another' },
      text: /^Not released, exit code 4\. HTTP 401 Unauthorized: .* the credentials are missing or wrong/,
      exitCode: 4,
    },
    'a wrong setting': {
      environment: { CLANFORGE_ACCOUNT_SERVICE_ID: 'one' },
      text: /^Not released, exit code 2\. CLANFORGE_ACCOUNT_SERVICE_ID is not a number$/,
      exitCode: 2,
    },
    'a rollout that does not start': {
      script: ['start-the-rollout', 'exit 1 #'],
      text: /^Not released, exit code 7\. .\/start-the-rollout: the command exited with code 1/,
      exitCode: 7,
    },
    'players that cannot be switched over': {
      script: ['switch-players-over', 'exit 8 #'],
      text: /^Rolled out, but switch-players-over ended with exit code 8\.$/,
      exitCode: 8,
    },
  })) {
    test(`${name} is told the reason for ${problem}`, async (t) => {
      const project = new Project(t);
      project.installCommand();
      if (script) project.script(...script);
      const result = await notify(t, project, name, { ...(await simulate(t, 'happy')), ...environment });
      const { text: slack, content } = result.requests[0].body;
      assert.match(slack ?? content, text);
      assert.equal(result.exitCode, exitCode, result.output);
    });
  }

  test(`${name} shows names from the service as text`, async (t) => {
    const project = new Project(t);
    const hostile = `<!channel> @everyone & "$(id)" \\ '`;
    project.program('clanforge', `#!/bin/sh\ncat > rollout.env <<'END'\nCLANFORGE_REASON=${hostile}\nEND\nexit 1\n`);
    const result = await notify(t, project, name, {});
    assert.deepEqual(result.requests[0]?.body, payload(`Not released, exit code 1. ${hostile}`), result.output);
  });
}
