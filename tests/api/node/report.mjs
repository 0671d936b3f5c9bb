// Writes the API report of the npm package to FOLDER/node.api.md, from the declarations that `tsc` wrote.
// Usage: node report.mjs PACKAGE FOLDER

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const [project, folder] = process.argv.slice(2).map((path) => resolve(path));
mkdirSync(folder, { recursive: true });

const config = ExtractorConfig.prepare({
  configObject: {
    projectFolder: project,
    mainEntryPointFilePath: join(project, 'dist/index.d.ts'),
    compiler: { tsconfigFilePath: join(project, 'tsconfig.json') },
    apiReport: { enabled: true, reportFolder: folder, reportTempFolder: join(folder, 'temp'), reportFileName: 'node' },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: 'error' } },
      // Only the report is wanted: the package does not use TSDoc's release tags.
      extractorMessageReporting: { default: { logLevel: 'none' } },
      tsdocMessageReporting: { default: { logLevel: 'none' } },
    },
  },
  configObjectFullPath: undefined,
  packageJsonFullPath: join(project, 'package.json'),
});
const { succeeded } = Extractor.invoke(config, {
  localBuild: true,
  messageCallback: (message) => {
    // Notes on the version of TypeScript and on the changed report are not errors.
    if (message.logLevel !== 'error') message.handled = true;
  },
});
process.exitCode = succeeded ? 0 : 1;
