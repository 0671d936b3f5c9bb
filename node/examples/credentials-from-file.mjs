// Renews a token from a file: the client calls the provider before the first request, and again after a 401.
//
//     node credentials-from-file.mjs TOKEN_FILE

import { readFile } from 'node:fs/promises';
import { Client } from 'clanforge';

const file = process.argv[2];
const client = new Client({
  credentialsProvider: async () => ({ token: (await readFile(file, 'utf8')).trim() }),
});
const status = await client.imageStatus({ accountServiceId: 1234, imageId: 5678 });
console.log(status.percentText);
