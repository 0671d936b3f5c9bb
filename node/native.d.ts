/** The declarations of the native module, which is written in Rust: see `bindings/node`. */

import type { Readiness } from './src/generated/models.js'

/** The account service ID and the image ID. */
export type Image = [number, number]

/** A baseline: the image, its status before the rollout, and when it was taken, as in RFC 3339. */
export type Baseline = [image: Image, status: Status, takenAt: string | null]

/** The arguments of a wait: the image, the policy in JSON, and the baseline. */
export type Wait = [image: Image, policy: string, baseline: Baseline | undefined]

/** The wait of a rollout, or for several images: the images, and in JSON its policy and the options of its requests and files. */
export type RolloutWait = [images: Image[], policy: string, options: string]

/** Pending, failed and completed machines. */
export type Counts = [number, number, number]

/** A call for the status of an image. */
export interface StatusRequest {
  accountServiceId: number
  imageId: number
  detail?: boolean | undefined
  timeoutMs?: number | undefined
  retries?: number | undefined
}

/** A client, for asynchronous and blocking calls. */
export declare class Client {
  /** Creates a client with settings in JSON. */
  constructor(settings: string)
  /** Returns the status of an image. Blocks the thread. */
  imageStatus(request: StatusRequest): Counts | Status
  /** Starts a call for the status of an image. */
  startImageStatus(queue: CompletionQueue, call: number, request: StatusRequest): void
  /** Starts a wait. `policy`, and `options` for the requests and files of the wait, are JSON. */
  watch(...wait: [...Wait, options: string]): Watch
  /** Starts a wait for several images. */
  watchAll(wait: RolloutWait, baselines: Baseline[]): Watch
  /** Starts a call that begins a rollout. */
  startRollout(queue: CompletionQueue, call: number, wait: RolloutWait, allowBusy: boolean, assumeDeployed: boolean): void
  /** Closes the connections. Later calls fail. */
  close(): void
}

/** The completion queue of one JavaScript thread. */
export declare class CompletionQueue {
  /** `onCompletions` is called when there are completions to take; it does not keep the process alive. */
  constructor(onCompletions: () => void)
  /** Takes all completions. */
  take(): Batch
  /** Passes credentials, in JSON, to the call that requested them. */
  provideCredentials(call: number, credentials: string): void
  /** Cancels a call, and closes its connection. */
  cancel(call: number): void
  /** Starts a call that panics: see `panicForTests`. */
  startPanicForTests(call: number, text: string): void
}

/** The monitor of a wait: decides from readings, and does no I/O. */
export declare class Monitor {
  constructor(...wait: Wait)
  /** Returns a monitor that continues from a snapshot in JSON. */
  static restore(snapshot: string): Monitor
  /** Returns the monitor as it is now, in JSON. */
  snapshot(): string
  get needsDetail(): boolean
  get hasStarted(): boolean
  observeStatus(elapsed: number, status: Status, age: number): Step
  /** Processes a failed reading, in JSON. */
  observeFailure(elapsed: number, failure: string): Step
}

/** A simulator, which runs until it is closed. */
export declare class Simulator {
  /** Starts a simulator with options as JSON. */
  constructor(options: string)
  token(): string
  environment(): Record<string, string>
  /** Calls a control endpoint of the simulation, and returns the JSON of its response. */
  control(method: string, endpoint: string): string
  close(): void
}

/** An image status. Fleets and regions are converted to JavaScript objects when they are read. */
export declare class Status {
  /** Decodes a response body as the client does. */
  static fromJson(body: string | Uint8Array): Status
  /** Returns a status without detail. */
  static ofCounts(counts: Counts): Status
  counts(): Counts
  get hasDetail(): boolean
  /**
   * Returns JSON: the `status` in the format of the service, the `summary` of the `-o json` output, or a list of parts of the
   * status, each as an array of its values; the list is `null` without detail.
   */
  json(what: 'status' | 'summary' | 'fleets' | 'regions' | 'failed_regions' | 'pending_regions' | 'mismatches'): string
  equals(other: Status): boolean
}

/** A rollout whose baselines have been read. */
export declare class Rollout {
  /** Returns the warnings about the baseline of each image. */
  warnings(): string[][]
  /** Whether the rollout was started before, so that only the wait is left. */
  get isDeployed(): boolean
  /** Records that the deployment starts. */
  starting(): void
  /** Records that the deployment succeeded, or why it failed. */
  ended(failure?: string): void
  /** Starts the wait. */
  watch(): Watch
}

/** The updates of a wait, until it is closed. */
export declare class Watch {
  /** Starts a call for the next update. */
  startNext(queue: CompletionQueue, call: number): void
  /** Returns how a wait for several images ended; `null` before that, or if it was closed or interrupted. */
  combinedOutcome(): CombinedOutcome | null
  /** Ends the wait, and closes its connection. */
  close(): void
}

/**
 * The completions since the last batch. Most are statuses without detail: they cross the FFI boundary in one array, because
 * one object for each would cost more than the rest of the call in JavaScript. It has four numbers for each of them: the ID of the
 * call, pending, failed and completed machines.
 */
export type Batch = [counts: Float64Array, completions: Completion[]]

/** Checks a gate in JSON, and returns it with every field. */
export declare function checkGate(gate: string): string

/** Returns the warnings about a baseline. */
export declare function baselineWarnings(baseline: Baseline): string[]

/** Returns the waits of a recording, as JSON. */
export declare function parseRecording(text: string): string

/** Returns the report of a recording. */
export declare function report(text: string, format: string): string

/** Returns which images of a combined outcome in JSON are not ready, and why. */
export declare function notAllReady(combined: string): string

/** Checks a policy in JSON, and returns it with every field. */
export declare function checkPolicy(policy: string): string

/** Panics, so that the tests can see how the installed package handles a panic. */
export declare function panicForTests(text: string): void

/** Returns whether a gate in JSON needs a status with detail. */
export declare function gateNeedsDetail(gate: string): boolean

/**
 * Returns the readiness, whether all machines are completed, the percentage of completed machines (`null` without machines), and
 * that percentage as text.
 */
export declare function describeCounts(counts: Counts): [Readiness, boolean, number | null, string]

/** Evaluates a gate in JSON on a status, and returns the verdict in JSON. */
export declare function evaluate(gate: string, status: Status): string

/** What a call returns: the counts of a status without detail, a status with detail, an update, or a rollout that has begun. */
export type Value = Counts | Status | Update | Rollout

/** The result of a call, or its request for credentials. A call for the next update of a finished wait has no value. */
export interface Completion {
  /** The ID of the call. */
  call: number
  /** The error, in JSON. */
  error?: string
  value?: Value
  /** The call needs credentials, and continues when it gets them. */
  needsCredentials: boolean
}

/** Writes the logs of all clients of the process to standard error from now on. */
export declare function logToStderr(): void

/** Runs the command with these arguments, starting with the name of the program, and returns its exit code. */
export declare function main(arguments: Array<string>): number

/** Returns the name and description of each built-in scenario. */
export declare function scenarios(): Array<[string, string]>

/** The update of a reading, the outcome if there is one, and the seconds until the next reading if the wait continues. */
export type Step = [Update, Update | null, number | null]

/** An update of a wait, or its outcome: its JSON, in which the status is empty, and the status. */
export type Update = [string, Status | null]

/** How a wait for several images ended: its JSON, in which the status of each image is empty, and the statuses. */
export type CombinedOutcome = [string, (Status | null)[]]

/** Returns the version of this module, which must be the version of the package. */
export declare function version(): string
