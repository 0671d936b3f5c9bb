/** Errors: a class for each kind, with fields. None holds a secret. */

/** The kind of an error: the same word in every language. */
export type ErrorKind =
  | 'configuration'
  | 'authentication'
  | 'permission_denied'
  | 'not_found'
  | 'rate_limited'
  | 'server'
  | 'api'
  | 'redirect'
  | 'connection'
  | 'timeout'
  | 'decode'
  | 'internal'
  | 'not_ready';

/** The fields of an error beside its message. */
export interface ErrorFields {
  /** The HTTP status of the response; `null` where there was none. */
  readonly status?: number | null;
  /** The request ID of the response, where it has one. The support of the service asks for it. */
  readonly requestId?: string | null;
  /** The number of requests sent. */
  readonly attempts?: number;
  /** The duration of the call, in milliseconds. */
  readonly elapsedMs?: number;
  /** How long the service asked the client to wait, in milliseconds, where it did. */
  readonly retryAfterMs?: number | null;
  /** The error code of the response body, where it has one. */
  readonly apiCode?: string | null;
  /** The error message of the response body, where it has one. */
  readonly apiMessage?: string | null;
  /** The JSONPath of the invalid value in the response body, for a {@link DecodeError}. */
  readonly jsonPath?: string | null;
  /** The technical details of the cause, the nearest first; `cause` holds the same as a chain of errors. */
  readonly causes?: readonly string[];
}

/**
 * The base class of all errors.
 *
 * The message states what happened, to what, why and what to do, in one line without secrets.
 */
export class ClanforgeError extends Error {
  /** The kind of error. */
  readonly kind: ErrorKind;
  /** The error code in the style of Node: `ERR_CLANFORGE_NOT_FOUND` and so on. */
  readonly code: string;
  /** The HTTP status of the response; `null` where there was none. */
  readonly status: number | null;
  /** The request ID of the response, where it has one. The support of the service asks for it. */
  readonly requestId: string | null;
  /** The number of requests sent. */
  readonly attempts: number;
  /** The duration of the call, in milliseconds. */
  readonly elapsedMs: number;
  /** How long the service asked the client to wait, in milliseconds, where it did. */
  readonly retryAfterMs: number | null;
  /** The error code of the response body, where it has one. */
  readonly apiCode: string | null;
  /** The error message of the response body, where it has one. */
  readonly apiMessage: string | null;
  /** The JSONPath of the invalid value in the response body, for a {@link DecodeError}. */
  readonly jsonPath: string | null;

  constructor(kind: ErrorKind, message: string, fields: ErrorFields = {}) {
    super(message, errorOptions(fields.causes ?? []));
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, writable: true });
    this.kind = kind;
    this.code = `ERR_CLANFORGE_${kind.toUpperCase()}`;
    this.status = fields.status ?? null;
    this.requestId = fields.requestId ?? null;
    this.attempts = fields.attempts ?? 0;
    this.elapsedMs = fields.elapsedMs ?? 0;
    this.retryAfterMs = fields.retryAfterMs ?? null;
    this.apiCode = fields.apiCode ?? null;
    this.apiMessage = fields.apiMessage ?? null;
    this.jsonPath = fields.jsonPath ?? null;
  }

  /** Returns the name, the message and the fields as plain values, without secrets. */
  toJSON(): Record<string, unknown> {
    const { name, message } = this;
    return { name, message, ...(this as object), causes: causeMessages(this) };
  }
}

/** An argument or setting is invalid. No request was sent. */
export class ConfigurationError extends ClanforgeError {
  declare readonly kind: 'configuration';
  constructor(message: string, fields?: ErrorFields) {
    super('configuration', message, fields);
  }
}

/** The service rejected the credentials (401). */
export class AuthenticationError extends ClanforgeError {
  declare readonly kind: 'authentication';
  constructor(message: string, fields?: ErrorFields) {
    super('authentication', message, fields);
  }
}

/** The service denied the request (403). It also does so for unknown credentials. */
export class PermissionDeniedError extends ClanforgeError {
  declare readonly kind: 'permission_denied';
  constructor(message: string, fields?: ErrorFields) {
    super('permission_denied', message, fields);
  }
}

/** The image or account service does not exist (404). */
export class NotFoundError extends ClanforgeError {
  declare readonly kind: 'not_found';
  constructor(message: string, fields?: ErrorFields) {
    super('not_found', message, fields);
  }
}

/** There were too many requests (429); see `retryAfterMs`. */
export class RateLimitedError extends ClanforgeError {
  declare readonly kind: 'rate_limited';
  constructor(message: string, fields?: ErrorFields) {
    super('rate_limited', message, fields);
  }
}

/** The service returned a server error (5xx). */
export class ServerError extends ClanforgeError {
  declare readonly kind: 'server';
  constructor(message: string, fields?: ErrorFields) {
    super('server', message, fields);
  }
}

/** The response body is an error of the service, whatever the HTTP status; see `apiCode` and `apiMessage`. */
export class ApiError extends ClanforgeError {
  declare readonly kind: 'api';
  constructor(message: string, fields?: ErrorFields) {
    super('api', message, fields);
  }
}

/** The service returned a redirect (3xx), which the client does not follow. */
export class RedirectError extends ClanforgeError {
  declare readonly kind: 'redirect';
  constructor(message: string, fields?: ErrorFields) {
    super('redirect', message, fields);
  }
}

/** The connection to the service failed. */
export class ConnectionError extends ClanforgeError {
  declare readonly kind: 'connection';
  constructor(message: string, fields?: ErrorFields) {
    super('connection', message, fields);
  }
}

/** An attempt or the call exceeded its timeout, or the service returned 408. */
export class TimeoutError extends ClanforgeError {
  declare readonly kind: 'timeout';
  constructor(message: string, fields?: ErrorFields) {
    super('timeout', message, fields);
  }
}

/** The response is not an image status, or has counts beyond 2^53 - 1; see `jsonPath`. */
export class DecodeError extends ClanforgeError {
  declare readonly kind: 'decode';
  constructor(message: string, fields?: ErrorFields) {
    super('decode', message, fields);
  }
}

/** A bug in this library. */
export class InternalError extends ClanforgeError {
  declare readonly kind: 'internal';
  constructor(message: string, fields?: ErrorFields) {
    super('internal', message, fields);
  }
}

const byKind = {
  configuration: ConfigurationError,
  authentication: AuthenticationError,
  permission_denied: PermissionDeniedError,
  not_found: NotFoundError,
  rate_limited: RateLimitedError,
  server: ServerError,
  api: ApiError,
  redirect: RedirectError,
  connection: ConnectionError,
  timeout: TimeoutError,
  decode: DecodeError,
  internal: InternalError,
} as const;

/** @internal The fields of an error, as the native module writes them. */
export interface NativeErrorFields {
  readonly kind: keyof typeof byKind;
  readonly message: string;
  readonly status: number | null;
  readonly request_id: string | null;
  readonly attempts: number;
  readonly elapsed_seconds: number;
  readonly retry_after_seconds: number | null;
  readonly api_code: string | null;
  readonly api_message: string | null;
  readonly json_path: string | null;
  readonly causes: readonly string[];
}

/** @internal Creates an error from the JSON of the native module. */
export function errorFromJSON(text: string): ClanforgeError {
  const fields = JSON.parse(text) as NativeErrorFields;
  return new byKind[fields.kind](fields.message, {
    status: fields.status,
    requestId: fields.request_id,
    attempts: fields.attempts,
    elapsedMs: toMilliseconds(fields.elapsed_seconds),
    retryAfterMs: fields.retry_after_seconds === null ? null : toMilliseconds(fields.retry_after_seconds),
    apiCode: fields.api_code,
    apiMessage: fields.api_message,
    jsonPath: fields.json_path,
    causes: fields.causes,
  });
}

/** @internal Calls the native module, and throws its errors as errors of the class of their kind. */
export function callNative<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw toClanforgeError(thrown);
  }
}

/** The prefix of a message that holds the JSON of an error: it tells errors of the native module from all others. */
const errorPrefix = 'clanforge error ';

/** @internal Returns an error of the native module as an error of the class of its kind, and any other value as it is. */
export function toClanforgeError(thrown: unknown): unknown {
  // `instanceof Error` is not enough: a test runner may load this module in a realm with its own `Error`.
  const message = (thrown as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' && message.startsWith(errorPrefix) ? errorFromJSON(message.slice(errorPrefix.length)) : thrown;
}

/** @internal Converts seconds to milliseconds, rounded to the microsecond. */
export function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e3;
}

function errorOptions(causes: readonly string[]): ErrorOptions {
  return causes.reduceRight<ErrorOptions>((options, text) => ({ cause: new Error(text, options) }), {});
}

function causeMessages(error: Error): string[] {
  const texts: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) texts.push(cause.message);
  return texts;
}
