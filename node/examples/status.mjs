// Prints the status of an image, and which of its regions have failed machines.

import { imageStatus } from 'clanforge';

const status = await imageStatus({ accountServiceId: 1234, imageId: 5678, detail: true });
console.log(status.readiness, status.percentText);
for (const { name, failedMachines } of status.failedRegions() ?? []) console.log(name, failedMachines);
