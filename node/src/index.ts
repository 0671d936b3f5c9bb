/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Checks whether a game image has reached the machines of a fleet on Multiplay Clanforge, and waits until it has.
 *
 * @packageDocumentation
 */

export { Baseline } from './models/baseline.js';
export type { AbortSignalLike, CallOptions } from './client/calls.js';
export * from './client/client.js';
export type * from './generated/calls.js';
export * from './generated/errors.js';
export type * from './generated/models.js';
export { combinedOutcomeFromJSON, updateFromJSON, verdictFromJSON } from './generated/models.js';
export { Gate, Policy } from './generated/options.js';
export type * from './generated/options.js';
export type * from './generated/settings.js';
export type * from './generated/simulation.js';
export { isReady, percentComplete, percentText, readiness, totalMachines, type StatusMethods } from './generated/status.js';
export type * from './generated/status-parts.js';
export * from './client/monitor.js';
export { LoadError, version } from './native.js';
export { NotReadyError, type CombinedOutcome, type NotReadyOutcome, type Outcome, type OutcomeBase, type ReadyOutcome } from './models/outcome.js';
export type { GateMethods } from './models/gate.js';
export type { ClientSettings, Credentials, CredentialSettings, CredentialsProvider, Without } from './client/settings.js';
export * from './models/recording.js';
export * from './simulator.js';
export { ImageStatus, type ImageStatusJson } from './models/status.js';
export { Watch } from './client/watch.js';
