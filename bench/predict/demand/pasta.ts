import { dayMs } from "@trato/base";
import {
  type BoostedOptions,
  fitBoosted,
  type Known,
  naiveError,
  type Panel,
  scaledError,
  weightedPercent,
} from "@trato/predict";
import { readRows, timed } from "../lib/data.ts";
import type { Say } from "../result.ts";

const windows = 10;
const horizon = 28;

/** Every day of the calendar, closed ones missing. */
export function readPanel(): { panel: Panel; days: number } {
  const { head, rows } = readRows("hierarchical-sales/pasta_daily.csv.gz");
  const dayOf = (text: string) => Date.parse(`${text}T00:00Z`) / dayMs;
  const first = dayOf(rows[0]![0]!);
  const days = dayOf(rows.at(-1)![0]!) - first + 1;
  const items = head.map((name, at) => ({ name, at })).filter(({ name }) => name.startsWith("QTY_"));
  const values = items.map(({ at }) => {
    const own = new Float64Array(days).fill(Number.NaN);
    for (const row of rows) own[dayOf(row[0]!) - first] = Number(row[at]);
    return own;
  });
  const calendar = (kind: Known["kind"], of: (date: Date) => number): Known => {
    const all = Float64Array.from({ length: days }, (_, day) => of(new Date((first + day) * dayMs)));
    return { kind, rows: [all] };
  };
  const known = {
    weekday: calendar("category", (date) => date.getUTCDay()),
    month: calendar("number", (date) => date.getUTCMonth()),
    dayOfMonth: calendar("number", (date) => date.getUTCDate()),
  };
  const brand = Int32Array.from(items, ({ name }) => Number(/B(\d)/.exec(name)![1]));
  return { panel: { values, known, groups: { brand, item: Int32Array.from(items, (_, at) => at) } }, days };
}

export const options: Omit<BoostedOptions, "untilPeriod"> = {
  ...{ ahead: [0, horizon - 1], origins: 40, originsApart: horizon, sizeRows: 56 },
  ...{ lags: [1, 7, 14, 21, 28, 35, 42, 56, 364], windows: [7, 28, 91], seasonRows: 7 },
  trees: { rounds: 150, rate: 0.06, leavesMax: 31, rowShare: 0.7, columnShare: 0.6, rowsPerLeafMin: 50 },
};

/** One model, learnt before the first window, tells all ten; origins, lags and sizes were chosen on five windows before. */
export function pasta(say: Say): void {
  const { panel, days } = readPanel();
  const { scaled, weighted, ...seconds } = tellWindows(
    panel,
    { from: days - windows * horizon, windows },
    options,
  );
  const row = { family: "demand", data: "hierarchical-sales", digits: 4, ...seconds };
  const published = "LightGBM 0.6884, Chronos-2 0.6889, AutoARIMA 0.7736, AutoETS 0.8640";
  say({ ...row, metric: "MASE daily, boosted", ours: scaled, bar: { atMost: 0.69, aim: 0.66 }, published });
  say({ ...row, metric: "WAPE daily", ours: weighted, published: "LightGBM 0.6910, Chronos-2 0.7005" });
}

/** The mean errors of so many windows from a day on, by one model that was learnt before the first. */
export function tellWindows(panel: Panel, span: { from: number; windows: number }, given: typeof options) {
  const fitted = timed(() => fitBoosted(panel, { ...given, untilPeriod: span.from }));
  let [scaled, weighted, predictSeconds] = [0, 0, 0];
  for (let window = 0; window < span.windows; window++) {
    const origin = span.from + window * horizon;
    const periods = Array.from({ length: horizon }, (_, h) => origin + h);
    const asked = panel.values.flatMap((_, series) => periods.map((period) => ({ series, period, origin })));
    const told = timed(() =>
      fitted.value.tell(panel, asked).map((one) => (Number.isNaN(one) ? 0 : Math.max(0, one))),
    );
    predictSeconds += told.seconds;
    const errors = panel.values.map((own, series) => {
      const said = told.value.subarray(series * horizon, (series + 1) * horizon);
      const scale = naiveError(own.subarray(0, origin), 7);
      return scale > 0
        ? scaledError({ said, came: own.subarray(origin, origin + horizon) }, scale)
        : Number.NaN;
    });
    const known = errors.filter((one) => !Number.isNaN(one));
    scaled += known.reduce((a, b) => a + b, 0) / known.length / span.windows;
    const came = Float64Array.from(asked, ({ series, period }) => panel.values[series]![period]!);
    weighted += weightedPercent({ said: told.value, came }) / span.windows;
  }
  return { scaled, weighted, fitSeconds: fitted.seconds, predictSeconds };
}
