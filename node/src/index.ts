/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Checks whether a game image has reached the machines of a fleet on Multiplay Clanforge, and waits until it has.
 *
 * @packageDocumentation
 */

export type { AbortSignalLike, CallOptions } from './calls.js';
export {
  Client,
  imageStatus,
  imageStatusSync,
  Watch,
  type BaselineRequest,
  type ClientSettings,
  type ImageStatusRequest,
  type WaitRequest,
} from './client.js';
export type { AuthScheme, Credentials, CredentialsProvider } from './credentials.js';
export {
  ApiError,
  AuthenticationError,
  ClanforgeError,
  ConfigurationError,
  ConnectionError,
  DecodeError,
  InternalError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitedError,
  RedirectError,
  ServerError,
  TimeoutError,
  type ErrorFields,
  type ErrorKind,
} from './errors.js';
export {
  Gate,
  verdictFromJSON,
  verdictToJSON,
  type CountName,
  type GateJson,
  type GateOptions,
  type Limit,
  type Per,
  type Scope,
  type ScopeVerdict,
  type Shortfall,
  type Verdict,
} from './gate.js';
export {
  ImageStatus,
  isReady,
  percentComplete,
  percentText,
  readiness,
  totalMachines,
  type FleetStatus,
  type ImageRef,
  type ImageStatusJson,
  type MachineCounts,
  type Mismatch,
  type Readiness,
  type RegionRow,
  type RegionStatus,
} from './models.js';
export { Monitor, type MonitorOptions, type Step } from './monitor.js';
export { LoadError, version } from './native.js';
export { Baseline, Policy, type BaselineJson, type PolicyOptions } from './policy.js';
export { scenarios, simulate, Simulation, type SimulateOptions } from './simulator.js';
export {
  NotReadyError,
  updateFromJSON,
  updateToJSON,
  type Changes,
  type Estimate,
  type Freshness,
  type NotReadyOutcome,
  type Outcome,
  type OutcomeKind,
  type ReadFailed,
  type ReadFailure,
  type ReadingTaken,
  type ReadyOutcome,
  type Update,
} from './updates.js';
