// Makes the call of a fault, and returns how it ends.

import assert from 'node:assert/strict';

import { Client, ClanforgeError } from 'clanforge';

const image = { accountServiceId: 1234, imageId: 5678 };

function clientOf(fault) {
  return new Client({
    accessKey: 'an-access-key',
    secretKey: 'a-secret-key',
    authScheme: fault.task === 'status_signed' ? 'sigv4' : 'basic',
    baseUrl: fault.base_url,
    caFile: fault.ca_file ?? undefined,
    timeoutMs: fault.timeout * 1000,
    retries: fault.retries,
  });
}

function statusResult(status) {
  assert.equal(status.completedMachines, 3);
  return { ends: 'read', text: '' };
}

function errorResult(fault, error) {
  if (!(error instanceof ClanforgeError)) throw error;
  const { kind, status = null, attempts } = error;
  const text = fault.masks.reduce((text, [pattern, replacement]) => text.replaceAll(new RegExp(pattern, 'g'), () => replacement), error.message);
  return { ends: 'error', kind, status, attempts, text };
}

/** With an asynchronous call. */
export async function runFaultAsync(fault) {
  const client = clientOf(fault);
  try {
    if (fault.task === 'wait') {
      const outcome = await client.wait({ ...image, timeoutMs: fault.timeout * 1000, startGraceMs: 0, minIntervalMs: 20, maxIntervalMs: 50 });
      return { ends: 'outcome', outcome: outcome.kind, text: '' };
    }
    if (fault.task === 'status_twice') await client.imageStatus(image);
    return statusResult(await client.imageStatus(image));
  } catch (error) {
    return errorResult(fault, error);
  } finally {
    await client.close();
  }
}

/** With a blocking call. */
export function runFaultBlocking(fault) {
  const client = clientOf(fault);
  try {
    if (fault.task === 'status_twice') client.imageStatusSync(image);
    return statusResult(client.imageStatusSync(image));
  } catch (error) {
    return errorResult(fault, error);
  }
}
