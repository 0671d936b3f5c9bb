/** Recordings of waits, as a wait writes them with `record` and the command with `--record` or `--output jsonl`. */

import { readFile } from 'node:fs/promises';
import { Baseline } from './baseline.js';
import { text } from './codec.js';
import { callNative } from '../errors.js';
import { updateFromJSON, type ImageRef, type Update, type UpdateJson } from '../generated/models.js';
import { Policy } from '../generated/options.js';
import { native } from '../native.js';

/** A wait that was recorded. */
export interface RecordedWait {
  /** The ID of the wait, by which the recording tells waits apart. */
  readonly wait: string;
  /** When the wait began. */
  readonly time: Date;
  /** The image. */
  readonly image: ImageRef;
  /** The options by which the wait decided. */
  readonly policy: Policy;
  /** The status before the rollout; `undefined` if the wait had none. */
  readonly baseline: Baseline | undefined;
  /** The updates; the last is the outcome, unless the wait was interrupted or ended with an error. */
  readonly updates: readonly Update[];
}

/**
 * Returns a report of the waits of a recording: an HTML page without scripts, an SVG image, or Markdown.
 *
 * Rejects with a {@link ConfigurationError} if the file is not a recording or the format is unknown, and with a system error of
 * Node if the file cannot be read.
 */
export async function report(file: string, format: 'html' | 'svg' | 'md' = 'html'): Promise<string> {
  text.encode('format', format);
  const recording = await readFile(file, 'utf8');
  return callNative(() => native.report(recording, format));
}

/**
 * Returns the waits of a recording, in the order in which they began. An incomplete last line, which a process leaves if it is
 * killed, is ignored with a `ClanforgeWarning`.
 *
 * Rejects with a {@link ConfigurationError} if the file is not a recording, and with a system error of Node if it cannot be read.
 */
export async function readRecording(file: string): Promise<readonly RecordedWait[]> {
  const text = await readFile(file, 'utf8');
  const { waits, warnings }: { waits: { header: any; updates: UpdateJson[] }[]; warnings: string[] } = JSON.parse(
    callNative(() => native.parseRecording(text)),
  );
  for (const warning of warnings) process.emitWarning(`${file}: ${warning}`, 'ClanforgeWarning');
  return waits.map(({ header, updates }) => ({
    wait: header.wait,
    time: new Date(header.time),
    image: { accountServiceId: header.image.account_service_id, imageId: header.image.image_id },
    policy: Policy.fromJSON(header.policy),
    baseline: header.baseline ? Baseline.fromJSON(header.baseline) : undefined,
    updates: updates.map((update) => updateFromJSON(update)),
  }));
}
