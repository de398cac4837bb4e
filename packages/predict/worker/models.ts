import { affinityFromBytes, fitAffinity } from "../affinity/affinity.ts";
import { fitEase } from "../affinity/ease.ts";
import { fitGraphFilter } from "../affinity/graph-filter.ts";
import { fitIals, ialsFromBytes } from "../affinity/ials.ts";
import { itemModelFromBytes } from "../affinity/item-model.ts";
import { fitPopularity, popularityFromBytes } from "../affinity/popularity.ts";
import { fitPrunedEase } from "../affinity/pruned-ease.ts";
import { fitRp3Beta } from "../affinity/rp3beta.ts";
import { fitWatch, watchFromBytes } from "../anomaly/watch.ts";
import { basketMixFromBytes, fitBasketMix } from "../basket/basket-mix.ts";
import { blendFromBytes } from "../basket/blend.ts";
import { fitBlend } from "../basket/fit.ts";
import { fitGpTopFreq, gpTopFreqFromBytes } from "../basket/gp-top-freq.ts";
import { fitTifuKnn, tifuKnnFromBytes } from "../basket/tifu-knn.ts";
import { fitUpCf, upCfFromBytes } from "../basket/up-cf.ts";
import { fitIsotonic, isotonicFromBytes } from "../calibrate/isotonic.ts";
import { fitPlatt, plattFromBytes } from "../calibrate/platt.ts";
import { churnFromBytes, fitChurn } from "../churn/churn.ts";
import { arimaFromBytes, fitArima } from "../demand/arima.ts";
import { autoregressionFromBytes, fitAutoregression } from "../demand/autoregression.ts";
import { boostedFromBytes, fitBoosted } from "../demand/boosted.ts";
import { complexSmoothingFromBytes, fitComplexSmoothing } from "../demand/complex-smoothing.ts";
import { fitIntervals, intervalsFromBytes } from "../demand/conformal.ts";
import { ensembleFromBytes, fitEnsemble } from "../demand/ensemble.ts";
import { fitAdida, fitImapa, fitSba, fitTsb, intermittentFromBytes } from "../demand/intermittent.ts";
import { fitMstl, mstlFromBytes } from "../demand/mstl.ts";
import { countDemandFromBytes, fitCountDemand } from "../demand/negative-binomial.ts";
import { fitPooled, pooledFromBytes } from "../demand/pooled.ts";
import { fitSeasonalNaive, seasonalNaiveFromBytes } from "../demand/seasonal-naive.ts";
import { fitSmoothing, smoothingFromBytes } from "../demand/smoothing.ts";
import { fitTheta, thetaFromBytes } from "../demand/theta.ts";
import { aftFromBytes, fitAft } from "../hazard/aft.ts";
import { coxFromBytes, fitCox } from "../hazard/cox.ts";
import {
  type DiscreteHazardOptions,
  discreteHazardFromBytes,
  fitDiscreteHazard,
} from "../hazard/discrete-time.ts";
import { fitKaplanMeier, kaplanMeierFromBytes } from "../hazard/kaplan-meier.ts";
import { fitLimitedFailure, limitedFailureFromBytes } from "../hazard/limited-failure.ts";
import type { Lives } from "../hazard/lives.ts";
import { fitIntent } from "../intent/intent.ts";
import { fitBgNbd, fitMbgCnbd, fitMbgNbd, fitParetoNbd } from "../lifetime/fit.ts";
import { fitGammaGamma, gammaGammaFromBytes } from "../lifetime/gamma-gamma.ts";
import { lifetimeFromBytes } from "../lifetime/lifetime.ts";
import { type LearnerName, learners, learntFromBytes } from "../linear/learners.ts";
import { linearFromBytes } from "../linear/linear.ts";
import { fitLogistic } from "../linear/logistic.ts";
import { fitRidge } from "../linear/ridge.ts";
import { fitPriceResponse, priceResponseFromBytes } from "../price/price-response.ts";
import { erlangRhythmFromBytes } from "../rhythm/erlang.ts";
import { fitErlangRhythm, fitRhythm } from "../rhythm/fit.ts";
import { fitPoissonGamma, poissonGammaFromBytes } from "../rhythm/poisson-gamma.ts";
import { rhythmFromBytes } from "../rhythm/rhythm.ts";
import { fitRunOut, runOutFromBytes } from "../rhythm/run-out.ts";
import { fitNextItem, nextItemFromBytes } from "../sequence/next-item.ts";
import { decayKnnFromBytes, fitDecayKnn } from "../session/decay-knn.ts";
import { fitSessionBlend, sessionBlendFromBytes } from "../session/session-blend.ts";
import { fitVmisKnn, vmisKnnFromBytes } from "../session/vmis-knn.ts";
import { fitTrees } from "../trees/boost.ts";
import { chanceFromBytes, fitChance } from "../trees/chance-model.ts";
import type { Table } from "../trees/table.ts";
import { treesFromBytes } from "../trees/trees.ts";
import { fitSLearner, sLearnerFromBytes } from "../uplift/s-learner.ts";
import { fitTLearner, tLearnerFromBytes } from "../uplift/t-learner.ts";
import type { Trial } from "../uplift/trial.ts";
import { fitXLearner, xLearnerFromBytes } from "../uplift/x-learner.ts";

/** What every model can do, whatever else it can. */
export type Kept = { toBytes(): Uint8Array };

/** How a model is learnt and read back. `dataCount`: the arguments of `fit` that come before its options. */
export type ModelKind<Given extends unknown[], Model extends Kept> = {
  readonly fit: (...given: Given) => Model;
  readonly fromBytes: (bytes: Uint8Array) => Model;
  readonly dataCount: number;
};

const kind =
  (dataCount: number) =>
  <Given extends unknown[], Model extends Kept>(
    fit: (...given: Given) => Model,
    fromBytes: (bytes: Uint8Array) => Model,
  ): ModelKind<Given, Model> => ({ fit, fromBytes, dataCount });
const one = kind(1);
const two = kind(2);

type ByLearner = { readonly learner: LearnerName };
type HazardBy = Omit<DiscreteHazardOptions, "learner"> & ByLearner;

/**
 * Every model that is learnt from data at hand, by name. What is handed to `fit` is data throughout (learners go by
 * name), so that it can cross to another thread, and what comes back crosses as bytes.
 */
export const models = {
  affinity: one(fitAffinity, affinityFromBytes),
  popularity: one(fitPopularity, popularityFromBytes),
  ease: one(fitEase, itemModelFromBytes),
  prunedEase: one(fitPrunedEase, itemModelFromBytes),
  rp3beta: one(fitRp3Beta, itemModelFromBytes),
  graphFilter: one(fitGraphFilter, itemModelFromBytes),
  ials: one(fitIals, ialsFromBytes),
  nextItem: one(fitNextItem, nextItemFromBytes),
  vmisKnn: one(fitVmisKnn, vmisKnnFromBytes),
  decayKnn: one(fitDecayKnn, decayKnnFromBytes),
  sessionBlend: one(fitSessionBlend, sessionBlendFromBytes),
  blend: one(fitBlend, blendFromBytes),
  basketMix: one(fitBasketMix, basketMixFromBytes),
  gpTopFreq: one(fitGpTopFreq, gpTopFreqFromBytes),
  tifuKnn: one(fitTifuKnn, tifuKnnFromBytes),
  upCf: one(fitUpCf, upCfFromBytes),
  rhythm: one(fitRhythm, rhythmFromBytes),
  erlangRhythm: one(fitErlangRhythm, erlangRhythmFromBytes),
  poissonGamma: one(fitPoissonGamma, poissonGammaFromBytes),
  runOut: two(fitRunOut, runOutFromBytes),
  bgNbd: one(fitBgNbd, lifetimeFromBytes),
  mbgNbd: one(fitMbgNbd, lifetimeFromBytes),
  mbgCnbd: one(fitMbgCnbd, lifetimeFromBytes),
  paretoNbd: one(fitParetoNbd, lifetimeFromBytes),
  gammaGamma: one(fitGammaGamma, gammaGammaFromBytes),
  kaplanMeier: one(fitKaplanMeier, kaplanMeierFromBytes),
  cox: two(fitCox, coxFromBytes),
  aft: two(fitAft, aftFromBytes),
  limitedFailure: one(fitLimitedFailure, limitedFailureFromBytes),
  discreteHazard: two(
    (lives: Lives, facts: Table, { learner, ...rest }: HazardBy) =>
      fitDiscreteHazard(lives, facts, { ...rest, learner: learners[learner] }),
    (bytes) => discreteHazardFromBytes(bytes, learntFromBytes),
  ),
  trees: two(fitTrees, treesFromBytes),
  chance: two(fitChance, chanceFromBytes),
  intent: two(fitIntent, chanceFromBytes),
  churn: one(fitChurn, churnFromBytes),
  ridge: two(fitRidge, linearFromBytes),
  logistic: two(fitLogistic, linearFromBytes),
  platt: one(fitPlatt, plattFromBytes),
  isotonic: one(fitIsotonic, isotonicFromBytes),
  tLearner: one(
    (trial: Trial, { learner }: ByLearner) => fitTLearner(trial, learners[learner]),
    (bytes) => tLearnerFromBytes(bytes, learntFromBytes),
  ),
  sLearner: one(
    (trial: Trial, { learner }: ByLearner) => fitSLearner(trial, learners[learner]),
    (bytes) => sLearnerFromBytes(bytes, learntFromBytes),
  ),
  xLearner: one(
    (trial: Trial, { outcome, effect }: { outcome: LearnerName; effect: LearnerName }) =>
      fitXLearner(trial, { outcome: learners[outcome], effect: learners[effect] }),
    (bytes) => xLearnerFromBytes(bytes, learntFromBytes),
  ),
  priceResponse: one(fitPriceResponse, priceResponseFromBytes),
  watch: one(fitWatch, watchFromBytes),
  seasonalNaive: one(fitSeasonalNaive, seasonalNaiveFromBytes),
  smoothing: one(fitSmoothing, smoothingFromBytes),
  complexSmoothing: one(fitComplexSmoothing, complexSmoothingFromBytes),
  theta: one(fitTheta, thetaFromBytes),
  arima: one(fitArima, arimaFromBytes),
  autoregression: one(fitAutoregression, autoregressionFromBytes),
  ensemble: one(fitEnsemble, ensembleFromBytes),
  mstl: one(fitMstl, mstlFromBytes),
  sba: one(fitSba, intermittentFromBytes),
  tsb: one(fitTsb, intermittentFromBytes),
  adida: one(fitAdida, intermittentFromBytes),
  imapa: one(fitImapa, intermittentFromBytes),
  countDemand: one(fitCountDemand, countDemandFromBytes),
  intervals: one(fitIntervals, intervalsFromBytes),
  pooled: one(fitPooled, pooledFromBytes),
  boosted: one(fitBoosted, boostedFromBytes),
} as const;

export type ModelName = keyof typeof models;
/** What a model is fitted on: its data, then its options. */
export type GivenOf<Name extends ModelName> = Parameters<(typeof models)[Name]["fit"]>;
export type ModelOf<Name extends ModelName> = ReturnType<(typeof models)[Name]["fromBytes"]>;
