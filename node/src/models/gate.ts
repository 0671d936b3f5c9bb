/** What a gate does. */

import { callNative } from '../errors.js';
import { verdictFromJSON, type Verdict } from '../generated/models.js';
import { native } from '../native.js';
import { ImageStatus } from './status.js';

/** The methods of a gate. */
export abstract class GateMethods {
  /** Whether the gate needs a status with detail. */
  get needsDetail(): boolean {
    return callNative(() => native.gateNeedsDetail(JSON.stringify(this)));
  }

  /** Returns the verdict of the gate on a status. */
  evaluate(status: ImageStatus): Verdict {
    const { handle } = ImageStatus.check('status', status);
    return verdictFromJSON(callNative(() => native.evaluate(JSON.stringify(this), handle)));
  }
}
