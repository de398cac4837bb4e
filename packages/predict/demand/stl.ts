/**
 * A series as trend, one season and the rest, where both trend and season may move: each is smoothed by local lines, in
 * turns, from what the other leaves.
 *
 * Cost: values × (season + width of the trend), times four. Source: Cleveland, Cleveland, McRae and Terpenning, "STL",
 * 1990, without its robust weights. Not for fewer than two seasons.
 */
export function decompose(
  values: Float64Array,
  { season, seasonWidth }: { season: number; seasonWidth: number },
): { trend: Float64Array; seasonal: Float64Array } {
  const trendWidth = odd((1.5 * season) / (1 - 1.5 / seasonWidth));
  let trend: Float64Array = new Float64Array(values.length);
  let seasonal: Float64Array = new Float64Array(values.length);
  for (let round = 0; round < 2; round++) {
    const cycles = smoothCycles(
      values.map((value, t) => value - trend[t]!),
      season,
      seasonWidth,
    );
    const low = loess(movingMean(movingMean(movingMean(cycles, season), season), 3), odd(season), 1);
    seasonal = Float64Array.from(values, (_, t) => cycles[season + t]! - low[t]!);
    trend = loess(
      values.map((value, t) => value - seasonal[t]!),
      trendWidth,
      1,
    );
  }
  return { trend, seasonal };
}

const odd = (width: number): number => {
  const whole = Math.ceil(width);
  return whole % 2 === 0 ? whole + 1 : whole;
};

/** Each period of the season smoothed over the seasons, told for one more season at both ends. */
function smoothCycles(values: Float64Array, season: number, width: number): Float64Array {
  const out = new Float64Array(values.length + 2 * season);
  for (let at = 0; at < season; at++) {
    const own = Float64Array.from(
      { length: Math.ceil((values.length - at) / season) },
      (_, cycle) => values[at + cycle * season]!,
    );
    const smooth = loess(own, width, 0, 1);
    for (const [cycle, value] of smooth.entries()) out[at + cycle * season] = value;
  }
  return out;
}

/** Means of so many neighbours; shorter by one less than that. */
function movingMean(values: Float64Array, rows: number): Float64Array {
  const out = new Float64Array(values.length - rows + 1);
  let sum = 0;
  for (let t = 0; t < values.length; t++) {
    sum += values[t]!;
    if (t >= rows) sum -= values[t - rows]!;
    if (t >= rows - 1) out[t - rows + 1] = sum / rows;
  }
  return out;
}

/** Local means (degree 0) or lines (1) over the `width` nearest values, an odd number, and `beyond` more at both ends. */
export function loess(values: Float64Array, width: number, degree: 0 | 1, beyond = 0): Float64Array {
  const n = values.length;
  const rows = Math.min(width, n);
  const half = rows >> 1;
  const out = new Float64Array(n + 2 * beyond);
  // Where as many lie on both sides a line is a mean, with the same weights everywhere.
  const inside = rows % 2 === 1 && rows === width;
  const weights = Float64Array.from({ length: rows }, (_, i) => tricube(Math.abs(i - half) / half));
  const total = weights.reduce((a, b) => a + b, 0);
  for (let i = 0; i < out.length; i++) {
    const at = i - beyond;
    if (!inside || at < half || at + half >= n) {
      out[i] = localLine(values, at, { width, degree });
      continue;
    }
    let sum = 0;
    for (let k = 0; k < rows; k++) sum += weights[k]! * values[at - half + k]!;
    out[i] = sum / total;
  }
  return out;
}

const tricube = (far: number): number => (far > 0.999 ? 0 : far < 0.001 ? 1 : (1 - far ** 3) ** 3);

function localLine(values: Float64Array, at: number, { width, degree }: { width: number; degree: 0 | 1 }) {
  const n = values.length;
  const rows = Math.min(width, n);
  const from = Math.max(0, Math.min(n - rows, at - (rows >> 1)));
  const reach = Math.max(at - from, from + rows - 1 - at) + (width > n ? (width - n) / 2 : 0);
  let [weights, mean, middle, square, product] = [0, 0, 0, 0, 0];
  for (let away = from - at; away < from + rows - at; away++) {
    const weight = tricube(Math.abs(away) / (reach || 1));
    const value = values[at + away]!;
    weights += weight;
    mean += weight * value;
    middle += weight * away;
    square += weight * away * away;
    product += weight * away * value;
  }
  mean /= weights;
  middle /= weights;
  const spread = square / weights - middle * middle;
  if (degree === 0 || Math.sqrt(Math.max(0, spread)) < 0.001 * n) return mean;
  return mean - (middle * (product / weights - middle * mean)) / spread;
}
