import { chance, normal } from "@trato/base";
import {
  evaluateTopN,
  fitArima,
  fitBgNbd,
  fitComplexSmoothing,
  fitIals,
  fitParetoNbd,
  fitSmoothing,
  fitTheta,
  fitTrees,
  holding,
  tableOf,
} from "@trato/predict";
import { readCdnow } from "../../packages/predict/testing/lifetime-data.ts";
import { readTopNSplit } from "../../packages/predict/testing/top-n-split.ts";
import { timed } from "./lib/data.ts";
import type { Family, Say } from "./result.ts";

/**
 * How long our fits take beside libraries of Python, on the same data and machine: processor time, one thread. Theirs
 * were taken once in an environment of their own (Python 3.11), between loading the data and the end of the fit:
 *
 * - `implicit` 0.7.3: `AlternatingLeastSquares(factors=64, num_threads=1)` on Gowalla, a round of three, with
 *   `use_cg=False` (exact) and `True` (its default, three steps of conjugate gradients), the latter taken in turns with
 *   ours: 0.31, ours 0.36, 0.43, ours 0.29 with 64 factors; 0.72, ours 0.74, 0.65, ours 0.94 with 128. Its quality is
 *   that of the latter with alpha 40 and regularization 100, the best of eight settings on the test part; ours are the
 *   defaults.
 * - `lightgbm` 4.7.0: `train` with num_leaves 31, max_bin 255, learning_rate 0.1, num_threads 1, 100 rounds, binary.
 * - `statsforecast` 2.1.1: `StatsForecast(n_jobs=1).forecast(h=13)` of 200 series, times 50.
 * - `lifetimes` 0.11.3: `fit` without a penalty.
 */
export const speed: Family = {
  says: "seconds of a fit, beside implicit, LightGBM, statsforecast and lifetimes",
  parts: { ials, boosting, forecasts, lifetimes },
};

function shown(say: Say, data: string, metric: string, seconds: number, reference: string, atMost?: number) {
  const row = { family: "speed", data, digits: 2, fitSeconds: seconds, predictSeconds: 0 };
  const bar = atMost === undefined ? {} : { bar: { atMost } };
  say({ ...row, metric, ours: seconds, published: reference, ...bar });
}

/** A round, and what five of them are worth beside five of theirs: a fast round that learns little would be no gain. */
function ials(say: Say): void {
  const { train, held } = readTopNSplit("gowalla-lightgcn", 40_981);
  const references = {
    64: ["CG 0.31 and 0.43, exact 0.82 on a faster day", 0.82],
    128: ["CG 0.65 and 0.72, exact 2.46 on a faster day", 2.46],
  } as const;
  for (const [text, [reference, atMost]] of Object.entries(references)) {
    const dimensions = Number(text);
    for (const block of [8, dimensions]) {
      const fit = (rounds: number) => timed(() => fitIals(train, { dimensions, rounds, block })).seconds;
      const perRound = (fit(4) - fit(1)) / 3;
      const isExact = block === dimensions;
      const metric = `seconds a round of iALS++, ${dimensions} dimensions${isExact ? ", solved exactly" : ""}`;
      shown(say, "gowalla-lightgcn", metric, perRound, `implicit ${reference}`, isExact ? undefined : atMost);
    }
  }
  const some = held.map((items, person) => (person % 3 === 0 ? items : []));
  const fitted = timed(() => fitIals(train, { rounds: 5 }));
  const ranked = timed(() => evaluateTopN({ train, held: some, k: 20, scores: holding(fitted.value) }));
  say({
    ...{ family: "speed", data: "gowalla-lightgcn", digits: 4 },
    ...{ fitSeconds: fitted.seconds, predictSeconds: ranked.seconds },
    metric: "Recall@20 after five rounds of iALS++, 64 dimensions, of every third person",
    ours: ranked.value.recall,
    published: "implicit CG 0.1496, the best of several settings",
  });
}

/** Numbers drawn alone: it is about time. Twice LightGBM's is the bar. */
function boosting(say: Say): void {
  const [rowCount, columnCount] = [200_000, 28];
  const draw = chance(1);
  const columns = Array.from({ length: columnCount }, () =>
    Float64Array.from({ length: rowCount }, () => normal(draw)),
  );
  const [a, b, c] = columns as [Float64Array, Float64Array, Float64Array];
  const target = a.map((one, row) => (one * b[row]! + c[row]! + normal(draw) > 0 ? 1 : 0));
  const table = tableOf(Object.fromEntries(columns.map((values, at) => [`column ${at}`, values])));
  const { seconds } = timed(() =>
    fitTrees(table, { target }, { aim: { kind: "binary" }, rounds: 100, rate: 0.1, leavesMax: 31 }),
  );
  shown(
    say,
    "200,000 rows × 28 columns",
    "seconds of 100 trees of 31 leaves",
    seconds,
    "LightGBM 2.31",
    4.62,
  );
}

function forecasts(say: Say): void {
  const draw = chance(1);
  const [seriesCount, rows] = [200, 104];
  const series = Array.from({ length: seriesCount }, () => {
    let level = 50;
    return Float64Array.from({ length: rows }, (_, t) => {
      level += normal(draw);
      return Math.max(0.1, level + 20 * Math.sin((2 * Math.PI * t) / 52));
    });
  });
  const kinds = [
    ["smoothing (ETS without a season)", fitSmoothing, "AutoETS 47.8"],
    ["theta", fitTheta, "DynamicOptimizedTheta 7.0"],
    ["complex smoothing", fitComplexSmoothing, "AutoCES 1.9"],
    ["ARIMA, order searched for", fitArima, "AutoARIMA 1763"],
  ] as const;
  for (const [name, fit, reference] of kinds) {
    for (const values of series.slice(0, 5)) fit(values).forecast(13);
    const { seconds } = timed(() => series.map((values) => fit(values).forecast(13)));
    const metric = `seconds of 10,000 forecasts of 13 weeks, ${name}`;
    const own = { family: "speed", data: "10,000 series of 104 weeks", digits: 1, fitSeconds: seconds };
    say({ ...own, metric, ours: 50 * seconds, published: `statsforecast ${reference}`, predictSeconds: 0 });
  }
}

function lifetimes(say: Say): void {
  const { buyers } = readCdnow();
  const bg = timed(() => fitBgNbd(buyers)).seconds;
  shown(say, "cdnow", "seconds of BG/NBD", bg, "lifetimes 0.05", 0.5);
  shown(
    say,
    "cdnow",
    "seconds of Pareto/NBD",
    timed(() => fitParetoNbd(buyers)).seconds,
    "lifetimes 0.40",
    0.5,
  );
}
