/** What a call throws or rejects with: an error for each kind, with fields, and without a secret in any form. */

/** What kind of thing went wrong: the same word in every language. */
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
  /** The HTTP status of the answer; `null` where there was none. */
  readonly status?: number | null;
  /** The service's id of the request, where its answer had one: what its support asks for. */
  readonly requestId?: string | null;
  /** How many requests were sent. */
  readonly attempts?: number;
  /** How long the call took, in milliseconds. */
  readonly elapsedMs?: number;
  /** How long the service asked to wait, in milliseconds, where it did. */
  readonly retryAfterMs?: number | null;
  /** The service's own code of the error, where it gave one. */
  readonly apiCode?: string | null;
  /** The service's own words, where it gave some. */
  readonly apiMessage?: string | null;
  /** Where in the answer the mistake is, as JSONPath, for a {@link DecodeError}. */
  readonly jsonPath?: string | null;
  /** The technical details below the message, the nearest first; `cause` holds the same as a chain of errors. */
  readonly causes?: readonly string[];
}

/**
 * The base of all that this package throws.
 *
 * Its message states the cause in one line, and holds neither a key nor a query.
 */
export class ClanforgeError extends Error {
  /** What kind of thing went wrong. */
  readonly kind: ErrorKind;
  /** The kind as Node names errors: `ERR_CLANFORGE_NOT_FOUND` and so on. */
  readonly code: string;
  /** The HTTP status of the answer; `null` where there was none. */
  readonly status: number | null;
  /** The service's id of the request, where its answer had one: what its support asks for. */
  readonly requestId: string | null;
  /** How many requests were sent. */
  readonly attempts: number;
  /** How long the call took, in milliseconds. */
  readonly elapsedMs: number;
  /** How long the service asked to wait, in milliseconds, where it did. */
  readonly retryAfterMs: number | null;
  /** The service's own code of the error, where it gave one. */
  readonly apiCode: string | null;
  /** The service's own words, where it gave some. */
  readonly apiMessage: string | null;
  /** Where in the answer the mistake is, as JSONPath, for a {@link DecodeError}. */
  readonly jsonPath: string | null;

  constructor(kind: ErrorKind, message: string, fields: ErrorFields = {}) {
    super(message, causeOf(fields.causes ?? []));
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

  /** Returns the name, the message and the fields, as plain values; no form of them holds a secret. */
  toJSON(): Record<string, unknown> {
    const { name, message } = this;
    return { name, message, ...(this as object), causes: chain(this) };
  }
}

/** The client or the call is set up wrongly; nothing was sent. */
export class ConfigurationError extends ClanforgeError {
  declare readonly kind: 'configuration';
  constructor(message: string, fields?: ErrorFields) {
    super('configuration', message, fields);
  }
}

/** The service does not accept the credentials (401). */
export class AuthenticationError extends ClanforgeError {
  declare readonly kind: 'authentication';
  constructor(message: string, fields?: ErrorFields) {
    super('authentication', message, fields);
  }
}

/** The service forbids the call (403), as it does for credentials that it does not know as well. */
export class PermissionDeniedError extends ClanforgeError {
  declare readonly kind: 'permission_denied';
  constructor(message: string, fields?: ErrorFields) {
    super('permission_denied', message, fields);
  }
}

/** The service has no such image or account service (404). */
export class NotFoundError extends ClanforgeError {
  declare readonly kind: 'not_found';
  constructor(message: string, fields?: ErrorFields) {
    super('not_found', message, fields);
  }
}

/** The service asks for fewer calls (429); see `retryAfterMs`. */
export class RateLimitedError extends ClanforgeError {
  declare readonly kind: 'rate_limited';
  constructor(message: string, fields?: ErrorFields) {
    super('rate_limited', message, fields);
  }
}

/** The service failed (5xx). */
export class ServerError extends ClanforgeError {
  declare readonly kind: 'server';
  constructor(message: string, fields?: ErrorFields) {
    super('server', message, fields);
  }
}

/** The service said no in its own words, whatever the HTTP status; see `apiCode` and `apiMessage`. */
export class ApiError extends ClanforgeError {
  declare readonly kind: 'api';
  constructor(message: string, fields?: ErrorFields) {
    super('api', message, fields);
  }
}

/** The service sent the client elsewhere (3xx), where credentials must not follow. */
export class RedirectError extends ClanforgeError {
  declare readonly kind: 'redirect';
  constructor(message: string, fields?: ErrorFields) {
    super('redirect', message, fields);
  }
}

/** The service could not be reached, or the connection broke. */
export class ConnectionError extends ClanforgeError {
  declare readonly kind: 'connection';
  constructor(message: string, fields?: ErrorFields) {
    super('connection', message, fields);
  }
}

/** An attempt or the whole call took longer than allowed, or the service gave up waiting (408). */
export class TimeoutError extends ClanforgeError {
  declare readonly kind: 'timeout';
  constructor(message: string, fields?: ErrorFields) {
    super('timeout', message, fields);
  }
}

/** The answer is no image status, or counts more than JavaScript can; see `jsonPath`. */
export class DecodeError extends ClanforgeError {
  declare readonly kind: 'decode';
  constructor(message: string, fields?: ErrorFields) {
    super('decode', message, fields);
  }
}

/** A defect of this library. */
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

/** @internal The fields of an error as the native half writes them. */
export interface Fault {
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

/** @internal Returns the error that the native half tells. */
export function errorOf(text: string): ClanforgeError {
  const fault = JSON.parse(text) as Fault;
  return new byKind[fault.kind](fault.message, {
    status: fault.status,
    requestId: fault.request_id,
    attempts: fault.attempts,
    elapsedMs: milliseconds(fault.elapsed_seconds),
    retryAfterMs: fault.retry_after_seconds === null ? null : milliseconds(fault.retry_after_seconds),
    apiCode: fault.api_code,
    apiMessage: fault.api_message,
    jsonPath: fault.json_path,
    causes: fault.causes,
  });
}

/** @internal Runs what calls the native half, and throws what it tells as an error of its kind. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw told(thrown);
  }
}

/** What tells an error of the native half from any other. */
const brand = 'clanforge fault ';

/** @internal Returns what was thrown, as an error of its kind where the native half threw it. */
export function told(thrown: unknown): unknown {
  // Not by its class: a test runner may have put this module into a realm of its own, with an `Error` of its own.
  const message = (thrown as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' && message.startsWith(brand) ? errorOf(message.slice(brand.length)) : thrown;
}

/** @internal Returns seconds in milliseconds, to the microsecond. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e3;
}

function causeOf(causes: readonly string[]): ErrorOptions {
  return causes.reduceRight<ErrorOptions>((options, text) => ({ cause: new Error(text, options) }), {});
}

function chain(error: Error): string[] {
  const texts: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) texts.push(cause.message);
  return texts;
}
