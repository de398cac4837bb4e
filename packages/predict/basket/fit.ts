import { assert, dayMs } from "@trato/base";
import { fitAffinity } from "../affinity/affinity.ts";
import { fitPopularity } from "../affinity/popularity.ts";
import { type Baskets, basketsBetween, lastTimeMs } from "../arrays/baskets.ts";
import { fitRhythm } from "../rhythm/fit.ts";
import { type Blend, type BlendModels, blendOf, blendWeights } from "./blend.ts";
import { historiesFrom } from "./history.ts";
import { tuneWeights } from "./tune.ts";

export type BlendOptions = {
  /** The end of what was seen; later baskets are left out. Default: the latest basket. */
  readonly untilMs?: number;
  /** How much of the end chooses the weights. Default: 30 days, at most a quarter of what was seen. */
  readonly validationMs?: number;
  /** The length of the list that the weights are chosen for; default 10. */
  readonly k?: number;
};

/**
 * Fits the models before the validation time, chooses there the weights that rank best, then fits the models
 * again on everything. With too few people to choose by it keeps `blendWeights`. Throws when there is no
 * basket.
 */
export function fitBlend(baskets: Baskets, options: BlendOptions = {}): Blend {
  const untilMs = options.untilMs ?? lastTimeMs(baskets) + 1;
  const seen = basketsBetween(baskets, Number.NEGATIVE_INFINITY, untilMs);
  const firstMs = seen.timeOfBasket.reduce((a, b) => Math.min(a, b), untilMs);
  const validationMs = options.validationMs ?? Math.min(30 * dayMs, (untilMs - firstMs) / 4);
  assert(validationMs > 0, "some time is kept aside to choose the weights");

  const fromMs = untilMs - validationMs;
  const before = basketsBetween(seen, Number.NEGATIVE_INFINITY, fromMs);
  const after = basketsBetween(seen, fromMs, untilMs);
  const { weights } = tuneWeights({
    models: fitModels(before, fromMs),
    histories: historiesFrom(before),
    after,
    nowMs: fromMs,
    k: options.k ?? 10,
    start: blendWeights,
  });
  return blendOf(fitModels(seen, untilMs), weights);
}

function fitModels(baskets: Baskets, untilMs: number): BlendModels {
  return {
    popularity: fitPopularity(baskets, { untilMs }),
    affinity: fitAffinity(baskets, { untilMs }),
    rhythm: fitRhythm(baskets, { untilMs }),
  };
}
