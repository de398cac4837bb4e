import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { lnGamma } from "../numbers/special.ts";
import { likeliest } from "./likelihood.ts";

/** What buyers spent: purchases and their mean value, in one currency; buyers without purchases are passed over. */
export type Spending = { readonly purchases: Float64Array; readonly meanValue: Float64Array };

/**
 * What a buyer spends at a time: values are Gamma(p, ν) about a mean of the buyer's own, ν is Gamma(q, v) over
 * buyers, so that few purchases lean on everybody's mean and many stand for themselves.
 *
 * Cost: to fit, some 500 passes with two logarithms of gammas a buyer; to ask, nothing. Source: Fader, Hardie, "The
 * Gamma-Gamma model of monetary value", 2013. Not where who buys more often also spends more at a time, nor for
 * values of zero or below.
 */
export type GammaGamma = {
  readonly p: number;
  readonly q: number;
  readonly v: number;
  readonly lnLikelihood: number;
  /** The mean value of all buyers; the observed one when the fitted distribution has no mean (q ≤ 1). */
  readonly meanOfAll: number;
  /** The mean value expected of a buyer after so many purchases with this mean; `meanOfAll` after none. */
  expected(purchases: number, meanValue: number): number;
  toBytes(): Uint8Array;
};

const magic = "TrGamGam";
const version = 1;

/** So many buyers show where the top is; then all show exactly where. */
const buyersSome = 10_000;

/** Fits by maximum likelihood; throws when fewer than two buyers have a value. */
export function fitGammaGamma({ purchases, meanValue }: Spending): GammaGamma {
  assert(purchases.length === meanValue.length, "every buyer has purchases and a mean value");
  const rows = [...purchases.keys()].filter((i) => purchases[i]! > 0);
  if (rows.length < 2) throw new Error("Fewer than two buyers with a value: there is no spread to learn.");
  for (const i of rows)
    assert(meanValue[i]! > 0 && meanValue[i]! < Number.POSITIVE_INFINITY, "a value is above 0");
  const mean = rows.reduce((sum, i) => sum + meanValue[i]!, 0) / rows.length;
  const over = (some: readonly number[]) => (at: Float64Array) => {
    const [p, q, v] = at;
    let total = 0;
    for (const i of some) {
      const x = purchases[i]!;
      const px = p! * x;
      const z = meanValue[i]!;
      total += lnGamma(px + q!) - lnGamma(px) - lnGamma(q!) + q! * Math.log(v!) - Math.log(z);
      total += px * Math.log(x * z) - (px + q!) * Math.log(v! + x * z);
    }
    return total;
  };
  const starts = [
    [2, 4, mean],
    [6, 3, mean / 3],
    [1, 10, mean * 5],
  ];
  const stride = Math.ceil(rows.length / buyersSome);
  const ofAll = over(rows);
  const lnLikelihoods = {
    ofAll,
    ofSome: stride === 1 ? ofAll : over(rows.filter((_, i) => i % stride === 0)),
  };
  const ranges = [1, 1, mean].map((size) => ({ size, times: 1e4 }));
  const { at, lnLikelihood } = likeliest(lnLikelihoods, starts, ranges);
  return gammaGammaFrom(at, lnLikelihood, mean);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function gammaGammaFromBytes(bytes: Uint8Array): GammaGamma {
  const [at] = readArrays(magic, version, bytes);
  assert(at instanceof Float64Array && at.length === 5, "a Gamma-Gamma model is five doubles");
  return gammaGammaFrom(at.subarray(0, 3), at[3]!, at[4]!);
}

function gammaGammaFrom(at: Float64Array, lnLikelihood: number, observedMean: number): GammaGamma {
  const [p, q, v] = at as unknown as readonly [number, number, number];
  assert(p > 0 && q > 0 && v > 0 && observedMean > 0, "a Gamma-Gamma model's numbers are above 0");
  const meanOfAll = q > 1 ? (p * v) / (q - 1) : observedMean;
  return {
    p,
    q,
    v,
    lnLikelihood,
    meanOfAll,
    expected(purchases, meanValue) {
      assert(purchases >= 0 && (purchases === 0 || meanValue > 0), "a value is above 0");
      const weight = p * purchases + q - 1;
      return purchases === 0 || weight <= 0 ? meanOfAll : (p * (v + purchases * meanValue)) / weight;
    },
    toBytes: () => writeArrays(magic, version, [Float64Array.of(p, q, v, lnLikelihood, observedMean)]),
  };
}
