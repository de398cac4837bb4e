import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type Calibrator, checkOutcomes, type Outcomes } from "./isotonic.ts";

const magic = "TrPlattS";
const version = 1;
const stepsMax = 100;

/**
 * A logistic curve through the outcomes: chance = 1 / (1 + e^−(slope · score + shift)), fitted by Newton's
 * method to targets drawn in a little from 0 and 1, so that separable outcomes stay finite.
 *
 * Cost: some ten passes. Sources: Platt 1999; Lin, Lin and Weng 2007. For raw scores (log-odds), not for
 * chances. Not where the scores bend: take isotonic with some thousand outcomes. Never falls: a score that
 * says the opposite of what came gives everybody the mean.
 */
export function fitPlatt({ scores, came }: Outcomes): Calibrator {
  checkOutcomes({ scores, came });
  let positives = 0;
  for (let i = 0; i < came.length; i++) positives += came[i]!;
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (came.length - positives + 2)];
  const base = (positives + 1) / (came.length + 2);
  const fit = { slope: 0, shift: Math.log(base / (1 - base)) };
  let loss = lossOf({ scores, came }, fit, { high, low });
  for (let step = 0; step < stepsMax; step++) {
    const { slope, shift } = newtonStep({ scores, came }, fit, { high, low });
    let size = 1;
    let next = { slope: fit.slope + slope, shift: fit.shift + shift };
    let nextLoss = lossOf({ scores, came }, next, { high, low });
    while (!(nextLoss <= loss) && size > 1e-10) {
      size /= 2;
      next = { slope: fit.slope + size * slope, shift: fit.shift + size * shift };
      nextLoss = lossOf({ scores, came }, next, { high, low });
    }
    const gained = loss - nextLoss;
    if (!(gained > 0)) break;
    Object.assign(fit, next);
    loss = nextLoss;
    if (gained < 1e-12 * came.length) break;
  }
  if (fit.slope < 0) return plattFrom({ slope: 0, shift: Math.log(base / (1 - base)) });
  return plattFrom(fit);
}

type Line = { readonly slope: number; readonly shift: number };
type Targets = { readonly high: number; readonly low: number };

function lossOf({ scores, came }: Outcomes, { slope, shift }: Line, { high, low }: Targets): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const raw = slope * scores[i]! + shift;
    const target = came[i] === 1 ? high : low;
    sum += Math.log1p(Math.exp(-Math.abs(raw))) + Math.max(raw, 0) - raw * target;
  }
  return sum;
}

function newtonStep({ scores, came }: Outcomes, { slope, shift }: Line, { high, low }: Targets): Line {
  let [a, b, aa, ab, bb] = [0, 0, 1e-12, 0, 1e-12];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    const said = 1 / (1 + Math.exp(-(slope * score + shift)));
    const off = said - (came[i] === 1 ? high : low);
    const weight = said * (1 - said);
    a += off * score;
    b += off;
    aa += weight * score * score;
    ab += weight * score;
    bb += weight;
  }
  const determinant = aa * bb - ab * ab;
  // Scores that are all alike: only the shift can be learnt.
  if (!(determinant > 1e-12 * aa * bb)) return { slope: 0, shift: -b / bb };
  return { slope: (ab * b - bb * a) / determinant, shift: (ab * a - aa * b) / determinant };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function plattFromBytes(bytes: Uint8Array): Calibrator {
  const [line, ...rest] = readArrays(magic, version, bytes);
  assert(line instanceof Float64Array && line.length === 2 && rest.length === 0, "a curve has two numbers");
  const [slope, shift] = line as unknown as [number, number];
  assert(slope >= 0 && Number.isFinite(slope) && Number.isFinite(shift), "the curve does not fall");
  return plattFrom({ slope, shift });
}

function plattFrom({ slope, shift }: Line): Calibrator {
  return {
    chance: (score) => 1 / (1 + Math.exp(-(slope * score + shift))),
    toBytes: () => writeArrays(magic, version, [Float64Array.of(slope, shift)]),
  };
}
