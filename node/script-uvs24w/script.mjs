
    import { Baseline, simulate } from 'clanforge';
    const request = { accountServiceId: 1234, imageId: 5678 };
    process.on('warning', ({ message }) => console.log(JSON.stringify(message)));
    await simulate('empty').client().baseline(request);
    const client = simulate('happy').client();
    const taken = await client.baseline(request);
    if (!(Math.abs(Date.now() - Date.parse(taken.takenAt)) < 600_000)) console.log(taken);
    if (Baseline.fromJSON(JSON.stringify(taken)).takenAt !== taken.takenAt) console.log(taken);
    const baseline = new Baseline(taken.image, taken.status, '2026-01-31T12:00:00Z');
    for await (const { warnings } of client.watch({ ...request, baseline })) {
      if (warnings.length !== 1) console.log(warnings);
      break;
    }
  