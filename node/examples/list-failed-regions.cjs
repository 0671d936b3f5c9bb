// Lists the regions with failed machines, with CommonJS and a blocking call.
//
//     node list-failed-regions.cjs ACCOUNT_SERVICE_ID IMAGE_ID

const { ClanforgeError, imageStatusSync } = require('clanforge');

const [accountServiceId, imageId] = process.argv.slice(2).map(Number);
try {
  const status = imageStatusSync({ accountServiceId, imageId, detail: true });
  console.log(`${status.readiness}: ${status.percentText} of ${status.totalMachines} machines completed`);
  console.table(status.failedRegions(), ['name', 'failedMachines', 'completedMachines']);
} catch (error) {
  if (!(error instanceof ClanforgeError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.exitCode;
}
