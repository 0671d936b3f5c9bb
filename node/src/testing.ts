/** Simulations for tests of deploy scripts, with node:test, Vitest, Jest and others. */

import { ConfigurationError } from './errors.js';
import type { SimulateOptions } from './generated/calls.js';
import { simulate, type Scenario, type Simulation } from './simulator.js';

export type { SimulateOptions } from './generated/calls.js';
export type { ReceivedRequest } from './generated/simulation.js';
export type { Scenario, Simulation } from './simulator.js';

/** The functions of a test framework that run code before and after each test. */
export interface TestHooks {
  beforeEach(run: () => void): unknown;
  afterEach(run: () => void): unknown;
}

/**
 * Runs a function with a simulation, and with its environment variables in `process.env`: clients without settings of their own
 * use the simulation, and their waits do not sleep.
 *
 * Rejects with a {@link ConfigurationError} while another simulation has replaced the environment of the process.
 */
export async function withSimulation<T>(
  run: (service: Simulation) => T | Promise<T>,
  scenario?: Scenario,
  options?: SimulateOptions,
): Promise<T> {
  using active = start(scenario, options);
  return await run(active.service);
}

/**
 * Starts a simulation before each test, as {@link withSimulation} does, and stops it afterwards. Returns a function that returns
 * the simulation of the current test.
 *
 *     import { afterEach, beforeEach, test } from 'node:test';
 *     const service = useSimulation({ beforeEach, afterEach }, 'failures-stay');
 *     test('a failed rollout is not released', async () => { …; service().requests });
 */
export function useSimulation(hooks: TestHooks, scenario?: Scenario, options?: SimulateOptions): () => Simulation {
  let current: ReturnType<typeof start> | undefined;
  hooks.beforeEach(() => {
    current = start(scenario, options);
  });
  hooks.afterEach(() => {
    current?.[Symbol.dispose]();
    current = undefined;
  });
  return () => {
    if (current === undefined) throw new Error('no test is running: a simulation exists only during a test');
    return current.service;
  };
}

/** Whether a simulation has replaced the environment. */
let isActive = false;

function start(scenario?: Scenario, options?: SimulateOptions): Disposable & { readonly service: Simulation } {
  if (isActive) {
    throw new ConfigurationError('another simulation has replaced the environment of this process: run tests with simulations one after another');
  }
  const service = simulate(scenario, options);
  const before = replaceVariables(service.environment);
  isActive = true;
  const stop = (): void => {
    replaceVariables(before);
    isActive = false;
    service.close();
  };
  return { service, [Symbol.dispose]: stop };
}

/** Replaces the environment variables of clanforge, and returns those from before. */
function replaceVariables(variables: object): object {
  const before = Object.entries(process.env).filter(([name]) => name.startsWith('CLANFORGE_'));
  for (const [name] of before) delete process.env[name];
  Object.assign(process.env, variables);
  return Object.fromEntries(before);
}
