/** The service, played within the process over real HTTP: for the tests of scripts that use it. */

import { known, shown, text, whole } from './checks.js';
import { Client, merged, type ClientSettings } from './client.js';
import { ConfigurationError, guarded, milliseconds } from './errors.js';
import type * as Native from '../native';
import { native } from './native.js';

/** How the service is played. */
export interface SimulateOptions {
  /** How many times faster than the clock the rollout runs: 1 by default. */
  readonly speed?: number | undefined;
  /** The port on 127.0.0.1; by default the system chooses one. */
  readonly port?: number | undefined;
  /** The only account service that is known; every one by default. */
  readonly accountServiceId?: number | undefined;
  /** The only image that is known; every one by default. */
  readonly imageId?: number | undefined;
}

/** A simulator that plays until it is closed; it keeps no process alive. */
export class Simulation {
  readonly #native: Native.Simulator;
  /** Its address. */
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
    [this.url = '', this.accessKey = '', this.secretKey = '', this.token = ''] = handle.access();
  }

  /** The environment variables that point a client, or the command, at it. */
  get environment(): Readonly<Record<string, string>> {
    return Object.freeze({
      CLANFORGE_BASE_URL: this.url,
      CLANFORGE_ACCESS_KEY: this.accessKey,
      CLANFORGE_SECRET_KEY: this.secretKey,
    });
  }

  /** How many requests have come. */
  get requests(): number {
    return guarded(() => this.#native.requests());
  }

  /** How many connections are open. */
  get openConnections(): number {
    return guarded(() => this.#native.openConnections());
  }

  /** How far the rollout is, in milliseconds of its own time; its clock starts with the first request. */
  get rolloutMs(): number {
    return milliseconds(guarded(() => this.#native.rolloutSeconds()));
  }

  /** Returns a client of it. */
  client(settings: ClientSettings = {}): Client {
    const { url: baseUrl, accessKey, secretKey } = this;
    return new Client(merged({ baseUrl, accessKey, secretKey }, settings));
  }

  /** Stops playing. */
  close(): void {
    guarded(() => this.#native.close());
  }

  /** As {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Plays the service on a loopback port until the simulation is closed: a scenario that ships, see {@link scenarios}, or that
 * of a file by its path.
 *
 * @throws {ConfigurationError} where the scenario or the speed cannot be played, or the port cannot be had.
 */
export function simulate(scenario = 'happy', options: SimulateOptions = {}): Simulation {
  known('option of a simulation', options, ['speed', 'port', 'accountServiceId', 'imageId']);
  const { speed = 1, port = 0, accountServiceId, imageId } = options;
  text('scenario', scenario);
  if (typeof speed !== 'number') throw new ConfigurationError(`invalid speed ${shown(speed)}: a number`);
  if (whole('port', port) > 65535) throw new ConfigurationError(`invalid port ${port}: at most 65535`);
  const ids = [accountServiceId, imageId].map((id, index) =>
    id === undefined ? undefined : whole(index === 0 ? 'accountServiceId' : 'imageId', id),
  );
  return new Simulation(guarded(() => new native.Simulator(scenario, speed, port, ids[0], ids[1])));
}

/** Returns the scenarios that ship: what each shows, by its name. */
export function scenarios(): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(native.scenarios() as [string, string][]));
}
