/** The status before a rollout. */

import { nullable, refused, text } from './codec.js';
import { baseline, imageRef, type BaselineFields, type BaselineJson, type ImageRef } from '../generated/models.js';
import type { Native } from '../native.js';
import { ImageStatus } from './status.js';

/**
 * An image status from before a rollout. A wait uses it to tell the counts of the new version from those of the old one.
 *
 * Frozen. `JSON.stringify` returns the JSON that `clanforge wait --since` reads.
 */
export interface Baseline extends BaselineFields {}
export class Baseline {
  /** @throws {ConfigurationError} if the image has no IDs, or the status is not an {@link ImageStatus}. */
  constructor(image: ImageRef, status: ImageStatus, takenAt: string | null = null) {
    Object.assign(this, { image: imageRef.decode('image', imageRef.check('image', image)) });
    Object.assign(this, { status: ImageStatus.check('status', status), takenAt: nullable(text).encode('takenAt', takenAt) });
    Object.freeze(this);
  }

  /**
   * Parses a baseline from JSON text, or from an object as {@link toJSON} returns it.
   *
   * @throws {ConfigurationError} if the data is not a baseline.
   * @throws {DecodeError} if its status is not an image status.
   */
  static fromJSON(data: string | BaselineJson): Baseline {
    return baseline.decode('baseline', data);
  }

  /** Returns the baseline as an object in the JSON format of the command. */
  toJSON(): BaselineJson {
    return baseline.encode('baseline', this) as BaselineJson;
  }
}

baseline.prototype = Baseline.prototype;

/** @internal Returns a baseline in the form that the native module takes. */
export function nativeBaseline(baseline: Baseline): Native.Baseline {
  if (!(baseline instanceof Baseline)) throw refused('baseline', baseline, 'a Baseline; create one with Baseline.fromJSON');
  return [idsOf(baseline.image), baseline.status.handle, baseline.takenAt];
}

/** @internal Returns the account service ID and the image ID. */
export function idsOf(image: ImageRef): Native.Image {
  return Object.values(imageRef.check('image', image)) as Native.Image;
}
