/** The arguments of a wait, for the native module. */

import { requestOptionNames, type WaitOptions } from '../generated/calls.js';
import type { ImageRef } from '../generated/models.js';
import { policy, type PolicyOptions } from '../generated/options.js';
import { idsOf, nativeBaseline, type Baseline } from '../models/baseline.js';
import { array } from '../models/codec.js';
import type { Native } from '../native.js';

/** @internal Returns the arguments of a wait. Takes the options of the policy from `options`, and ignores the others. */
export function waitArguments(image: ImageRef, baseline: Baseline | undefined, options: PolicyOptions): Native.Wait {
  return [idsOf(image), policyJson(options), baseline === undefined ? undefined : nativeBaseline(baseline)];
}

/** @internal Returns the images of a wait for several, its policy, and the options of its requests and files. */
export function waitAllArguments(images: readonly ImageRef[], options: WaitOptions): Native.RolloutWait {
  return [array.encode('images', images).map(idsOf), policyJson(options), requestOptions(options)];
}

/** @internal Returns the options of the requests and files of a wait, in JSON. */
export function requestOptions(options: WaitOptions): string {
  return JSON.stringify(options, requestOptionNames);
}

function policyJson(options: PolicyOptions): string {
  return JSON.stringify(policy.encode('policy', policy.combined(options)));
}
