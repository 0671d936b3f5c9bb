/** The arguments of a wait, for the native module. */

import { idsOf, nativeBaseline, type Baseline } from './baseline.js';
import { array, checkKeys, refused } from './codec.js';
import type { ImageRef } from '../generated/models.js';
import { Policy, policy, type PolicyOptions } from '../generated/options.js';
import type { Native } from '../native.js';

/** @internal Returns the arguments of a wait. The native module checks the options of the policy, and ignores all others. */
export function waitArguments(image: ImageRef, baseline: Baseline | undefined, options: PolicyOptions): Native.Wait {
  return [idsOf(image), policyJson(options), baseline === undefined ? undefined : nativeBaseline(baseline)];
}

/** @internal Returns the arguments of a wait for several images, as {@link waitArguments} does. */
export function waitAllArguments(images: readonly ImageRef[], baselines: readonly Baseline[] = [], options: PolicyOptions): Native.WaitAll {
  return [array.encode('images', images).map(idsOf), policyJson(options), array.encode('baselines', baselines).map(nativeBaseline)];
}

function policyJson(options: PolicyOptions): string {
  return JSON.stringify(policy.encode('policy', given(options)));
}

/** @internal Returns the options of a policy, with those that are passed beside a policy in their place. */
export function combined(options: PolicyOptions): PolicyOptions {
  return given(checkKeys('option of a wait', options, ['policy', ...Object.keys(policy.fields)]));
}

function given(options: PolicyOptions): PolicyOptions {
  const base: unknown = options.policy;
  if (base !== undefined && !(base instanceof Policy)) throw refused('policy', base, 'a Policy');
  const beside = Object.entries(options).filter(([name, value]) => name in policy.fields && value !== undefined);
  return { ...base, ...Object.fromEntries(beside) };
}
