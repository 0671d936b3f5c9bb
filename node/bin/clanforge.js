#!/usr/bin/env node
'use strict';

// Without handlers, Node ends the process at once. The command handles these signals itself, and sets the exit code.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});

let code;
try {
  const { native } = require('../dist/native.js');
  const { callNative } = require('../dist/errors.js');
  code = callNative(() => native.main(['clanforge', ...process.argv.slice(2)]));
} catch (error) {
  // Not 1, which means that machines failed.
  console.error(`clanforge: ${error.message}`);
  code = 2;
}
process.exit(code);
