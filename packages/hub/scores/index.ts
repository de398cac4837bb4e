export { lookForDrift, type TrainJobNeeds, trainWaiting } from "./jobs/train.ts";
export { churnHorizonOf } from "./leaving.ts";
export { createLiveScores, type LiveScores } from "./live.ts";
export { type Clicked, createLiveVisits, type LiveVisits } from "./live-visits.ts";
export {
  eraseScoresOf,
  lastScoredMs,
  type PersonScore,
  readScorePage,
  readScoresOf,
  type ScoreCursor,
} from "./person-store.ts";
export { askIntentRoute } from "./routes/ask-intent.ts";
export { listAnomaliesRoute } from "./routes/list-anomalies.ts";
export { listDemandRoute } from "./routes/list-demand.ts";
export { listFamiliesRoute } from "./routes/list-families.ts";
export { listModelsRoute } from "./routes/list-models.ts";
export { promoteModelRoute } from "./routes/promote-model.ts";
export { readModelRoute } from "./routes/read-model.ts";
export { readPriceResponseRoute } from "./routes/read-price-response.ts";
export { readScoresRoute } from "./routes/read-scores.ts";
export { readTrainingRoute } from "./routes/read-training.ts";
export { startTrainingRoute } from "./routes/start-training.ts";
export { type SharedClicks, shareClicks } from "./shared-clicks.ts";
export { type InterestState, interestSlice, type View } from "./slice.ts";
export { type ModelRow, readChampion } from "./store.ts";
export type { PersonTraits, Purchase } from "./training/collect.ts";
export type { AssetEvent } from "./training/collect-assets.ts";
export type { Chosen } from "./training/collect-trial.ts";
export type { Browsed } from "./training/collect-visits.ts";
export type { Sources } from "./training/sources.ts";
export { type OnProgress, type TrainNeeds, train } from "./training/train.ts";
export { askForTraining, pruneTrainings } from "./training-store.ts";
export { type How, type Neighbour, noScores, openScores, type Scores } from "./view.ts";
