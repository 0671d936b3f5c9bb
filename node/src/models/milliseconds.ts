/** @internal Converts seconds to milliseconds, rounded to the microsecond. */
export function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e3;
}
