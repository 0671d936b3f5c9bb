/** The gate, and the policy of a wait. */

import { idsOf, nativeBaseline, type Baseline } from './baseline.js';
import { checkKeys, items, refused } from './codec.js';
import { callNative } from '../errors.js';
import { verdictFromJSON, type ImageRef, type Verdict } from '../generated/models.js';
import { gate, policy, type GateFields, type GateJson, type GateOptions } from '../generated/options.js';
import type { PolicyFields, PolicyJson, PolicyOptions } from '../generated/options.js';
import { native, type Native } from '../native.js';
import { ImageStatus } from './status.js';

/** Your definition of ready: a limit for each of the three counts, and the scopes that they apply to. Frozen. */
export interface Gate extends GateFields {}
export class Gate {
  /** @throws {ConfigurationError} if a value is invalid; the message names it. */
  constructor(options: GateOptions = {}) {
    gate.fill(this, options);
  }

  /**
   * Parses a gate from JSON text, or from an object as {@link toJSON} returns it. Missing fields have their defaults.
   *
   * @throws {ConfigurationError} if a field is unknown, or its value is invalid.
   */
  static fromJSON(data: string | GateJson): Gate {
    return gate.fromJSON(data);
  }

  /** Whether the gate needs a status with detail. */
  get needsDetail(): boolean {
    return callNative(() => native.gateNeedsDetail(JSON.stringify(this)));
  }

  /** Returns the verdict of the gate on a status. */
  evaluate(status: ImageStatus): Verdict {
    const { handle } = ImageStatus.check('status', status);
    return verdictFromJSON(callNative(() => native.evaluate(JSON.stringify(this), handle)));
  }

  /** Returns every field in the JSON format of the command. */
  toJSON(): Required<GateJson> {
    return gate.encode('gate', this) as Required<GateJson>;
  }
}

/** The options by which a wait decides, checked. Frozen. */
export interface Policy extends PolicyFields {}
export class Policy {
  /** @throws {ConfigurationError} if an option is invalid, or options contradict each other; the message names them. */
  constructor(options: PolicyOptions = {}) {
    policy.fill(this, combined(checkPolicyOptions(options)));
  }

  /**
   * Parses a policy from JSON text, or from an object as {@link toJSON} returns it. Missing fields have their defaults.
   *
   * @throws {ConfigurationError} if a field is unknown or invalid, or fields contradict each other.
   */
  static fromJSON(data: string | PolicyJson): Policy {
    return policy.fromJSON(data);
  }

  /** Returns every field in the JSON format of the command; durations are in seconds. */
  toJSON(): Required<PolicyJson> {
    return policy.encode('policy', this) as Required<PolicyJson>;
  }
}

gate.prototype = Gate.prototype;
policy.prototype = Policy.prototype;

/** @internal Checks that there are no other options than those of a policy. */
export function checkPolicyOptions(options: PolicyOptions): PolicyOptions {
  return checkKeys('option of a wait', options, ['policy', ...Object.keys(policy.fields)]);
}

/** @internal Returns the arguments of a wait. The native module checks them. */
export function waitArguments(image: ImageRef, baseline: Baseline | undefined, options: PolicyOptions): Native.Wait {
  return [idsOf(image), policyJson(options), baseline === undefined ? undefined : nativeBaseline(baseline)];
}

/** @internal Returns the arguments of a wait for several images. The native module checks them. */
export function waitAllArguments(images: readonly ImageRef[], baselines: readonly Baseline[] = [], options: PolicyOptions): Native.WaitAll {
  return [items('images', images).map(idsOf), policyJson(options), items('baselines', baselines).map(nativeBaseline)];
}

function policyJson(options: PolicyOptions): string {
  return JSON.stringify(policy.encode('policy', combined(options)));
}

/** Returns the options of the policy among these, with those that are passed beside a policy in their place. */
function combined(options: PolicyOptions): PolicyOptions {
  const base: unknown = options.policy;
  if (base !== undefined && !(base instanceof Policy)) throw refused('policy', base, 'a Policy');
  const given = Object.entries(options).filter(([name, value]) => name in policy.fields && value !== undefined);
  return { ...base, ...Object.fromEntries(given) };
}
