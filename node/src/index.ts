/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Checks whether a game image has reached the machines of a fleet on Multiplay Clanforge, and waits until it has.
 *
 * @packageDocumentation
 */

export { Baseline } from './baseline.js';
export type { AbortSignalLike, CallOptions } from './calls.js';
export {
  Client,
  imageStatus,
  imageStatusSync,
  type BaselineRequest,
  type ImageStatusRequest,
  type WaitRequest,
} from './client.js';
export * from './generated/errors.js';
export type * from './generated/models.js';
export type * from './generated/options.js';
export type * from './generated/settings.js';
export { Monitor, type MonitorOptions, type Step } from './monitor.js';
export { LoadError, version } from './native.js';
export { NotReadyError, updateFromJSON, type NotReadyOutcome, type Outcome, type OutcomeBase, type ReadyOutcome } from './outcome.js';
export { Gate, Policy, verdictFromJSON } from './policy.js';
export type { ClientSettings, Credentials, CredentialSettings, CredentialsProvider, Without } from './settings.js';
export { scenarios, simulate, Simulation, type SimulateOptions } from './simulator.js';
export {
  ImageStatus,
  isReady,
  percentComplete,
  percentText,
  readiness,
  totalMachines,
  type FleetStatus,
  type ImageStatusJson,
  type MachineCounts,
  type MachineCountsJson,
  type Mismatch,
  type RegionStatus,
} from './status.js';
export { Watch } from './watch.js';
