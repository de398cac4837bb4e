/**
 * Follows one stream of equally spaced values (a store's sales an hour, a site's sessions in five minutes) and
 * says of each, before it learns from it, how strange it is: 0 to 1, 0.5 and more deserves a look. `NaN`, a
 * value that is missing, scores 0 and teaches nothing. Uses what came before and nothing else.
 */
export type Detector = {
  next(value: number): number;
  /** All that it knows, so that it can go on elsewhere. */
  toBytes(): Uint8Array;
};

/** The smallest and largest value so far, and how far beyond them a value lies, as a share of their distance. */
export type Range = { low: number; high: number };

export const noRange = (): Range => ({ low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY });

/** 0 inside the range; infinite beside a range of one point. */
export function excessOf({ low, high }: Range, value: number): number {
  const beyond = Math.max(value - high, low - value);
  return beyond > 0 ? beyond / (high - low) : 0;
}

export function widen(range: Range, value: number): void {
  range.low = Math.min(range.low, value);
  range.high = Math.max(range.high, value);
}

/** From an excess to a score: 0.5 at `tolerance`, nearing 1 far beyond. */
export const scoreOf = (excess: number, tolerance: number): number =>
  excess === Number.POSITIVE_INFINITY ? 1 : excess / (excess + tolerance);
