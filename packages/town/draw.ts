import { type Chance, normal } from "@trato/base";

/** True in this share (0 to 1) of the draws. */
export function happens(draw: Chance, share: number): boolean {
  return draw() < share;
}

export function between(draw: Chance, low: number, high: number): number {
  return low + (high - low) * draw();
}

/** A draw whose logarithm is normal: half of them lie below `median`; `sigma` is the deviation of the logarithm. */
export function logNormal(draw: Chance, { median, sigma }: { median: number; sigma: number }): number {
  return median * Math.exp(sigma * normal(draw));
}

/** One of the options, each as likely as its weight says. Weights are not all zero. */
export function pickWeighted<T>(draw: Chance, options: readonly (readonly [option: T, weight: number])[]): T {
  let left = draw() * options.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [option, weight] of options) {
    left -= weight;
    if (left < 0) return option;
  }
  return options.at(-1)![0];
}

/** Up to `count` of the list, none twice, in chance sequence. */
export function pickSome<T>(draw: Chance, from: readonly T[], count: number): T[] {
  const left = [...from];
  const picked: T[] = [];
  while (picked.length < count && left.length > 0) {
    picked.push(...left.splice(Math.floor(draw() * left.length), 1));
  }
  return picked;
}
