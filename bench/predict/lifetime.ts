import { scoreChances } from "../../packages/predict/evaluate/chances.ts";
import type { Buyers } from "../../packages/predict/lifetime/buyers.ts";
import { fitBgNbd, fitMbgCnbd, fitMbgNbd, fitParetoNbd } from "../../packages/predict/lifetime/fit.ts";
import { fitGammaGamma } from "../../packages/predict/lifetime/gamma-gamma.ts";
import { type Lifetime, purchasesOf } from "../../packages/predict/lifetime/lifetime.ts";
import { buyerAt } from "../../packages/predict/testing/every-lifetime.ts";
import { readApparel, readCdnow, readRetail } from "../../packages/predict/testing/lifetime-data.ts";
import { timed } from "./lib/data.ts";
import type { Family, Result, Say } from "./result.ts";

/** Who comes again: the published fits, and what their buyers did in the second half. */
export const lifetime: Family = {
  says: "Lifetime: likelihoods and parameters as published, and the hold-out of CDNOW.",
  parts: {
    all(say) {
      cdnow(say);
      collapse(say);
    },
  },
};

const base = { family: "lifetime", predictSeconds: 0 } as const;

function cdnow(say: Say): void {
  const { buyers, meanValue, later } = readCdnow();
  const models = [
    {
      name: "BG/NBD",
      fit: fitBgNbd,
      low: -9582.45,
      published: "−9582.43; r 0.2426, alpha 4.4137, a 0.7930, b 2.4262",
    },
    { name: "MBG/NBD", fit: fitMbgNbd, low: -9582.15, published: "−9582.13, recomputed" },
    {
      name: "Pareto/NBD",
      fit: fitParetoNbd,
      low: -9594.99,
      published: "−9594.97; r 0.553, alpha 10.58, s 0.606, beta 11.66",
    },
  ] as const;
  for (const { name, fit, low, published } of models) {
    const { value: model, seconds } = timed(() => fit(buyers));
    const shared: Omit<Result, "metric" | "ours" | "digits"> = {
      ...base,
      data: "cdnow",
      published,
      fitSeconds: seconds,
    };
    say({
      ...shared,
      metric: `${name} log-likelihood`,
      ours: model.lnLikelihood,
      digits: 3,
      bar: { atLeast: low },
    });
    for (const [parameter, value] of Object.entries(model.parameters)) {
      say({ ...shared, metric: `${name} ${parameter}`, ours: value, digits: 4 });
    }
    const bars = name === "Pareto/NBD" ? { mae: { atMost: 0.76, aim: 0.75 }, auc: { atLeast: 0.775 } } : {};
    holdout(say, { data: "cdnow", name, model, buyers, later, weeks: 39, published: cdnowHoldout, ...bars });
  }
  const { value, seconds } = timed(() => fitGammaGamma({ purchases: buyers.repeats, meanValue }));
  for (const name of ["p", "q", "v"] as const) {
    const published = "p 6.25, q 3.74, v 15.44";
    say({
      ...base,
      data: "cdnow",
      metric: `Gamma-Gamma ${name}`,
      ours: value[name],
      digits: 3,
      published,
      fitSeconds: seconds,
    });
  }
}

const cdnowHoldout = "recomputed MAE, AUC: BG 0.786, 0.773; MBG 0.765, 0.773; Pareto 0.755, 0.779";

type Holdout = {
  readonly data: string;
  readonly name: string;
  readonly model: Lifetime;
  readonly buyers: Buyers;
  readonly later: Float64Array;
  readonly weeks: number;
  readonly published: string;
  readonly mae?: NonNullable<Result["bar"]>;
  readonly auc?: NonNullable<Result["bar"]>;
};

/** What was expected of each buyer in the time held out against what came. */
function holdout(say: Say, given: Holdout): void {
  const { data, name, model, buyers, later, weeks, published } = given;
  const { value: said, seconds } = timed(() =>
    Array.from(later, (_, i) => purchasesOf(model, buyerAt(buyers, i), weeks)),
  );
  const mean = (of: (i: number) => number) => said.reduce((sum, _, i) => sum + of(i), 0) / said.length;
  const row = (metric: string, ours: number, bar?: NonNullable<Result["bar"]>) =>
    say({
      ...base,
      data,
      metric: `${name} ${metric}`,
      ours,
      digits: 3,
      published,
      fitSeconds: 0,
      predictSeconds: seconds,
      ...(bar === undefined ? {} : { bar }),
    });
  const off = (of: "mean" | "median") => mean((i) => Math.abs(said[i]![of] - later[i]!));
  row("hold-out MAE", off("mean"), given.mae);
  row("hold-out MAE of the median", off("median"));
  const { auc } = scoreChances(
    said.map((one) => one.mean),
    later.map((count) => (count > 0 ? 1 : 0)),
  );
  row("hold-out AUC", auc, given.auc);
  const inside = mean((i) => (later[i]! >= said[i]!.low && later[i]! <= said[i]!.high ? 1 : 0));
  row("80 % interval of whole numbers, covers", inside);
}

function collapse(say: Say): void {
  const apparel = timed(() => fitParetoNbd(readApparel()));
  const shared = { ...base, fitSeconds: apparel.seconds, digits: 3 };
  const metric = "Pareto/NBD log-likelihood";
  const found = apparel.value.lnLikelihood;
  say({
    ...shared,
    data: "clv-apparel",
    metric,
    ours: found,
    bar: { atLeast: -5848.12 },
    published: "−5848.098",
  });
  const { buyers, later, weeksAfter: weeks } = readRetail();
  const published = "all three recomputed alike: −15325.46, MAE 1.367, AUC 0.726";
  for (const [name, fit, low] of [
    ["BG/NBD", fitBgNbd, -15325.48],
    ["Pareto/NBD", fitParetoNbd, -15325.48],
    ["MBG/CNBD-k", fitMbgCnbd, undefined],
  ] as const) {
    const { value: model, seconds } = timed(() => fit(buyers));
    const bar = low === undefined ? {} : { bar: { atLeast: low } };
    const metric = `${name} log-likelihood${"k" in model.kind && model.kind.k > 1 ? `, k = ${model.kind.k}` : ""}`;
    const row = { ...base, data: "online-retail", digits: 3, fitSeconds: seconds, published, ...bar };
    say({ ...row, metric, ours: model.lnLikelihood });
    holdout(say, { data: "online-retail", name, model, buyers, later, weeks, published });
  }
}
