/** The settings of a client. */

import { checkKeys, hidden, optional, plain } from '../models/codec.js';
import { clientOptions, type AuthScheme, type ClientOptions } from '../generated/settings.js';

/** Credentials: a token, or an access key with its secret key. */
export type Credentials =
  | { readonly token: string }
  | { readonly accessKey: string; readonly secretKey: string; readonly authScheme?: AuthScheme | undefined };

/** A function that returns credentials, or a promise that resolves to them. */
export type CredentialsProvider = () => Credentials | PromiseLike<Credentials>;

/** Settings that must be absent, because the credentials are of another kind. */
export type Without<Names extends string> = { readonly [Name in Names]?: undefined };

/** The credentials in the settings of a client: keys, a token, a provider, or none, for those of the environment. */
export type CredentialSettings =
  | ({ readonly accessKey: string; readonly secretKey: string } & Without<'token' | 'credentialsProvider'>)
  | ({ readonly token: string } & Without<'accessKey' | 'secretKey' | 'credentialsProvider'>)
  | ({
      /**
       * A function that returns the credentials. The client calls it before the first request, and again in a call whose
       * credentials the service rejects with HTTP 401. If it throws or rejects, the call rejects with its error. A blocking call
       * cannot use it, and throws a {@link ConfigurationError}.
       */
      readonly credentialsProvider: CredentialsProvider;
    } & Without<'accessKey' | 'secretKey' | 'token'>)
  | Without<'accessKey' | 'secretKey' | 'token' | 'credentialsProvider'>;

/**
 * The settings of a client: its options, and credentials of one kind.
 *
 * Credentials that you do not pass come from `CLANFORGE_ACCESS_KEY` and `CLANFORGE_SECRET_KEY` of `process.env`, or from
 * `CLANFORGE_TOKEN`. To read one from a file, append `_FILE` to the name of its variable. A base URL that you do not pass comes
 * from `CLANFORGE_BASE_URL`. `NODE_EXTRA_CA_CERTS` is the default of `extraCaFile`.
 */
export type ClientSettings = ClientOptions & CredentialSettings;

const provider = optional(hidden(plain('a function', (value) => typeof value === 'function')));
const credentialKinds = [['token'], ['accessKey', 'secretKey'], ['credentialsProvider']] as const;

const settingNames = [...Object.keys(clientOptions.fields), 'credentialsProvider'];

/** @internal Returns the JSON that the native module creates a client from. */
export function nativeSettings(settings: ClientSettings): string {
  checkKeys('setting', settings, settingNames);
  const { credentialsProvider, ...options } = settings;
  provider.encode('credentialsProvider', credentialsProvider);
  const json = clientOptions.encode('settings', options);
  json['extra_ca_file'] ??= process.env['NODE_EXTRA_CA_CERTS'] || null;
  return JSON.stringify({
    options: json,
    credentials_provider: credentialsProvider !== undefined,
    // A worker thread may have its own environment, which the native module cannot read.
    variables: Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('CLANFORGE_'))),
  });
}

/** @internal Returns the settings with some changed; changed credentials replace all others. */
export function mergeSettings(settings: ClientSettings, changed: ClientSettings): ClientSettings {
  checkKeys('setting', changed, settingNames);
  const changedKinds = credentialKinds.filter((kind) => kind.some((name) => changed[name] !== undefined));
  const replaced = credentialKinds.filter((kind) => changedKinds.length > 0 && !changedKinds.includes(kind)).flat();
  return { ...settings, ...Object.fromEntries(replaced.map((name) => [name, undefined])), ...changed } as ClientSettings;
}

/** @internal Calls a provider, and returns its credentials in JSON for the native module. */
export async function requestCredentials(credentialsProvider: CredentialsProvider): Promise<string> {
  const fields = ['token', 'accessKey', 'secretKey', 'authScheme'];
  const credentials = checkKeys('field of credentials', await credentialsProvider(), fields, 'the credentials provider returned');
  return JSON.stringify(clientOptions.encode('credentials', credentials));
}
