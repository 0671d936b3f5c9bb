// The script that cron runs every minute, to continue a wait that no process holds.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { Project, read, scenarios, simulate } from './support.mjs';

const source = read('crates/clanforge-cli/examples/continue-release.sh');

for (const [scenario, { exitCode }] of Object.entries(scenarios)) {
  test(`runs of cron continue a release after an error: ${scenario}`, async (t) => {
    const project = new Project(t);
    project.installCommand();
    project.write('work/continue-release', source.replace('/var/lib/release', project.path('work')), 0o755);
    const environment = await simulate(t, scenario);
    const baseline = await project.run('clanforge', ['baseline', '--image=5678', '--output-file=before.json'], environment);
    assert.equal(baseline.exitCode, 0, baseline.output);

    const wrong = { ...environment, CLANFORGE_SECRET_KEY: 'another' };
    assert.equal((await project.run('./continue-release', [], wrong)).exitCode, 4);
    let last;
    for (let run = 0; run < 400 && existsSync(project.path('work/before.json')); run += 1) {
      last = await project.run('./continue-release', [], environment);
      assert.ok(last.exitCode === 0 || last.exitCode === exitCode, last.output);
    }
    assert.equal(last.exitCode, exitCode, last.output);
    assert.deepEqual(project.log, exitCode === 0 ? ['switched over'] : []);

    // Nothing is left to continue.
    assert.deepEqual(await project.run('./continue-release', [], environment), { exitCode: 0, output: '' });
  });
}
