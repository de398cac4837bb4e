import { type Aft, type AftOptions, fitAft } from "../../packages/predict/hazard/aft.ts";
import { concordance } from "../../packages/predict/hazard/concordance.ts";
import { fitCox } from "../../packages/predict/hazard/cox.ts";
import { fitLimitedFailure } from "../../packages/predict/hazard/limited-failure.ts";
import { crowAmsaa, meanCumulative, powerLawOf } from "../../packages/predict/hazard/repairs.ts";
import {
  readLifeData,
  readRepairs,
  readRossi,
  readVeteran,
} from "../../packages/predict/testing/hazard-data.ts";
import { timed } from "./lib/data.ts";
import type { Family, Result, Say } from "./result.ts";

/** Published fits of survival and warranty data; a bar holds a likelihood to what was printed. */
export const hazard: Family = {
  says: "Hazard: likelihoods and coefficients of Cox, AFT, limited failure and repairs as published.",
  parts: {
    all(say) {
      rossi(say);
      veteran(say);
      warranty(say);
      repairs(say);
    },
  },
};

type Row = Pick<Result, "metric" | "ours" | "digits" | "published"> & {
  readonly bar?: NonNullable<Result["bar"]>;
};
const saying = (say: Say, data: string) => (row: Row, fitSeconds: number) =>
  say({ family: "hazard", data, predictSeconds: 0, fitSeconds, ...row });

function rossi(say: Say): void {
  const { lives, facts } = readRossi();
  const row = saying(say, "survival-classic");
  const cox = timed(() => fitCox(lives, facts));
  const published = "lifelines: −0.38, −0.06, 0.31, −0.15, −0.43, −0.08, 0.09";
  for (const [i, name] of cox.value.names.entries()) {
    row(
      { metric: `rossi, Cox ${name}`, ours: cox.value.coefficients[i]!, digits: 2, published },
      cox.seconds,
    );
  }
  const ours = cox.value.lnLikelihood;
  row(
    {
      metric: "rossi, Cox partial log-likelihood",
      ours,
      digits: 4,
      published: "−658.75",
      bar: { atLeast: -658.755 },
    },
    cox.seconds,
  );
  for (const [kind, shapeColumns, aic] of [
    ["weibull", [], 1377.833],
    ["log-logistic", [], 1377.877],
    ["log-normal", [], 1384.469],
    ["weibull", ["prio"], 1379.22],
    ["log-logistic", ["prio"], 1377.9],
    ["log-normal", ["prio"], 1380.8],
  ] as const satisfies readonly (readonly [AftOptions["kind"], readonly string[], number])[]) {
    const { value, seconds } = timed(() => fitAft(lives, facts, { kind, shapeColumns }));
    const metric = `rossi, ${kind} AIC${shapeColumns.length > 0 ? ", prio moves the shape" : ""}`;
    // With ancillary columns two digits were printed, cut off rather than rounded: 1377.8976 as 1377.89.
    const cut = shapeColumns.length > 0 ? `${(aic - 0.01).toFixed(2)} (cut)` : `${aic}`;
    row({ metric, ours: aicOf(value), digits: 3, published: cut, bar: { atMost: aic + 0.0005 } }, seconds);
  }
}

const aicOf = ({ coefficients, lnLikelihood }: Aft): number => 2 * coefficients.length - 2 * lnLikelihood;

function veteran(say: Say): void {
  const { lives, facts } = readVeteran();
  const { value, seconds } = timed(() => fitCox(lives, facts));
  const risks = lives.end.map((_, i) => value.lnRisk(facts.columns.map(({ values }) => values[i]!)));
  const published = "scikit-survival 0.73626 (Breslow's ties)";
  const ours = concordance(lives, risks);
  saying(say, "survival-classic")(
    { metric: "veteran, Cox concordance", ours, digits: 4, published },
    seconds,
  );
}

function warranty(say: Say): void {
  const row = saying(say, "warranty-reliability");
  for (const [name, lnLikelihood, published] of [
    ["automotive", -128.974, "−128.974; alpha 134,243, beta 1.15586"],
    ["defective_sample", -12273.2, "−12,273.2; alpha 10,001.5, beta 0.677348"],
    ["electronics", -144.617, "−144.617; alpha 6.19e21, beta 0.153742"],
  ] as const) {
    const { value, seconds } = timed(() => fitAft(readLifeData(name)));
    const metric = `${name}, Weibull log-likelihood`;
    const bar = { atLeast: lnLikelihood - 0.0005 };
    row({ metric, ours: value.lnLikelihood, digits: 3, published, bar }, seconds);
    row({ metric: `${name}, Weibull beta`, ours: value.lifeOf([]).shape, digits: 6, published }, seconds);
  }
  const { value, seconds } = timed(() => fitLimitedFailure(readLifeData("defective_sample")));
  const published = "−11,977.7; alpha 170.983, beta 1.30109, DS 0.12482";
  const metric = "defective_sample, limited failure log-likelihood";
  row({ metric, ours: value.lnLikelihood, digits: 3, published, bar: { atLeast: -11977.7 } }, seconds);
  for (const name of ["scale", "shape", "share"] as const) {
    row(
      { metric: `defective_sample, limited failure ${name}`, ours: value[name], digits: 5, published },
      seconds,
    );
  }
}

function repairs(say: Say): void {
  const row = saying(say, "warranty-reliability");
  const law = timed(() => powerLawOf(meanCumulative(readRepairs("MCF_1"))));
  const published = "alpha 11.9806, beta 1.67362";
  row({ metric: "MCF_1, power law scale", ours: law.value.scale, digits: 4, published }, law.seconds);
  row({ metric: "MCF_1, power law shape", ours: law.value.shape, digits: 5, published }, law.seconds);
  const growth = timed(() => crowAmsaa(readLifeData("system_growth").end.slice().sort()));
  const crow = "beta 0.61421, lambda 0.42394, MTBF now 45.883";
  const { shape, rate, gapNow } = growth.value;
  row({ metric: "system_growth, Crow–AMSAA beta", ours: shape, digits: 5, published: crow }, growth.seconds);
  row({ metric: "system_growth, Crow–AMSAA lambda", ours: rate, digits: 5, published: crow }, growth.seconds);
  row(
    { metric: "system_growth, Crow–AMSAA MTBF now", ours: gapNow, digits: 3, published: crow },
    growth.seconds,
  );
}
