import { assert } from "@trato/base";

/**
 * How long things lasted, or have lasted so far: arrays of one length, in one unit (days, kilometres, washes).
 */
export type Lives = {
  /** The age at which each failed, or was last seen working; above 0. */
  readonly end: Float64Array;
  /** 1 when it failed then, 0 when it was still working. */
  readonly failed: Uint8Array;
  /** The age at which each came under observation; default 0. Whoever comes late is not counted before. */
  readonly start?: Float64Array;
  /** How many lives each row stands for; default 1. */
  readonly times?: Float64Array;
};

/** Throws, naming what is wrong, when the arrays are not lives. Cost: one pass. */
export function checkLives({ end, failed, start, times }: Lives): void {
  assert(failed.length === end.length, "every life says whether it failed");
  assert(start === undefined || start.length === end.length, "every life has a start, or none has");
  assert(times === undefined || times.length === end.length, "every row says how many lives, or none does");
  for (let i = 0; i < end.length; i++) {
    assert(end[i]! > 0 && end[i]! < Number.POSITIVE_INFINITY, "a life ends above 0");
    assert(failed[i] === 0 || failed[i] === 1, "failed is 0 or 1");
    assert(start === undefined || (start[i]! >= 0 && start[i]! < end[i]!), "a life starts before its end");
    assert(times === undefined || times[i]! > 0, "a row stands for a life or more");
  }
  if (!failed.some((one) => one === 1)) throw new Error("Nothing failed: there is no hazard to learn.");
}

/** How many lives row `i` stands for. */
export function livesOf({ times }: Lives, i: number): number {
  return times?.[i] ?? 1;
}
