import { scoreChances } from "../../packages/predict/evaluate/chances.ts";
import { fitBgNbd, fitMbgNbd, fitParetoNbd } from "../../packages/predict/lifetime/fit.ts";
import { fitGammaGamma } from "../../packages/predict/lifetime/gamma-gamma.ts";
import { type Lifetime, purchasesOf } from "../../packages/predict/lifetime/lifetime.ts";
import { buyerAt } from "../../packages/predict/testing/every-lifetime.ts";
import { readApparel, readCdnow, readRetail } from "../../packages/predict/testing/lifetime-data.ts";
import { timed } from "./lib/data.ts";
import type { Family, Result, Say } from "./result.ts";

/** Who comes again: the published fits, and what their buyers did in the second half. */
export const lifetime: Family = {
  says: "Lifetime: likelihoods and parameters as published, and the hold-out of CDNOW.",
  run(say) {
    cdnow(say);
    collapse(say);
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
    holdout(say, name, model, later);
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

/** The expectation of each buyer's second half against what came. The bars are for the best model, Pareto/NBD. */
function holdout(say: Say, name: string, model: Lifetime, later: Float64Array): void {
  const { buyers } = readCdnow();
  const { value: said, seconds } = timed(() =>
    Array.from(later, (_, i) => purchasesOf(model, buyerAt(buyers, i), 39)),
  );
  const mean = (of: (i: number) => number) => said.reduce((sum, _, i) => sum + of(i), 0) / said.length;
  const isBarred = name === "Pareto/NBD";
  const row = (metric: string, ours: number, published: string, bar: Result["bar"]) =>
    say({
      ...base,
      data: "cdnow",
      metric: `${name} ${metric}`,
      ours,
      digits: 3,
      published,
      fitSeconds: 0,
      predictSeconds: seconds,
      ...(isBarred && bar !== undefined ? { bar } : {}),
    });
  const off = (of: "mean" | "median") => mean((i) => Math.abs(said[i]![of] - later[i]!));
  row("hold-out MAE", off("mean"), "recomputed: BG 0.786, MBG 0.765, Pareto 0.755", {
    atMost: 0.76,
    aim: 0.75,
  });
  row("hold-out MAE of the median", off("median"), "", undefined);
  const { auc } = scoreChances(
    said.map((one) => one.mean),
    later.map((count) => (count > 0 ? 1 : 0)),
  );
  row("hold-out AUC", auc, "recomputed: BG 0.773, MBG 0.773, Pareto 0.779", { atLeast: 0.775 });
  const inside = mean((i) => (later[i]! >= said[i]!.low && later[i]! <= said[i]!.high ? 1 : 0));
  row("80 % interval covers (whole numbers: at least 0.80)", inside, "", { atLeast: 0.8 });
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
  const buyers = readRetail();
  for (const [name, fit] of [
    ["BG/NBD", fitBgNbd],
    ["Pareto/NBD", fitParetoNbd],
  ] as const) {
    const { value, seconds } = timed(() => fit(buyers));
    say({
      ...base,
      data: "online-retail",
      metric: `${name} log-likelihood (nobody leaves)`,
      ours: value.lnLikelihood,
      digits: 3,
      bar: { atLeast: -15325.48 },
      published: "−15325.46, recomputed",
      fitSeconds: seconds,
    });
  }
}
