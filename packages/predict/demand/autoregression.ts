import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { addRow, mirror, noProducts, solveSymmetric } from "../numbers/normal-equations.ts";
import { checkHorizon, checkSeries, type LocalModel } from "./local.ts";

const magic = "TrAutoRg";
const version = 1;
const lagsMax = 6;

/**
 * Each step (the difference of two values) as a sum of shares of the steps before it, by least squares; how
 * many steps back, 0 to 6, by the corrected AIC: ARIMA (p, 1, 0).
 *
 * Cost: one pass a number of steps. Source: Box and Jenkins 1970. Not for a series with a season. Fewer than
 * 12 values give the last one.
 */
export function fitAutoregression(values: Float64Array): LocalModel {
  checkSeries(values);
  const steps = values.slice(1).map((value, t) => value - values[t]!);
  let shares = new Float64Array(0);
  let least = steps.length < 11 ? Number.NEGATIVE_INFINITY : criterionOf(steps, shares);
  for (let lags = 1; lags <= Math.min(lagsMax, steps.length / 4); lags++) {
    const found = sharesOf(steps, lags);
    if (found === undefined) break;
    const criterion = criterionOf(steps, found);
    if (criterion < least) [shares, least] = [found, criterion];
  }
  return autoregressionFrom(shares, values.slice(-1 - shares.length));
}

function sharesOf(steps: Float64Array, lags: number): Float64Array<ArrayBuffer> | undefined {
  const products = noProducts(lags);
  for (let t = lagsMax; t < steps.length; t++)
    addRow(products, steps.slice(t - lags, t).reverse(), steps[t]!);
  mirror(products);
  return solveSymmetric(products.matrix, products.right) as Float64Array<ArrayBuffer> | undefined;
}

/** All numbers of lags are judged on the same steps. */
function criterionOf(steps: Float64Array, shares: Float64Array): number {
  let squares = 0;
  for (let t = lagsMax; t < steps.length; t++) {
    let said = 0;
    for (let lag = 0; lag < shares.length; lag++) said += shares[lag]! * steps[t - 1 - lag]!;
    squares += (steps[t]! - said) ** 2;
  }
  const n = steps.length - lagsMax;
  const count = shares.length + 1;
  return (
    n * Math.log(squares / n + 1e-300) + 2 * count + (2 * count * (count + 1)) / Math.max(1, n - count - 1)
  );
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function autoregressionFromBytes(bytes: Uint8Array): LocalModel {
  const [shares, last, ...rest] = readArrays(magic, version, bytes);
  const right = shares instanceof Float64Array && last instanceof Float64Array && rest.length === 0;
  assert(right && last.length === shares.length + 1, "it keeps shares, and one value more");
  return autoregressionFrom(shares, last);
}

function autoregressionFrom(shares: Float64Array, last: Float64Array): LocalModel {
  return {
    forecast(horizon) {
      checkHorizon(horizon);
      const all = [...last];
      for (let h = 0; h < horizon; h++) {
        let step = 0;
        for (let lag = 0; lag < shares.length; lag++)
          step += shares[lag]! * (all.at(-1 - lag)! - all.at(-2 - lag)!);
        all.push(all.at(-1)! + step);
      }
      return Float64Array.from(all.slice(last.length));
    },
    toBytes: () => writeArrays(magic, version, [shares, last]),
  };
}
