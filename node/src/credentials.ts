/** Credentials as a provider returns them. */

import { known } from './checks.js';
import { ConfigurationError } from './errors.js';

/** What is made of an access key and its secret key: Basic authentication, or AWS Signature Version 4. */
export type AuthScheme = 'basic' | 'sigv4';

/** A token, or an access key with its secret key: what a {@link CredentialsProvider} returns. */
export type Credentials =
  | { readonly token: string }
  | { readonly accessKey: string; readonly secretKey: string; readonly authScheme?: AuthScheme | undefined };

/** What returns credentials, at once or later, when a call needs them. */
export type CredentialsProvider = () => Credentials | PromiseLike<Credentials>;

const theirs = { token: 'token', accessKey: 'access_key', secretKey: 'secret_key', authScheme: 'auth_scheme' } as const;

/** @internal Returns what a call gets of a provider, as the native half takes it. */
export async function provided(provider: CredentialsProvider): Promise<string> {
  const given: unknown = await provider();
  if (typeof given !== 'object' || given === null) {
    throw new ConfigurationError(
      `the credentials provider returned ${given === null ? 'null' : typeof given}: an object with token, or accessKey and secretKey`,
    );
  }
  known('name in credentials', given, Object.keys(theirs));
  const entries = Object.entries(given as Record<string, unknown>).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) {
    // Nothing of it is shown: it may be a secret.
    if (typeof value !== 'string') throw new ConfigurationError(`invalid ${name} of the credentials provider: a text`);
  }
  return JSON.stringify(Object.fromEntries(entries.map(([name, value]) => [theirs[name as keyof typeof theirs], value])));
}
