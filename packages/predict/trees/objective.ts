import { assert } from "@trato/base";
import { pinball } from "../evaluate/intervals.ts";

/**
 * What the trees are to say. `binary`: the chance that the target is 1; `mean`: its mean; `quantile`: the
 * value that a share `level` of the targets is below (0.5 is the median; with weights 1/target it is least
 * wrong in per cent); `count`: the mean of something counted, never negative (Poisson).
 */
export type Aim =
  | { readonly kind: "binary" }
  | { readonly kind: "mean" }
  | { readonly kind: "count" }
  | { readonly kind: "quantile"; readonly level: number };

/** Arrays of one length: what is to be said, how much each row counts, what is said so far (raw). */
export type Rows = {
  readonly target: ArrayLike<number>;
  readonly weights: Float64Array;
  readonly scores: Float64Array;
};

export type Objective = {
  /** The raw score to begin with: the best constant. */
  start(rows: Rows): number;
  /** Slope and curvature of the loss at each row's score, interleaved: [2·row], [2·row + 1]. */
  slopes(rows: Rows, out: Float64Array): void;
  /** The weighted mean of the loss. */
  loss(rows: Rows): number;
  /** From the raw score to what is said. */
  link(raw: number): number;
  /** For losses without curvature: the leaf takes this quantile of what is left of its rows. */
  readonly leafLevel: number | undefined;
};

const chanceMin = 1e-15;
/** Keeps a Poisson leaf's step finite where it has seen no count. Source: LightGBM, `poisson_max_delta_step`. */
const countStepMax = 0.7;

export function objectiveOf(aim: Aim): Objective {
  switch (aim.kind) {
    case "binary":
      return { ...binary, leafLevel: undefined };
    case "mean":
      return { ...mean, leafLevel: undefined };
    case "count":
      return { ...count, leafLevel: undefined };
    case "quantile":
      assert(aim.level > 0 && aim.level < 1, "a quantile's level is between 0 and 1");
      return quantile(aim.level);
  }
}

/** Throws on a target that the aim cannot mean. */
export function checkTarget(aim: Aim, target: ArrayLike<number>): void {
  for (let row = 0; row < target.length; row++) {
    const value = target[row]!;
    assert(Number.isFinite(value), `target ${row} is a number`);
    if (aim.kind === "binary") assert(value === 0 || value === 1, `target ${row} is 0 or 1`);
    if (aim.kind === "count") assert(value >= 0, `target ${row} is not negative`);
  }
}

export const chanceOf = (raw: number): number => 1 / (1 + Math.exp(-raw));

const binary: Omit<Objective, "leafLevel"> = {
  start(rows) {
    const share = Math.min(1 - chanceMin, Math.max(chanceMin, weightedMean(rows)));
    return Math.log(share / (1 - share));
  },
  slopes({ target, weights, scores }, out) {
    for (let row = 0; row < scores.length; row++) {
      const said = chanceOf(scores[row]!);
      out[2 * row] = weights[row]! * (said - target[row]!);
      out[2 * row + 1] = weights[row]! * said * (1 - said);
    }
  },
  loss: (rows) =>
    meanLoss(rows, (raw, actual) => Math.log1p(Math.exp(-Math.abs(raw))) + Math.max(raw, 0) - raw * actual),
  link: chanceOf,
};

const mean: Omit<Objective, "leafLevel"> = {
  start: weightedMean,
  slopes({ target, weights, scores }, out) {
    for (let row = 0; row < scores.length; row++) {
      out[2 * row] = weights[row]! * (scores[row]! - target[row]!);
      out[2 * row + 1] = weights[row]!;
    }
  },
  loss: (rows) => meanLoss(rows, (raw, actual) => (raw - actual) ** 2),
  link: (raw) => raw,
};

const count: Omit<Objective, "leafLevel"> = {
  start: (rows) => Math.log(Math.max(chanceMin, weightedMean(rows))),
  slopes({ target, weights, scores }, out) {
    for (let row = 0; row < scores.length; row++) {
      const said = Math.exp(scores[row]!);
      out[2 * row] = weights[row]! * (said - target[row]!);
      out[2 * row + 1] = weights[row]! * said * Math.exp(countStepMax);
    }
  },
  loss: (rows) => meanLoss(rows, (raw, actual) => Math.exp(raw) - actual * raw),
  link: Math.exp,
};

function quantile(level: number): Objective {
  return {
    start({ target, weights }) {
      return weightedQuantile(Float64Array.from(target), weights, level);
    },
    slopes({ target, weights, scores }, out) {
      for (let row = 0; row < scores.length; row++) {
        out[2 * row] = weights[row]! * (scores[row]! > target[row]! ? 1 - level : -level);
        out[2 * row + 1] = weights[row]!;
      }
    },
    loss: (rows) => meanLoss(rows, (raw, actual) => pinball(raw, actual, level)),
    link: (raw) => raw,
    leafLevel: level,
  };
}

/** The smallest value that at least a share `level` of the weight is at or below. Cost: a sort. */
export function weightedQuantile(values: Float64Array, weights: Float64Array, level: number): number {
  const sorted = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const total = weights.reduce((a, b) => a + b, 0);
  let below = 0;
  for (const at of sorted) {
    below += weights[at]!;
    if (below >= level * total) return values[at]!;
  }
  return values[sorted.at(-1) ?? 0] ?? 0;
}

function weightedMean({ target, weights }: Rows): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    sum += weights[row]! * target[row]!;
    total += weights[row]!;
  }
  return sum / total;
}

function meanLoss(rows: Rows, lossOf: (raw: number, actual: number) => number): number {
  const { target, weights, scores } = rows;
  let [sum, total] = [0, 0];
  for (let row = 0; row < scores.length; row++) {
    sum += weights[row]! * lossOf(scores[row]!, target[row]!);
    total += weights[row]!;
  }
  return sum / total;
}
