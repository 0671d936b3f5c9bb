
    import { Client } from 'clanforge';
    import { withSimulation } from 'clanforge/testing';
    process.on('warning', ({ message }) => console.log(message));
    const images = [1, 2].map((imageId) => ({ accountServiceId: 1234, imageId }));
    await withSimulation(() => new Client().waitAll({ images }), 'never-starts');
  