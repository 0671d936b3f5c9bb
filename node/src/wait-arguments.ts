/** What the native module needs to know of a wait. */

import { Baseline } from './baseline.js';
import { refused } from './codec.js';
import { callNative } from './errors.js';
import { imageRef, type ImageRef } from './generated/models.js';
import { policy, type PolicyOptions } from './generated/options.js';
import type * as Native from '../native';
import { native } from './native.js';
import { combined } from './policy.js';

type WaitArguments = ConstructorParameters<typeof Native.Monitor>;

/** @internal Calls the native module with the arguments of a wait, which it checks. */
export function withWaitArguments<T>(
  image: ImageRef,
  baseline: Baseline | undefined,
  options: PolicyOptions,
  run: (...wait: WaitArguments) => T,
): T {
  if (baseline !== undefined && !(baseline instanceof Baseline)) {
    throw refused('baseline', baseline, 'a Baseline; create one with Baseline.fromJSON');
  }
  const json = JSON.stringify(policy.encode('policy', combined(options)));
  return policy.call(() => run(idsOf(image), json, baseline && idsOf(baseline.image), baseline?.status.handle, baseline?.takenAt ?? undefined));
}

/** @internal Emits what makes a baseline doubtful as warnings of the process. */
export function warnOf({ image, status }: Baseline): void {
  emitWarnings(image, callNative(() => native.baselineWarnings(idsOf(image), status.handle)));
}

/** @internal Emits warnings of the process. */
export function emitWarnings({ accountServiceId, imageId }: ImageRef, warnings: readonly string[]): void {
  for (const warning of warnings) {
    process.emitWarning(`image ${imageId} of account service ${accountServiceId}: ${warning}`, 'ClanforgeWarning');
  }
}

function idsOf(image: ImageRef): Native.Image {
  return Object.values(imageRef.check('image', image)) as Native.Image;
}
