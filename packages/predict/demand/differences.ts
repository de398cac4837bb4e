/** Each value less the one so many rows before it. */
export function differenced(values: Float64Array, lag: number): Float64Array {
  return values.slice(lag).map((value, t) => value - values[t]!);
}

/** 5 % of series without a trend of chance lie above it. Source: Kwiatkowski et al., J. of Econometrics 54, 1992. */
const kpssMax = 0.463;

/** Whether the level wanders: how far the sums of what differs from the mean drift, against what chance allows. */
export function isWandering(values: Float64Array): boolean {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const rest = values.map((value) => value - mean);
  const lags = Math.floor((3 * Math.sqrt(n)) / 13);
  let [sum, squares] = [0, 0];
  for (const one of rest) {
    sum += one;
    squares += sum ** 2;
  }
  let long = rest.reduce((total, one) => total + one ** 2, 0);
  for (let lag = 1; lag <= lags; lag++) {
    let products = 0;
    for (let t = lag; t < n; t++) products += rest[t]! * rest[t - lag]!;
    long += 2 * (1 - lag / (lags + 1)) * products;
  }
  return long > 0 && squares / (n * long) > kpssMax;
}

/** How often to difference until the level no longer wanders: 0, 1 or 2. */
export function differencesOf(given: Float64Array): number {
  let values = given;
  for (let count = 0; count < 2; count++) {
    if (values.length < 8 || !isWandering(values)) return count;
    values = differenced(values, 1);
  }
  return 2;
}

/** A season this strong is differenced away. Source: Wang, Smith and Hyndman, 2006; the bound is that of `forecast`. */
const strengthMin = 0.64;

/** Whether the season makes up most of what is left beside a moving mean of one season. */
export function isStronglySeasonal(values: Float64Array, season: number): boolean {
  if (season < 2 || values.length < 3 * season) return false;
  const half = season >> 1;
  const around: number[] = [];
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  for (let t = half; t + half < values.length; t++) {
    let mean = 0;
    for (let i = -half; i <= half; i++) {
      mean += (values[t + i]! * (season % 2 === 0 && Math.abs(i) === half ? 0.5 : 1)) / season;
    }
    around.push(values[t]! - mean);
    sums[t % season]! += values[t]! - mean;
    counts[t % season]!++;
  }
  const left = around.map((one, i) => one - sums[(i + half) % season]! / counts[(i + half) % season]!);
  const whole = varianceOf(around);
  return whole > 0 && 1 - varianceOf(left) / whole > strengthMin;
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
