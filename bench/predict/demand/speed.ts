import { chance, normal } from "@trato/base";
import { fitEnsemble, fitPooled } from "@trato/predict";
import { timed } from "../lib/data.ts";
import type { Say } from "../result.ts";

const seriesCount = 10_000;
const weeks = 156;
const horizon = 13;

/** Seconds for 10,000 series of three years of weeks, one thread; the ensemble on a tenth of them, times ten. */
export function speed(say: Say): void {
  const draw = chance(1);
  const series = Array.from({ length: seriesCount }, () => {
    let level = 20 + 500 * draw();
    return Float64Array.from({ length: weeks }, (_, t) => {
      level *= Math.exp(0.02 * normal(draw));
      return level * (1 + 0.2 * Math.sin((2 * Math.PI * t) / 52)) * Math.exp(0.1 * normal(draw));
    });
  });
  const row = { family: "demand", data: "10,000 weekly series", digits: 1, published: "", fitSeconds: 0 };
  const pooled = timed(() => {
    const rule = fitPooled(series, { lags: [1, 2, 3, 4, 8, 13, 26, 51, 52, 53] });
    return series.map((own) => rule.forecast(own, horizon));
  });
  const bar = { atMost: 60 };
  say({ ...row, metric: "seconds, pooled rule", ours: pooled.seconds, bar, predictSeconds: pooled.seconds });
  const some = series.filter((_, i) => i % 10 === 0);
  const local = timed(() => some.map((own) => fitEnsemble(own, { seasons: [52] }).forecast(horizon)));
  const seconds = 10 * local.seconds;
  say({ ...row, metric: "seconds, local ensemble", ours: seconds, bar, predictSeconds: seconds });
}
