import { assert } from "@trato/base";
import type { Lives } from "./lives.ts";

/**
 * How often, of two of whom one surely failed before the other, the earlier was given the higher risk; equal risks
 * count half. 0.5 is chance. Pairs that failed at one age are left out.
 *
 * Cost: lives², some ten million pairs a second. Source: Harrell et al., "Evaluating the yield of medical tests",
 * 1982. Not for tens of thousands of lives: take some of them.
 */
export function concordance({ end, failed }: Lives, risks: ArrayLike<number>): number {
  assert(risks.length === end.length, "every life has a risk");
  let [right, pairs] = [0, 0];
  for (let i = 0; i < end.length; i++) {
    if (failed[i] === 0) continue;
    for (let j = 0; j < end.length; j++) {
      const isLater = end[j]! > end[i]! || (end[j] === end[i] && failed[j] === 0);
      if (!isLater) continue;
      pairs++;
      right += risks[i]! > risks[j]! ? 1 : risks[i] === risks[j] ? 0.5 : 0;
    }
  }
  assert(pairs > 0, "two lives can be compared");
  return right / pairs;
}
