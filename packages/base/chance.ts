import { assert } from "./assert.ts";

/** Draws in [0, 1). Seeded, so that a run can be repeated; not for secrets. */
export type Chance = () => number;

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, 32-bit output, about 1 ns a draw.
 * The same seed gives the same draws on every machine.
 */
export function chance(seed: number): Chance {
  assert(Number.isSafeInteger(seed), "a seed is a safe integer");
  let a = 0x9e3779b9;
  let b = seed >>> 0;
  let c = Math.floor(seed / 2 ** 32) >>> 0;
  let counter = 1;
  const draw = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    c |= 0;
    return (out >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) draw();
  return draw;
}

/** A whole number in [0, below). */
export function pickInt(draw: Chance, below: number): number {
  return Math.floor(draw() * below);
}

/** One of the list, each as likely. */
export function pick<T>(draw: Chance, from: readonly T[]): T {
  assert(from.length > 0, "there is something to pick from");
  return from[pickInt(draw, from.length)] as T;
}

/** A draw from the normal distribution with mean 0 and deviation 1 (Box-Muller). */
export function normal(draw: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}
