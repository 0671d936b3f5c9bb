/** The simulator: a fake service in your process that serves real HTTP, to test your scripts against. */

import { count, duration, plain } from './models/codec.js';
import { Client } from './client/client.js';
import { callNative } from './errors.js';
import { simulateOptions, type SimulateOptions } from './generated/calls.js';
import { toMilliseconds } from './models/milliseconds.js';
import { native, type Native } from './native.js';
import { mergeSettings, type ClientSettings } from './client/settings.js';

/** The name of a built-in scenario (see {@link scenarios}), the path of a scenario file, or a scenario as an object. */
export type Scenario = string | Readonly<Record<string, unknown>>;

/** A request that a simulator received. */
export interface ReceivedRequest {
  /** When it arrived, in milliseconds of simulated time. */
  readonly timeMs: number;
  /** Its HTTP method. */
  readonly method: string;
  /** Its path and query. */
  readonly target: string;
}

/** A simulator, which {@link simulate} starts and which runs until it is closed. It does not keep the process alive. */
export class Simulation {
  readonly #native: Native.Simulator;
  /**
   * The environment variables that make a client or the command use the simulator. With them, or in this process, a wait does not
   * sleep: it advances the clock of the simulation instead.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** The bearer token that it accepts. */
  readonly token: string;

  /** @internal */
  constructor(handle: Native.Simulator) {
    this.#native = handle;
    this.environment = Object.freeze(handle.environment());
    this.token = handle.token();
  }

  /** The base URL. */
  get url(): string {
    return this.environment['CLANFORGE_BASE_URL'] ?? '';
  }

  /** The access key that it accepts. */
  get accessKey(): string {
    return this.environment['CLANFORGE_ACCESS_KEY'] ?? '';
  }

  /** The secret key that it accepts. */
  get secretKey(): string {
    return this.environment['CLANFORGE_SECRET_KEY'] ?? '';
  }

  /** The number of requests received. */
  get requests(): number {
    return this.#control('GET', '').requests;
  }

  /** The last 1,000 requests, the oldest first. */
  get received(): readonly ReceivedRequest[] {
    const received: { seconds: number; method: string; target: string }[] = this.#control('GET', '/requests');
    return received.map(({ seconds, ...request }) => ({ timeMs: toMilliseconds(seconds), ...request }));
  }

  /** The number of open connections. */
  get openConnections(): number {
    return callNative(() => this.#native.openConnections());
  }

  /** The simulated time, in milliseconds since the start of the simulation. */
  get nowMs(): number {
    return toMilliseconds(this.#control('GET', '').seconds);
  }

  /**
   * Starts the rollout of an image, or of every image. Without this call, the rollout of an image starts with the next request
   * after the first status, which is taken for the baseline.
   */
  startRollout(imageId?: number): void {
    this.#control('POST', imageId === undefined ? '/start-rollout' : `/start-rollout?image=${count.encode('imageId', imageId)}`);
  }

  /** Advances the clock of the simulation. */
  advance(milliseconds: number): void {
    this.#control('POST', `/advance?seconds=${duration.encode('milliseconds', milliseconds)}`);
  }

  /** Responds to the next `requests` requests with an HTTP error. */
  failNext(requests = 1, status = 503): void {
    this.#control('POST', `/fail-next?count=${count.encode('requests', requests)}&status=${count.encode('status', status)}`);
  }

  /** Resets every connection for this long, in milliseconds of simulated time. */
  outage(milliseconds: number): void {
    this.#control('POST', `/outage?seconds=${duration.encode('milliseconds', milliseconds)}`);
  }

  #control(method: string, endpoint: string): any {
    return JSON.parse(callNative(() => this.#native.control(method, endpoint)));
  }

  /** Returns a client for the simulator, whose waits skip time. */
  client(settings: ClientSettings = {}): Client {
    const { url: baseUrl, accessKey, secretKey } = this;
    return new Client(mergeSettings({ baseUrl, accessKey, secretKey }, settings));
  }

  /** Stops the simulator. */
  close(): void {
    this.#native.close();
  }

  /** Calls {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Starts a simulator on a loopback port. It runs until the simulation is closed.
 *
 * Its clock runs in real time until one of these moves it: a wait in this process, a wait in a process that has the variables of
 * {@link Simulation.environment}, or a method of the simulation. From then on, only these move it.
 *
 * @throws {ConfigurationError} if a scenario or the speed is invalid, or the port is not available.
 */
export function simulate(scenario: Scenario = 'happy', options: SimulateOptions = {}): Simulation {
  const { images, ...others } = simulateOptions.check('options', options, 'option of a simulation');
  const byImage = Object.entries(images ?? {}).map(([id, each]) => [count.encode('image ID', Number(id)), checkScenario(`images[${id}]`, each)]);
  const json = JSON.stringify({ ...others, scenario: checkScenario('scenario', scenario), images: Object.fromEntries(byImage) });
  return new Simulation(callNative(() => new native.Simulator(json)));
}

const scenarioName = plain(
  'the name of a built-in scenario, the path of a scenario file, or a scenario as an object',
  (value) => typeof value === 'string',
);

function checkScenario(name: string, scenario: unknown): unknown {
  if (typeof scenario === 'object' && scenario !== null) return scenario;
  return scenarioName.encode(name, scenario);
}

/** Returns the description of each built-in scenario, by its name. */
export function scenarios(): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(native.scenarios()));
}
