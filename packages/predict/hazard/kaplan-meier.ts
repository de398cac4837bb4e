import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { normalQuantile } from "../numbers/normal.ts";
import { checkLives, type Lives, livesOf } from "./lives.ts";

/**
 * Survival without any assumption: at each age at which something failed, the share of those still there that did
 * not. Rows that are still working count as long as they were seen.
 *
 * Cost: a sort. Sources: Kaplan, Meier 1958; Greenwood 1926 for the variance, in the log-minus-log scale so that
 * intervals stay within 0 and 1. Not beyond the oldest life seen: it stays flat there and says nothing.
 */
export type KaplanMeier = {
  /** The ages at which something failed, ascending, and the share that outlasted each. */
  readonly ages: Float64Array;
  readonly survivals: Float64Array;
  survival(age: number): number;
  interval(age: number, level?: number): { low: number; high: number };
  /** The first age by which a share `failed` of them has failed; Infinity when so many never did. */
  ageOf(failed: number): number;
  toBytes(): Uint8Array;
};

const magic = "TrKapMei";
const version = 1;

/** Throws when nothing failed. */
export function fitKaplanMeier(lives: Lives): KaplanMeier {
  checkLives(lives);
  const { end, failed, start } = lives;
  const byEnd = Int32Array.from(end.keys()).sort((a, b) => end[a]! - end[b]!);
  const byStart = byEnd.slice().sort((a, b) => (start?.[a] ?? 0) - (start?.[b] ?? 0));
  const [ages, survivals, spreads]: [number[], number[], number[]] = [[], [], []];
  let [entered, left, alive, spread] = [0, 0, 1, 0];
  let atRisk = 0;
  while (left < byEnd.length) {
    const age = end[byEnd[left]!]!;
    for (; entered < byStart.length && (start?.[byStart[entered]!] ?? 0) < age; entered++) {
      atRisk += livesOf(lives, byStart[entered]!);
    }
    let [deaths, gone] = [0, 0];
    for (; left < byEnd.length && end[byEnd[left]!] === age; left++) {
      const row = byEnd[left]!;
      gone += livesOf(lives, row);
      if (failed[row] === 1) deaths += livesOf(lives, row);
    }
    if (deaths > 0) {
      alive *= 1 - deaths / atRisk;
      spread += deaths / (atRisk * (atRisk - deaths));
      ages.push(age);
      survivals.push(alive);
      spreads.push(spread);
    }
    atRisk -= gone;
  }
  return kaplanMeierFrom(Float64Array.from(ages), Float64Array.from(survivals), Float64Array.from(spreads));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function kaplanMeierFromBytes(bytes: Uint8Array): KaplanMeier {
  const [ages, survivals, spreads] = readArrays(magic, version, bytes);
  assert(
    ages instanceof Float64Array && survivals instanceof Float64Array && spreads instanceof Float64Array,
    "a Kaplan–Meier model's arrays are doubles",
  );
  assert(ages.length === survivals.length && ages.length === spreads.length, "every age has a survival");
  return kaplanMeierFrom(ages, survivals, spreads);
}

function kaplanMeierFrom(ages: Float64Array, survivals: Float64Array, spreads: Float64Array): KaplanMeier {
  /** The last age not above this one. */
  const rowAt = (age: number) => {
    let [low, high] = [0, ages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ages[middle]! <= age) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  return {
    ages,
    survivals,
    survival: (age) => survivals[rowAt(age)] ?? 1,
    interval(age, level = 0.95) {
      const row = rowAt(age);
      const alive = survivals[row] ?? 1;
      // At both ends there is no spread to speak of.
      if (row < 0 || alive <= 0) return { low: alive, high: alive };
      const away = (normalQuantile((1 + level) / 2) * Math.sqrt(spreads[row]!)) / Math.log(alive);
      return { low: alive ** Math.exp(-away), high: alive ** Math.exp(away) };
    },
    ageOf(share) {
      const row = survivals.findIndex((alive) => 1 - alive >= share);
      return row === -1 ? Number.POSITIVE_INFINITY : ages[row]!;
    },
    toBytes: () => writeArrays(magic, version, [ages, survivals, spreads]),
  };
}
