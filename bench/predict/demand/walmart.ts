import { dayMs } from "@trato/base";
import { fitBoosted, naiveError, type Panel, weightedPercent } from "@trato/predict";
import { readRows, timed } from "../lib/data.ts";
import type { Say } from "../result.ts";

const weeks = 143;
const horizon = 39;
const firstMs = Date.UTC(2010, 1, 5);

function readPanel(): Panel {
  const series = new Map<string, { store: number; dept: number; values: Float64Array }>();
  const holiday = new Float64Array(weeks);
  for (const [store = "", dept = "", date = "", sales = "", isHoliday = ""] of readRows(
    "walmart-weekly/sales.csv.gz",
  ).rows) {
    const week = Math.round((Date.parse(`${date}T00:00Z`) - firstMs) / (7 * dayMs));
    const key = `${store} ${dept}`;
    let own = series.get(key);
    if (own === undefined) {
      own = { store: Number(store), dept: Number(dept), values: new Float64Array(weeks).fill(Number.NaN) };
      series.set(key, own);
    }
    own.values[week] = Number(sales);
    if (isHoliday === "True") holiday[week] = 1;
  }
  const kept = [...series.values()].filter(
    ({ values }) => !Number.isNaN(values[0]) && !Number.isNaN(values[weeks - 1]),
  );
  const dayOfYear = Float64Array.from({ length: weeks }, (_, week) => {
    const date = new Date(firstMs + 7 * week * dayMs);
    return (date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs;
  });
  return {
    values: kept.map(({ values }) => values),
    known: {
      dayOfYear: { kind: "number", rows: [dayOfYear] },
      holiday: { kind: "number", rows: [holiday] },
    },
    groups: {
      store: Int32Array.from(kept, ({ store }) => store),
      dept: Int32Array.from(kept, ({ dept }) => dept),
    },
  };
}

/** Two years are too few to hold some back: options were set beforehand, not chosen. */
export function walmart(say: Say): void {
  const panel = readPanel();
  const origin = weeks - horizon;
  const fitted = timed(() =>
    fitBoosted(panel, {
      ...{ untilPeriod: origin, ahead: [0, horizon - 1], origins: 2, originsApart: 13, sizeRows: 52 },
      ...{ lags: [51, 52, 53], windows: [4, 13], seasonRows: 52 },
      trees: { rounds: 120, rate: 0.08, leavesMax: 31, rowShare: 0.5, columnShare: 0.7, rowsPerLeafMin: 100 },
    }),
  );
  const periods = Array.from({ length: horizon }, (_, h) => origin + h);
  const asked = panel.values.flatMap((_, series) => periods.map((period) => ({ series, period, origin })));
  const told = timed(() => fitted.value.tell(panel, asked));
  const came = Float64Array.from(asked, ({ series, period }) => panel.values[series]![period]!);
  const scales = panel.values.map((own) => naiveError(own.subarray(0, origin), 1));
  let [sum, count] = [0, 0];
  for (const [i, { series }] of asked.entries()) {
    if (Number.isNaN(came[i]) || !(scales[series]! > 0)) continue;
    const said = Number.isNaN(told.value[i]) ? 0 : told.value[i]!;
    sum += Math.abs(said - came[i]!) / scales[series]!;
    count++;
  }
  const times = { fitSeconds: fitted.seconds, predictSeconds: told.seconds };
  const row = { family: "demand", data: "walmart-weekly", digits: 4, ...times };
  const published = "Chronos-2 0.8167, CatBoost 1.2251, LightGBM 1.2457, AutoARIMA 1.2474, naive 1.5241";
  say({ ...row, metric: "MASE, boosted", ours: sum / count, bar: { atMost: 1.22, aim: 1.15 }, published });
  const weighted = weightedPercent({ said: told.value, came });
  say({
    ...row,
    metric: "WAPE, boosted",
    ours: weighted,
    published: "Chronos-2 0.0934, CatBoost 0.1496, LightGBM 0.1514",
  });
}
