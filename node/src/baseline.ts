/** The status before a rollout. */

import { nullable, text } from './codec.js';
import { baseline, imageRef, type BaselineFields, type BaselineJson, type ImageRef } from './generated/models.js';
import { ImageStatus } from './status.js';

/**
 * An image status from before a rollout. A wait uses it to tell the counts of the new version from those of the old one.
 *
 * Frozen. `JSON.stringify` returns the JSON that `clanforge wait --since` reads.
 */
export interface Baseline extends BaselineFields {}
export class Baseline {
  /** @throws {ConfigurationError} where the image has no IDs, or the status is not an {@link ImageStatus}. */
  constructor(image: ImageRef, status: ImageStatus, takenAt: string | null = null) {
    const checked = { image: imageRef.copy('image', image), status: ImageStatus.check('status', status) };
    Object.freeze(Object.assign(this, { ...checked, takenAt: nullable(text).encode('takenAt', takenAt) }));
  }

  /**
   * Parses a baseline from JSON text, or from an object as {@link toJSON} returns it.
   *
   * @throws {ConfigurationError} where the data is not a baseline.
   * @throws {DecodeError} where its status is not an image status.
   */
  static fromJSON(data: string | BaselineJson): Baseline {
    return baseline.decode('baseline', data);
  }

  /** Returns the baseline as plain values. */
  toJSON(): BaselineJson {
    return baseline.encode('baseline', this) as BaselineJson;
  }
}

baseline.prototype = Baseline.prototype;
