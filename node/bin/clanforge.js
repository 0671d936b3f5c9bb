#!/usr/bin/env node
'use strict';

const { native } = require('../dist/native.js');

// Node's own handlers end the process at once; the command ends a wait with what it knows, and with its own exit codes.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

process.exit(native.main(['clanforge', ...process.argv.slice(2)]));
