/** The simulator: a fake of the service over real HTTP, inside the process, to test your scripts against. */

import { checkProperties, count, integer, number, optional, text } from './codec.js';
import { Client } from './client.js';
import { callNative } from './errors.js';
import { toMilliseconds } from './milliseconds.js';
import { native, type Native } from './native.js';
import { mergeSettings, type ClientSettings } from './settings.js';

/** The options of a simulator. */
export interface SimulateOptions {
  /** The speed of the rollout, as a multiple of real time. Defaults to 1. */
  readonly speed?: number | undefined;
  /** The port on 127.0.0.1. By default, the system chooses a free port. */
  readonly port?: number | undefined;
  /** The only account service that exists. By default, every ID exists. */
  readonly accountServiceId?: number | undefined;
  /** The only image that exists. By default, every ID exists. */
  readonly imageId?: number | undefined;
}

const simulateOptions = {
  speed: optional(number),
  port: optional(integer(0, 65535)),
  accountServiceId: optional(count),
  imageId: optional(count),
};

/** A simulator that runs until it is closed. It does not keep the process alive. */
export class Simulation {
  readonly #native: Native.Simulator;
  /** The base URL. */
  readonly url: string;
  /** The access key that it accepts. */
  readonly accessKey: string;
  /** The secret key that it accepts. */
  readonly secretKey: string;
  /** The bearer token that it accepts. */
  readonly token: string;

  /** @internal */
  constructor(handle: Native.Simulator) {
    this.#native = handle;
    [this.url, this.accessKey, this.secretKey, this.token] = handle.access();
  }

  /** The environment variables that point a client or the command at the simulator. */
  get environment(): Readonly<Record<string, string>> {
    return Object.freeze({
      CLANFORGE_BASE_URL: this.url,
      CLANFORGE_ACCESS_KEY: this.accessKey,
      CLANFORGE_SECRET_KEY: this.secretKey,
    });
  }

  /** The number of requests received. */
  get requests(): number {
    return callNative(() => this.#native.observe())[0];
  }

  /** The number of open connections. */
  get openConnections(): number {
    return callNative(() => this.#native.observe())[1];
  }

  /** The elapsed time of the rollout, in milliseconds. Its clock starts with the first request. */
  get rolloutMs(): number {
    return toMilliseconds(callNative(() => this.#native.observe())[2]);
  }

  /** Returns a client for the simulator. */
  client(settings: ClientSettings = {}): Client {
    const { url: baseUrl, accessKey, secretKey } = this;
    return new Client(mergeSettings({ baseUrl, accessKey, secretKey }, settings));
  }

  /** Stops the simulator. */
  close(): void {
    this.#native.close();
  }

  /** As {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Starts a simulator on a loopback port, with a built-in scenario by its name (see {@link scenarios}), or a file by its path.
 *
 * @throws {ConfigurationError} where the scenario or the speed is invalid, or the port is not available.
 */
export function simulate(scenario = 'happy', options: SimulateOptions = {}): Simulation {
  text.encode('scenario', scenario);
  const { speed = 1, port = 0, accountServiceId, imageId } = checkProperties('option of a simulation', options, simulateOptions);
  return new Simulation(callNative(() => new native.Simulator(scenario, speed, port, accountServiceId, imageId)));
}

/** Returns the description of each built-in scenario, by its name. */
export function scenarios(): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(native.scenarios()));
}
