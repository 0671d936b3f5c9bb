
    import { simulate } from 'clanforge';
    const client = simulate('never-starts').client();
    const request = { accountServiceId: 1234, imageId: 5678, startGraceMs: 100, ...{"settleMs":200,"minIntervalMs":20,"maxIntervalMs":200} };
    process.on('warning', ({ name, message }) => console.log(JSON.stringify({ name, message })));
    const outcome = await client.wait(request);
    const updates = client.watch(request);
    for await (const update of updates);
    if (outcome.kind !== 'ready' || await updates.outcome() !== await updates.outcome()) console.log(outcome);
    await client.wait({ ...request, requireFresh: true });
  