#!/usr/bin/env node
'use strict';

// Node's own handlers end the process at once; the command ends a wait with what it knows, and with its own exit codes.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});

let code;
try {
  const { native } = require('../dist/native.js');
  const { guarded } = require('../dist/errors.js');
  code = guarded(() => native.main(['clanforge', ...process.argv.slice(2)]));
} catch (error) {
  // Not 1, which says that machines failed.
  console.error(`clanforge: ${error.message}`);
  code = 2;
}
process.exit(code);
