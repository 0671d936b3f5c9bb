// Checks the built site in a headless Chromium: its search finds what readers look for, a chosen language stays
// chosen on other pages, nothing is written to the console, and axe finds nothing serious. Screenshots of some pages are kept for people to look at.
// Usage: node check.mjs CHROMIUM SITE SCREENSHOTS

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';

import { launch } from 'puppeteer-core';

const [chromium, site, screenshots] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve('axe-core');
const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml', '.txt': 'text/plain' };
/** What readers search for, and a page that is among the first five results. */
const SEARCHES = {
  'exit code': '/reference/command-line/',
  certificate: '/guides/corporate-networks/',
  pytest: '/testing/',
};
const PAGES = readdirSync(site, { recursive: true })
  .filter((file) => file.endsWith('index.html') && !file.startsWith('api/'))
  .map((file) => `/${file.slice(0, -'index.html'.length)}`);
const PICTURED = ['/', '/getting-started/', '/guides/troubleshooting/', '/reference/command-line/', '/accuracy/'];
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

const problems = [];
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://site/').pathname));
  const file = join(site, path.endsWith('/') ? `${path}index.html` : path);
  try {
    const body = readFileSync(file);
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await launch({ executablePath: chromium, args: ['--no-sandbox'] });

/** Opens a page, and records its console errors, its failed requests and its requests to other sites. */
async function open(path, size = SIZES.wide) {
  const page = await browser.newPage();
  const note = (text) => problems.push(`${path}: ${text}`);
  page.on('console', (message) => message.type() === 'error' && note(`console: ${message.text()}`));
  page.on('pageerror', (error) => note(`error: ${error.message}`));
  page.on('request', (request) => request.url().startsWith('http') && !request.url().startsWith(base) && note(`requests ${request.url()}`));
  page.on('response', (response) => response.status() >= 400 && note(`HTTP ${response.status()}: ${response.url()}`));
  await page.setViewport(size);
  await page.goto(base + path, { waitUntil: 'load' });
  return page;
}

async function searches() {
  // The search is in a shadow tree.
  const results = () => [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll('a') ?? [])]);
  for (const [words, expected] of Object.entries(SEARCHES)) {
    const page = await open('/');
    await page.click('.md-search__button');
    await page.waitForFunction(() => document.activeElement.shadowRoot?.querySelector('input'));
    await page.keyboard.type(words);
    const isFound = `(${results})().slice(0, 5).some(({ pathname }) => pathname === '${expected}')`;
    await page.waitForFunction(isFound, { timeout: 10_000 }).catch(async () => {
      const found = await page.evaluate(`(${results})().map(({ pathname, hash }) => pathname + hash)`);
      problems.push(`"${words}" does not find ${expected}, but ${found.join(', ')}`);
    });
    await page.close();
  }
}

/** Chooses Python on one page, and expects it on others. */
async function tabs() {
  const chosen = () => [...document.querySelectorAll('.tabbed-set')].map((set) => set.querySelectorAll('.tabbed-labels label')[[...set.querySelectorAll(':scope > input')].findIndex((input) => input.checked)]?.innerText);
  const page = await open('/');
  const label = await page.evaluateHandle(() => [...document.querySelectorAll('.tabbed-labels label')].find((label) => label.innerText === 'Python'));
  if (!label.asElement()) return problems.push('/: there is no tab Python');
  await label.asElement().click();
  for (const path of ['/', '/getting-started/']) {
    await page.goto(base + path, { waitUntil: 'load' });
    const sets = await page.evaluate(chosen);
    if (!sets.length || sets.some((name) => name !== 'Python')) problems.push(`${path}: of the tabs ${JSON.stringify(sets)} are chosen`);
  }
  await page.close();
}

async function accessible(path) {
  const page = await open(path);
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const { id, impact, nodes } of violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)))
    problems.push(`${path}: ${impact}: ${id}: ${nodes.length}, such as ${nodes[0].html.slice(0, 160)}`);
  await page.close();
}

try {
  await searches();
  await tabs();
  for (const path of PAGES) await accessible(path);
  mkdirSync(screenshots, { recursive: true });
  for (const path of PICTURED)
    for (const [name, size] of Object.entries(SIZES)) {
      const page = await open(path, size);
      await page.screenshot({ path: join(screenshots, `${path.replaceAll('/', '-').replace(/^-|-$/g, '') || 'home'}-${name}.png`) });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (overflow > 0) problems.push(`${path}: ${name}: wider than the window by ${overflow} px`);
      await page.close();
    }
} finally {
  await browser.close();
  server.close();
}
if (problems.length) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
} else {
  console.log(`${PAGES.length} pages have no problem; look at ${screenshots}`);
}
