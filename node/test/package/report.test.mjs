// Reports of rollouts in a browser without network: what axe-core finds, and whether names from the service are shown as text.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Client, NotReadyError } from 'clanforge';
import { withSimulation } from 'clanforge/testing';
import puppeteer from 'puppeteer-core';

import { createFolder } from '../fixtures.mjs';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((program) => existsSync(program));
const skip = !executablePath && process.env.CI !== 'true' && 'Chromium is not installed';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const folder = createFolder();
const scenarios = ['happy', 'never-starts', 'stragglers', 'failures-stay', 'staged-regions', 'outage'];
const images = [{ accountServiceId: 1234, imageId: 1 }];

let browser;
before(async () => {
  if (!skip) browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox'] });
});
after(() => browser?.close());

/** Writes the report of a rollout of a scenario, and returns its file. */
async function reportOf(scenario, name = scenario) {
  const report = join(folder, `${name}.html`);
  await withSimulation(async () => {
    const client = new Client();
    await client.rollout(images, () => {}, { report }).catch((error) => assert.ok(error instanceof NotReadyError, error.stack));
  }, scenario);
  assert.ok(statSync(report).size < 300_000);
  return report;
}

/** Opens a page without network, and returns it with the requests that it made. */
async function open(t, file) {
  const page = await browser.newPage();
  t.after(() => page.close());
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.setOfflineMode(true);
  await page.goto(pathToFileURL(file).href);
  return { page, requests };
}

/** Returns the serious accessibility violations that axe-core finds. */
async function seriousFindings(page) {
  await page.evaluate(readFileSync(axe, 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  return serious.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`)]);
}

for (const scenario of scenarios) {
  it(`shows a rollout of ${scenario} on an accessible page`, { skip }, async (t) => {
    const { page, requests } = await open(t, await reportOf(scenario));
    for (const value of ['light', 'dark']) {
      for (const width of [1280, 360]) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
        await page.setViewport({ width, height: 800 });
        assert.deepEqual(await seriousFindings(page), [], `${value} ${width}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(overflow <= 0, `the page is ${overflow} pixels wider than a window of ${width}`);
        const { REPORT_SCREENSHOTS: screenshots } = process.env;
        if (screenshots) await page.screenshot({ path: join(screenshots, `${scenario}-${value}-${width}.png`), fullPage: true });
      }
    }
    assert.equal(requests.length, 1, requests.join());
  });
}

it('shows a hostile name as text', { skip }, async (t) => {
  const name = `<img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script></td></svg>&lt;`;
  const counts = { pending_machines: 0, failed_machines: 3, completed_machines: 5 };
  const body = JSON.stringify({ ...counts, fleets: { '<b>fleet</b>': { ...counts, regions: { r: { name, ...counts } } } } });
  const { page, requests } = await open(t, await reportOf({ description: name, responses: [{ kind: 'response', body }] }, 'hostile'));
  const shown = await page.evaluate(() => [document.title, document.body.innerText, document.querySelectorAll('img, script, b').length]);
  assert.match(shown[0], /^(Failed|Not started) after /);
  assert.ok(shown[1].includes(name) && shown[1].includes('<b>fleet</b>'), shown[1]);
  assert.deepEqual([shown[2], requests.length], [0, 1]);
});
