import { fitEnsemble, fitMstl, fitPooled, naiveError, scaledError, symmetricPercent } from "@trato/predict";
import { readRows, timed } from "../lib/data.ts";
import type { Say } from "../result.ts";

type Case = { readonly seen: Float64Array; readonly came: Float64Array };

function readCases(name: string): Case[] {
  const numbers = (text = "") => Float64Array.from(text.split(" "), Number);
  return readRows(`m4-weekly-hourly/${name}.tsv.gz`, "\t").rows.map(([, , train, test]) => {
    return { seen: numbers(train), came: numbers(test) };
  });
}

/** Means over series. */
function scores(
  cases: readonly Case[],
  told: Forecasts,
  seasonRows: number,
  naive: readonly [number, number],
) {
  let [percent, scaled] = [0, 0];
  for (const [i, { seen, came }] of cases.entries()) {
    const said = told[i]!.map((value) => Math.max(0, value));
    percent += symmetricPercent({ said, came }) / cases.length;
    scaled += scaledError({ said, came }, naiveError(seen, seasonRows)) / cases.length;
  }
  return { percent, scaled, overall: (percent / naive[0] + scaled / naive[1]) / 2 };
}

type Rule = { readonly lags: readonly number[]; readonly ownRows: number };

type Forecasts = readonly Float64Array[];

/** Of several forecasts of each case the median, step by step; of two it is their mean. */
function medianOf(all: readonly Forecasts[]): Float64Array[] {
  return all[0]!.map((first, i) =>
    Float64Array.from(first, (_, h) => {
      const sorted = all.map((one) => one[i]![h]!).sort((a, b) => a - b);
      const half = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
    }),
  );
}

function pooledBy(cases: readonly Case[], rules: readonly Rule[]): Forecasts[] {
  return rules.map((rule) => {
    const pooled = fitPooled(
      cases.map(({ seen }) => seen),
      rule,
    );
    return cases.map(({ seen, came }) => pooled.forecast(seen, came.length));
  });
}

const mstlOf = (cases: readonly Case[], seasons: readonly number[], logs: boolean): Float64Array[] =>
  cases.map(({ seen, came }) => fitMstl(seen, { seasons, logs }).forecast(came.length));

const ensembleOf = (cases: readonly Case[], seasons: readonly number[]): Float64Array[] =>
  cases.map(({ seen, came }) => fitEnsemble(seen, { seasons }).forecast(came.length));

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const weeklyRules: readonly Rule[] = [
  { lags: [...range(1, 13), 26, 51, 52, 53], ownRows: 60 },
  { lags: [1, 2, 3, 4, 52], ownRows: 20 },
];

const hourlyRules: readonly Rule[] = [
  {
    lags: [...range(1, 25), 47, 48, 49, 72, 96, 120, 144, ...range(166, 170), 191, 192, 193, 335, 336, 337],
    ownRows: 5,
  },
  {
    lags: [
      ...[...range(1, 26), ...range(46, 50), ...range(71, 73), ...range(95, 97), ...range(119, 121)],
      ...[...range(143, 145), ...range(162, 174), ...range(190, 194), ...range(334, 338)],
    ],
    ownRows: 20,
  },
  {
    lags: [1, 2, 3, 4, ...range(22, 26), 48, 72, 96, 120, 144, ...range(166, 170), 192, 335, 336, 337],
    ownRows: 20,
  },
];

/** Half of what pooled rules say, half of what each series says by itself: so it was best on the weeks held back. */
function tellWeekly(cases: readonly Case[]): Float64Array[] {
  const pooled = medianOf(pooledBy(cases, weeklyRules));
  const alone = medianOf([mstlOf(cases, [52], true), mstlOf(cases, [52], false)]);
  return medianOf([pooled, alone]);
}

const hours = [24, 168];

function tellHourly(cases: readonly Case[]): Float64Array[] {
  const alone = [mstlOf(cases, hours, true), mstlOf(cases, hours, false), ensembleOf(cases, hours)];
  return medianOf([...pooledBy(cases, hourlyRules), ...alone]);
}

type Frequency = {
  readonly seasonRows: number;
  /** The competition's figures of Naive2. */
  readonly naive: readonly [percent: number, scaled: number];
  readonly bar: { readonly atMost: number; readonly aim: number };
  readonly published: string;
  /** What is printed, the first against the bar. */
  readonly ways: Readonly<Record<string, (cases: readonly Case[]) => Float64Array[]>>;
};

function measure(say: Say, name: string, { seasonRows, naive, bar, published, ways }: Frequency): void {
  const cases = readCases(name);
  for (const [at, [way, tell]] of Object.entries(ways).entries()) {
    const { value, seconds: fitSeconds } = timed(() => tell(cases));
    const { percent, scaled, overall } = scores(cases, value, seasonRows, naive);
    const row = { family: "demand", data: "m4-weekly-hourly", digits: 3, published: "", fitSeconds };
    const figure = { ...row, predictSeconds: 0 };
    say({
      ...figure,
      ...(at === 0 && { bar, published }),
      metric: `OWA ${name}, ${way}`,
      ours: overall,
    });
    if (at > 0) continue;
    say({ ...figure, metric: `sMAPE ${name}`, ours: percent });
    say({ ...figure, metric: `MASE ${name}`, ours: scaled });
  }
}

/** Lags, own rows and what is put together were chosen on the last 13 weeks (48 hours) of the training part. */
export const weekly = (say: Say): void =>
  measure(say, "weekly", {
    ...{ seasonRows: 1, naive: [9.161, 2.777], bar: { atMost: 0.85, aim: 0.75 } },
    published: "Forecast Pro 0.739, SCUM 0.751, FFORMA 0.796, ES-RNN 0.851",
    ways: {
      "pooled rules with MSTL": tellWeekly,
      "pooled rules": (cases) => medianOf(pooledBy(cases, weeklyRules)),
    },
  });

export const hourly = (say: Say): void =>
  measure(say, "hourly", {
    ...{ seasonRows: 24, naive: [18.383, 2.395], bar: { atMost: 0.5, aim: 0.42 } },
    published: "Doornik et al. 0.410, ES-RNN 0.440, FFORMA 0.484, SCUM 0.663",
    ways: {
      "pooled rules with MSTL and ensemble": tellHourly,
      "pooled rules": (cases) => medianOf(pooledBy(cases, hourlyRules)),
      "MSTL of both seasons": (cases) => mstlOf(cases, hours, true),
      "median ensemble": (cases) => ensembleOf(cases, hours),
    },
  });
