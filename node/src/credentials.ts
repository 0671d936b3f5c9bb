/** Credentials providers. */

import { checkKeys } from './checks.js';
import { ConfigurationError } from './errors.js';

/** How an access key and its secret key authenticate: with Basic authentication, or with AWS Signature Version 4. */
export type AuthScheme = 'basic' | 'sigv4';

/** The credentials that a {@link CredentialsProvider} returns: a token, or an access key with its secret key. */
export type Credentials =
  | { readonly token: string }
  | { readonly accessKey: string; readonly secretKey: string; readonly authScheme?: AuthScheme | undefined };

/** A function that returns credentials, or a promise of them. */
export type CredentialsProvider = () => Credentials | PromiseLike<Credentials>;

const nativeNames = { token: 'token', accessKey: 'access_key', secretKey: 'secret_key', authScheme: 'auth_scheme' } as const;

/** @internal Calls a provider, and returns its credentials in JSON for the native module. */
export async function requestCredentials(provider: CredentialsProvider): Promise<string> {
  const credentials: unknown = await provider();
  if (typeof credentials !== 'object' || credentials === null) {
    throw new ConfigurationError(
      `the credentials provider returned ${credentials === null ? 'null' : typeof credentials}: ` +
        'expected an object with token, or accessKey and secretKey',
    );
  }
  checkKeys('field of credentials', credentials, Object.keys(nativeNames));
  const entries = Object.entries(credentials as Record<string, unknown>).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) {
    // The message does not quote the value: it may be a secret.
    if (typeof value !== 'string') throw new ConfigurationError(`the credentials provider returned an invalid ${name}: expected a string`);
  }
  return JSON.stringify(Object.fromEntries(entries.map(([name, value]) => [nativeNames[name as keyof typeof nativeNames], value])));
}
