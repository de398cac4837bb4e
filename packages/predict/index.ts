export * from "./affinity/affinity.ts";
export * from "./affinity/choose-blend.ts";
export { fitEase } from "./affinity/ease.ts";
export type { EaseOptions } from "./affinity/ease-options.ts";
export { fitGraphFilter, type GraphFilterOptions } from "./affinity/graph-filter.ts";
export * from "./affinity/ials.ts";
export { type ItemModel, itemModelFrom, itemModelFromBytes } from "./affinity/item-model.ts";
export type { Neighbours } from "./affinity/neighbours.ts";
export * from "./affinity/popularity.ts";
export * from "./affinity/pruned-ease.ts";
export * from "./affinity/rp3beta.ts";
export * from "./affinity/taste-blend.ts";
export * from "./anomaly/contextual.ts";
export type { Detector } from "./anomaly/detector.ts";
export * from "./anomaly/extremes.ts";
export * from "./anomaly/knn-conformal.ts";
export * from "./anomaly/seasonal.ts";
export * from "./anomaly/usual-count.ts";
export * from "./anomaly/watch.ts";
export * from "./arrays/baskets.ts";
export * from "./arrays/interactions.ts";
export * from "./arrays/sequences.ts";
export { type Top, topOf } from "./arrays/top.ts";
export * from "./bandit/beta-thompson.ts";
export * from "./bandit/linear-thompson.ts";
export * from "./bandit/odds.ts";
export { type Logged, type OffPolicy, type OffPolicyOptions, valueOffPolicy } from "./bandit/off-policy.ts";
export * from "./bandit/reward-model.ts";
export {
  type BasketMix,
  type BasketMixOptions,
  basketMixFromBytes,
  fitBasketMix,
  mixWeights,
} from "./basket/basket-mix.ts";
export {
  type Blend,
  type BlendModels,
  type BlendWeights,
  blendFromBytes,
  blendOf,
  blendParts,
  blendWeights,
} from "./basket/blend.ts";
export { type BlendOptions, fitBlend } from "./basket/fit.ts";
export { fitGpTopFreq, gpTopFreqFromBytes, type TopFreqOptions } from "./basket/gp-top-freq.ts";
export * from "./basket/history.ts";
export { type MixWeights, mixParts } from "./basket/mix-parts.ts";
export { type BasketModel, type Past, pastsFrom } from "./basket/past.ts";
export * from "./basket/repeat-last.ts";
export { fitTifuKnn, type TifuOptions, tifuKnnFromBytes } from "./basket/tifu-knn.ts";
export { fitUpCf, type UpCf, type UpCfOptions, upCfFromBytes } from "./basket/up-cf.ts";
export * from "./calibrate/isotonic.ts";
export * from "./calibrate/platt.ts";
export * from "./churn/churn.ts";
export * from "./churn/person-table.ts";
export * from "./demand/arima.ts";
export type { Order } from "./demand/arima-order.ts";
export * from "./demand/autoregression.ts";
export * from "./demand/boosted.ts";
export * from "./demand/complex-smoothing.ts";
export * from "./demand/conformal.ts";
export * from "./demand/ensemble.ts";
export * from "./demand/intermittent.ts";
export type { LocalModel } from "./demand/local.ts";
export * from "./demand/mstl.ts";
export * from "./demand/negative-binomial.ts";
export type { Alike, Asked, Known, Panel, PastRules } from "./demand/panel.ts";
export * from "./demand/pooled.ts";
export * from "./demand/reconcile.ts";
export * from "./demand/seasonal-naive.ts";
export * from "./demand/seasons.ts";
export * from "./demand/smoothing.ts";
export * from "./demand/theta.ts";
export * from "./evaluate/bootstrap.ts";
export * from "./evaluate/chances.ts";
export * from "./evaluate/forecasts.ts";
export * from "./evaluate/intervals.ts";
export * from "./evaluate/metrics.ts";
export * from "./evaluate/next-basket.ts";
export * from "./evaluate/next-purchase.ts";
export * from "./evaluate/top-n.ts";
export { type Aft, type AftOptions, aftFromBytes, fitAft } from "./hazard/aft.ts";
export * from "./hazard/concordance.ts";
export { type Cox, type CoxOptions, coxFromBytes, fitCox } from "./hazard/cox.ts";
export * from "./hazard/discrete-time.ts";
export * from "./hazard/kaplan-meier.ts";
export type { LifeKind } from "./hazard/life-kinds.ts";
export * from "./hazard/limited-failure.ts";
export type { Lives } from "./hazard/lives.ts";
export * from "./hazard/remaining.ts";
export * from "./hazard/repairs.ts";
export * from "./intent/intent.ts";
export * from "./kernels/kernels.ts";
export { plainKernels } from "./kernels/plain.ts";
export { invertShare, type Share } from "./kernels/share.ts";
export { type SharedKernels, wasmKernels } from "./kernels/wasm.ts";
export { type Workspace, workspace, workspaceIn } from "./kernels/workspace.ts";
export { type Buyer, type Buyers, type BuyersOf, buyersFrom, type Purchases } from "./lifetime/buyers.ts";
export { fitBgNbd, fitMbgCnbd, fitMbgNbd, fitParetoNbd } from "./lifetime/fit.ts";
export * from "./lifetime/gamma-gamma.ts";
export { type Lifetime, lifetimeFromBytes, type Purchase, purchasesOf } from "./lifetime/lifetime.ts";
export * from "./lifetime/value.ts";
export type { Learner, Learnt, Reader } from "./linear/learner.ts";
export { type LearnerName, learners, learntFromBytes } from "./linear/learners.ts";
export { type Linear, linearFromBytes } from "./linear/linear.ts";
export { fitLogistic } from "./linear/logistic.ts";
export { fitRidge, type LinearOptions } from "./linear/ridge.ts";
export { digamma, gammaAbove, gammaBelow } from "./numbers/gamma.ts";
export { hypergeometric } from "./numbers/hypergeometric.ts";
export { normalBelow, normalQuantile } from "./numbers/normal.ts";
export { studentQuantile } from "./numbers/student.ts";
export { type Grouping, groupingOf } from "./price/effects.ts";
export * from "./price/orthogonal.ts";
export * from "./price/price-response.ts";
export type { Slope } from "./price/slope.ts";
export { type ErlangParts, type ErlangRhythm, erlangRhythmFromBytes } from "./rhythm/erlang.ts";
export { fitErlangRhythm, fitRhythm, type RhythmOptions } from "./rhythm/fit.ts";
export { type Others, othersInTime, othersOf } from "./rhythm/others.ts";
export * from "./rhythm/person-mean.ts";
export {
  fitPoissonGamma,
  type PoissonGamma,
  type PoissonGammaOptions,
  poissonGammaFromBytes,
} from "./rhythm/poisson-gamma.ts";
export type { Due } from "./rhythm/renewal.ts";
export { type Rhythm, rhythmFromBytes } from "./rhythm/rhythm.ts";
export {
  addSupply,
  fitRunOut,
  noSupplies,
  type RunOut,
  runOutFromBytes,
  type SupplyStats,
  supplies,
} from "./rhythm/run-out.ts";
export { type Series, seriesFrom } from "./rhythm/series.ts";
export { addPurchase, intervalDays, isNewDay, noPurchases, type RhythmStats } from "./rhythm/stats.ts";
export * from "./sequence/next-item.ts";
export { type SessionWeights, sessionParts } from "./session/blend-parts.ts";
export {
  type DecayOptions,
  type DecaySettings,
  decayKnnFromBytes,
  fitDecayKnn,
} from "./session/decay-knn.ts";
export type { RingModel, RingOptions, SessionModel } from "./session/model.ts";
export {
  fitSessionBlend,
  type SessionBlend,
  type SessionBlendOptions,
  sessionBlendFromBytes,
  sessionWeights,
} from "./session/session-blend.ts";
export { checkSessions, type Sessions, sessionsFrom } from "./session/sessions.ts";
export { fitVmisKnn, type VmisOptions, vmisKnnFromBytes } from "./session/vmis-knn.ts";
export { type Answers, fitTrees } from "./trees/boost.ts";
export { type ChanceModel, type ChanceOptions, chanceFromBytes, fitChance } from "./trees/chance-model.ts";
export type { Aim } from "./trees/objective.ts";
export type { TreeOptions } from "./trees/options.ts";
export { type Column, rowsOf, type Table, tableOf } from "./trees/table.ts";
export { type ColumnName, type Trees, treesFromBytes } from "./trees/trees.ts";
export * from "./uplift/qini.ts";
export * from "./uplift/s-learner.ts";
export * from "./uplift/t-learner.ts";
export { checkTrial, type Trial, type Uplift } from "./uplift/trial.ts";
export * from "./uplift/x-learner.ts";
export { type FitInWorkerOptions, fitInWorker } from "./worker/fit-in-worker.ts";
export {
  type GivenOf,
  type Kept,
  type ModelKind,
  type ModelName,
  type ModelOf,
  models,
} from "./worker/models.ts";
