
    import { simulate } from 'clanforge';
    const client = simulate('happy').client();
    for (let each = 0; each < 20; each++) {
      gc();
      await new Promise((resolve) => setImmediate(resolve));
      await client.imageStatus({ accountServiceId: 1, imageId: 2 });
    }
    console.log('end');
  