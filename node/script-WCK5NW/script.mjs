
    import { createRequire } from 'node:module';
    import { InternalError } from 'clanforge';
    const require = createRequire(import.meta.resolve('clanforge'));
    const { native } = require('./dist/native.js');
    const { CallGroup, runCall } = require('./dist/calls.js');
    const { callNative } = require('./dist/errors.js');
    const seen = [];
    try { callNative(() => native.panicForTests('out of order')); } catch (error) { seen.push(error); }
    await runCall((queue, call) => queue.startPanicForTests(call, 'out of order'), {}, new CallGroup()).catch((error) => seen.push(error));
    console.log(seen.map((error) => error instanceof InternalError && error.message).join());
  