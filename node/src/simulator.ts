/** The simulator: a fake service in your process that serves real HTTP, to test your scripts against. */

import { count, plain } from './models/codec.js';
import { Client } from './client/client.js';
import { callNative } from './errors.js';
import { simulateOptions, type SimulateOptions } from './generated/calls.js';
import { SimulationMethods } from './generated/simulation.js';
import { native, type Native } from './native.js';
import { mergeSettings, type ClientSettings } from './client/settings.js';

/** The name of a built-in scenario (see {@link scenarios}), the path of a scenario file, or a scenario as an object. */
export type Scenario = string | Readonly<Record<string, unknown>>;

const source = plain(
  'the name of a built-in scenario, the path of a scenario file, or a scenario as an object',
  (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
);

/** A simulator, which {@link simulate} starts and which runs until it is closed. It does not keep the process alive. */
export class Simulation extends SimulationMethods {
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
    super();
    this.#native = handle;
    this.environment = Object.freeze(handle.environment());
    this.token = handle.token();
  }

  /** @internal Calls a control endpoint of the simulation, and returns its response. */
  control(method: 'GET' | 'POST', endpoint: string): any {
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
  const byImage = Object.entries(images ?? {}).map(([id, each]) => [count.encode('image ID', Number(id)), source.encode(`images[${id}]`, each)]);
  const json = JSON.stringify({ ...others, scenario: source.encode('scenario', scenario), images: Object.fromEntries(byImage) });
  return new Simulation(callNative(() => new native.Simulator(json)));
}

/** Returns the description of each built-in scenario, by its name. */
export function scenarios(): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(native.scenarios()));
}
