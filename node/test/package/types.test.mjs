// The types, checked with the code of a user, for ESM and CommonJS, with the strictest settings.

import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { installed, root, runCommand } from '../fixtures.mjs';

const tsc = join(installed, 'node_modules/typescript/bin/tsc');

const source = `
import { Client, Gate, ImageStatus, ConfigurationError, imageStatus, imageStatusSync, simulate, updateFromJSON } from 'clanforge';
import type { Outcome, RegionRow, Update, Verdict, WaitRequest } from 'clanforge';

export async function wait(client: Client, signal: AbortSignal): Promise<ImageStatus> {
  const maybeMs = Math.random() > 2 ? 5 : undefined;
  await client.wait({ accountServiceId: 1, imageId: 2, timeoutMs: maybeMs, gate: { maxFailed: maybeMs } }, { signal: null });
  const baseline = await client.baseline({ accountServiceId: 1, imageId: 2 }, { signal });
  const request: WaitRequest = { accountServiceId: 1, imageId: 2, baseline, gate: { maxFailed: '5%', per: 'region' }, timeoutMs: null };
  for await (const update of client.watch(request)) show(update);
  const outcome: Outcome = await client.wait(request, { signal });
  if (outcome.kind === 'ready') {
    // A ready outcome has a status.
    return outcome.status;
  }
  const maybe: ImageStatus | null = outcome.status;
  return maybe ?? outcome.throwIfNotReady().status;
}

export function show(update: Update): string {
  switch (update.update) {
    case 'reading': {
      const verdict: Verdict = update.verdict;
      if (verdict.isReady) return String(verdict);
      return verdict.reason + (update.estimate?.lowMs ?? 0).toFixed(1);
    }
    case 'read_failed':
      return update.error.message;
    case 'outcome': {
      const { outcome } = update.toJSON();
      return outcome + update.exitCode.toFixed();
    }
    default: {
      const never: never = update;
      return never;
    }
  }
}

export function rows(status: ImageStatus): readonly RegionRow[] {
  // @ts-expect-error: read-only
  status.pendingMachines = 0;
  // @ts-expect-error: not a value of Per
  new Gate({ per: 'country' });
  // @ts-expect-error: IDs are numbers
  imageStatusSync({ accountServiceId: '1', imageId: 2 });
  // @ts-expect-error: not a percentage
  new Gate({ maxFailed: '5' });
  // @ts-expect-error: credentials of two kinds
  new Client({ token: 't', accessKey: 'a', secretKey: 's' });
  // @ts-expect-error: an access key without its secret key
  new Client({ accessKey: 'a' });
  // @ts-expect-error: null without detail
  status.failedRegions().length;
  return status.failedRegions() ?? [];
}

export async function dispose(): Promise<number> {
  using service = simulate('happy');
  await using client = service.client({ retries: 0 });
  try {
    return (await client.imageStatus({ accountServiceId: 1, imageId: 2 })).totalMachines;
  } catch (error) {
    if (error instanceof ConfigurationError) console.log(error.code, error.retryAfterMs, error.toJSON());
    throw error;
  }
}

export const all = [imageStatus, updateFromJSON];
`;

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noEmit: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  verbatimModuleSyntax: true,
};

for (const [name, file, text, settings] of [
  ['ESM', 'user.mts', source, { module: 'nodenext', target: 'es2022' }],
  ['a bundler', 'user.ts', source, { module: 'preserve', moduleResolution: 'bundler', target: 'esnext' }],
  [
    'CommonJS',
    'user.cts',
    `import clanforge = require('clanforge');\nconst total: number = clanforge.imageStatusSync({ accountServiceId: 1, imageId: 2 }).totalMachines;\nexport = total;\n`,
    { module: 'node16', target: 'es2022' },
  ],
]) {
  it(`compiles for ${name}`, async () => {
    const place = join(installed, `types-${settings.module}`);
    mkdirSync(place);
    writeFileSync(join(place, file), text);
    const compilerOptions = { ...strict, ...settings, lib: ['es2022', 'esnext.disposable', 'dom'], types: [] };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    const { code, stdout } = await runCommand([process.execPath, tsc, '-p', place]);
    rmSync(place, { recursive: true });
    assert.equal(code, 0, stdout);
  });
}

it('compiles without the types of Node and browsers', async () => {
  const place = join(installed, 'types-bare');
  mkdirSync(place);
  writeFileSync(join(place, 'user.mts'), `import { Client } from 'clanforge';\nexport const client: Client = new Client();\n`);
  const compilerOptions = { ...strict, module: 'nodenext', target: 'es2020', lib: ['es2020'], types: [] };
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.mts'] }));
  const { code, stdout } = await runCommand([process.execPath, tsc, '-p', place]);
  rmSync(place, { recursive: true });
  assert.equal(code, 0, stdout);
});

it('compiles the rollout of the guide, and options that are a variable', async () => {
  const place = join(installed, 'types-guide');
  mkdirSync(place);
  copyFileSync(join(root, 'node/examples/deploy.mjs'), join(place, 'deploy.mts'));
  const options = `import type { RolloutOptions } from 'clanforge';\nexport const options = { gate: { maxFailed: '5%' } } satisfies RolloutOptions;\n`;
  writeFileSync(join(place, 'options.mts'), `${options}export const same: RolloutOptions = options;\n`);
  const compilerOptions = { ...strict, module: 'nodenext', target: 'es2022', types: ['node'] };
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['deploy.mts', 'options.mts'] }));
  const { code, stdout } = await runCommand([process.execPath, tsc, '-p', place]);
  rmSync(place, { recursive: true });
  assert.equal(code, 0, stdout);
});
