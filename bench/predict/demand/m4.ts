import { fitPooled, naiveError, scaledError, symmetricPercent } from "@trato/predict";
import { readRows, timed } from "../lib/data.ts";
import type { Say } from "../result.ts";

type Case = { readonly seen: Float64Array; readonly came: Float64Array };

function readCases(name: string): Case[] {
  const numbers = (text = "") => Float64Array.from(text.split(" "), Number);
  return readRows(`m4-weekly-hourly/${name}.tsv.gz`, "\t").rows.map(([, , train, test]) => {
    return { seen: numbers(train), came: numbers(test) };
  });
}

/** Means over series; `naive` are the competition's figures of Naive2. */
function scores(
  cases: readonly Case[],
  told: readonly Float64Array[],
  seasonRows: number,
  naive: [number, number],
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

/** The median of several pooled rules, step by step; of two it is their mean. */
function told(cases: readonly Case[], rules: readonly Rule[]): Float64Array[] {
  const all = rules.map((rule) => {
    const pooled = fitPooled(
      cases.map(({ seen }) => seen),
      rule,
    );
    return cases.map(({ seen, came }) => pooled.forecast(seen, came.length));
  });
  return cases.map(({ came }, i) =>
    Float64Array.from(came, (_, h) => {
      const sorted = all.map((one) => one[i]![h]!).sort((a, b) => a - b);
      const half = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
    }),
  );
}

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

function measure(
  say: Say,
  name: "weekly" | "hourly",
  rules: readonly Rule[],
  bar: { atMost: number; aim: number },
) {
  const cases = readCases(name);
  const { value, seconds } = timed(() => told(cases, rules));
  const of = name === "weekly" ? ([1, [9.161, 2.777]] as const) : ([24, [18.383, 2.395]] as const);
  const { percent, scaled, overall } = scores(cases, value, of[0], [...of[1]]);
  const row = {
    family: "demand",
    data: "m4-weekly-hourly",
    digits: 3,
    published: "",
    fitSeconds: seconds,
    predictSeconds: 0,
  };
  const published = {
    weekly: "Forecast Pro 0.739, SCUM 0.751, FFORMA 0.796, ES-RNN 0.851",
    hourly: "Doornik et al. 0.410, ES-RNN 0.440, FFORMA 0.484, SCUM 0.663",
  }[name];
  say({ ...row, metric: `OWA ${name}, pooled rules`, ours: overall, bar, published });
  say({ ...row, metric: `sMAPE ${name}`, ours: percent });
  say({ ...row, metric: `MASE ${name}`, ours: scaled });
}

/** Lags and own rows were chosen on the last 13 weeks (48 hours) of the training part. */
export const weekly = (say: Say): void => measure(say, "weekly", weeklyRules, { atMost: 0.85, aim: 0.75 });
export const hourly = (say: Say): void => measure(say, "hourly", hourlyRules, { atMost: 0.5, aim: 0.42 });
