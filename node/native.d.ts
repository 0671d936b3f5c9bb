/** What the native half is, for the TypeScript over it; `bindings/node` says the rest. */

/** The client, of both kinds. */
export declare class Client {
  /** `settings` are JSON. */
  constructor(settings: string)
  /** Returns the status, and blocks until it is there. */
  imageStatus(accountServiceId: number, imageId: number, detail: boolean, timeout?: number | undefined | null, retries?: number | undefined | null): Letter
  /** Starts a call for the status. */
  startImageStatus(mailbox: Mailbox, call: number, accountServiceId: number, imageId: number, detail: boolean, timeout?: number | undefined | null, retries?: number | undefined | null): void
  /** Begins a wait; `policy` is JSON, the baseline an image and its status. */
  watch(accountServiceId: number, imageId: number, policy: string, before: Array<number> | undefined | null, status: Status | undefined | null, detail: boolean, seed?: number | undefined | null): Watch
  /** Gives the connections up; a call after that is refused. */
  close(): void
}

/** The ends of the calls of one JavaScript thread. */
export declare class Mailbox {
  /** `drain` is called when ends have come; it keeps no process alive. */
  constructor(drain: () => void)
  /** Takes every end that has come. */
  take(): Batch
  /** Gives a call the credentials that it asked for, as JSON. */
  give(call: number, keys: string): void
  /** Ends a call, and closes its connection. */
  cancel(call: number): void
  /** Starts a call that panics: see `error::defect`. */
  startDefect(call: number, text: string): void
}

/** Decides from readings. */
export declare class Monitor {
  constructor(accountServiceId: number, imageId: number, policy: string, before?: Array<number> | undefined | null, status?: Status | undefined | null)
  get needsDetail(): boolean
  get hasStarted(): boolean
  observeStatus(elapsed: number, status: Status): Step
  /** `failure` is JSON. */
  observeFailure(elapsed: number, failure: string): Step
}

/** A simulator that plays until it is closed. */
export declare class Simulator {
  constructor(scenario: string, speed: number, port: number, accountServiceId?: number | undefined | null, imageId?: number | undefined | null)
  /** Returns the address, the access key, the secret key and the token. */
  access(): Array<string>
  requests(): number
  openConnections(): number
  rolloutSeconds(): number
  close(): void
}

/** A status; its fleets and regions become objects of JavaScript only where somebody asks for them. */
export declare class Status {
  /** Decodes a body as a client does. */
  static fromJson(body: string | Uint8Array): Status
  /** Returns a status without detail. */
  static ofCounts(pending: number, failed: number, completed: number): Status
  /** Returns pending, failed and completed machines. */
  counts(): Array<number>
  get hasDetail(): boolean
  get percentComplete(): number | null
  get percentText(): string
  get readiness(): string
  get isReady(): boolean
  /** Returns the fleets as JSON, with the names of JavaScript; nothing without detail. */
  fleets(): string | null
  /** Returns every region as a flat row, likewise. */
  regions(): string | null
  failedRegions(): string | null
  pendingRegions(): string | null
  /** Returns where a whole is not the sum of its parts, likewise. */
  mismatches(): string | null
  /** Returns what the command's `-o json` has as `summary`. */
  summary(): string
  /** Returns the status as the service writes it. */
  json(): string
  equals(other: Status): boolean
}

/** The updates of a wait, until it is closed. */
export declare class Watch {
  /** Starts a call for the next update. */
  startNext(mailbox: Mailbox, call: number): void
  /** Ends the waiting, and closes its connection. */
  close(): void
}

/**
 * The ends that have come. Most are statuses without detail, and cross the border at once: an object for each would cost
 * more than all the rest that is done for it there.
 */
export interface Batch {
  /** For each status without detail the number of the call, pending, failed and completed machines. */
  counts: Float64Array
  /** All others. */
  letters: Array<Letter>
}

/** Throws where this is no gate; else returns it with every field. */
export declare function checkGate(gate: string): string

/** Throws where this is no policy; else returns it with every field. */
export declare function checkPolicy(policy: string): string

/** Panics, as a defect would: for the tests, which see what becomes of one in the package as it is installed. */
export declare function defect(text: string): void

/** Returns the verdict as JSON. */
export declare function evaluate(gate: string, status: Status): string

/** What came of a call. One of the fields is there, or none where there was nothing more to tell. */
export interface Letter {
  /** The number of the call. */
  call: number
  /** What went wrong, as JSON. */
  error?: string
  /** Pending, failed and completed machines. */
  counts?: Array<number>
  /** A status with detail, or that of an update. */
  status?: Status
  /** An update, as JSON without its status. */
  update?: string
  /** The call needs credentials, and goes on once it is given them. */
  asked?: boolean
}

/** Runs the command with these arguments, the program's name first, and returns its exit code. */
export declare function main(arguments: Array<string>): number

/** Returns the scenarios that ship: name and description. */
export declare function scenarios(): Array<Array<string>>

/** What a monitor makes of a reading. */
export interface Step {
  /** The update, as JSON without its status. */
  update: string
  /** The update's status. */
  status?: Status
  /** The outcome, likewise. */
  outcome?: string
  /** The outcome's status. */
  outcomeStatus?: Status
  /** Read again after so many seconds. */
  nextReading?: number
}

/** The version of this half, which must be that of the other. */
export declare function version(): string
