import { chance, dayMs, normal } from "@trato/base";
import { interactionsFrom, interactionsOf } from "../arrays/interactions.ts";
import { sequencesFrom } from "../arrays/sequences.ts";
import { groupingOf } from "../price/effects.ts";
import { sessionsFrom } from "../session/sessions.ts";
import { tableOf } from "../trees/table.ts";
import type { GivenOf, ModelName } from "../worker/models.ts";
import { flatten, type PlainBasket } from "./arbitraries.ts";

/** What a model is tried on: something tiny to learn, and data that say nothing. */
export type ModelCase<Name extends ModelName> = {
  readonly given: Readonly<GivenOf<Name>>;
  readonly nothing: Readonly<GivenOf<Name>>;
  /** What it says of nothing; absent where it falls back, as its documentation says. */
  readonly refuses?: RegExp;
};

const people = 24;
const items = 8;
const draw = chance(11);

/** Half of the people take even items, the other half odd ones, every week. */
const plain: PlainBasket[] = Array.from({ length: people * 12 }, (_, at) => {
  const person = Math.floor(at / 12);
  const held = [0, 1].map((step) => 2 * ((at + step) % (items / 2)) + (person % 2));
  return { person, timeMs: (20_000 + 7 * (at % 12) + (person % 3)) * dayMs, items: held };
});
const baskets = flatten(plain, people, items);
const noBaskets = flatten([], people, items);
const lists = Array.from({ length: people }, (_, person) =>
  Array.from({ length: 6 }, (_, step) => 2 * ((person + step) % (items / 2)) + (person % 2)),
);
const rowCount = 240;
const x = Float64Array.from({ length: rowCount }, () => draw());
const facts = tableOf({ x, square: x.map((_, row) => row % 2) }, ["square"]);
const noFacts = tableOf({ x: new Float64Array(0), square: new Float64Array(0) }, ["square"]);
const came = x.map((one, row) => (one + (row % 2) > 0.9 ? 1 : 0));
const count = x.map((_, row) => (row * 7) % 5);
const lives = {
  end: x.map((one, row) => 1 + 20 * -Math.log(1 - 0.98 * one) * (1 + (row % 2))),
  failed: Uint8Array.from(x, (_, row) => (row % 4 === 0 ? 0 : 1)),
};
const noLives = { end: new Float64Array(0), failed: new Uint8Array(0) };
const buyers = {
  repeats: count,
  recency: count.map((one, row) => (one === 0 ? 0 : 10 + 15 * x[row]!)),
  age: x.map((one) => 30 + 10 * one),
  sumLnGaps: count.map((one, row) => (one === 0 ? 0 : one * Math.log((10 + 15 * x[row]!) / one))),
};
const one = Float64Array.of(1);
const nobodyBack = {
  repeats: new Float64Array(3),
  recency: new Float64Array(3),
  age: one.with(0, 30),
  sumLnGaps: one,
};
const series = Float64Array.from(
  { length: 60 },
  (_, t) => 20 + 5 * Math.sin((2 * Math.PI * t) / 7) + normal(draw),
);
const seldom = series.map((value, t) => (t % 3 === 0 ? Math.round(value) : 0));
const noSeries = new Float64Array(0);
const panel = { values: [series, seldom], known: {}, groups: { item: Int32Array.of(0, 1) } };
const trial = { facts, treated: Uint8Array.from(x, (_, row) => (row % 3 === 0 ? 1 : 0)), outcome: came };
const noTrial = { facts: noFacts, treated: new Uint8Array(0), outcome: new Float64Array(0) };
const sales = {
  units: x.map((_, row) => Math.exp(3 - 2 * Math.log(1 + (row % 5)) + 0.1 * normal(draw))),
  price: x.map((_, row) => 1 + (row % 5)),
  item: groupingOf(Int32Array.from(x, (_, row) => row % 6)),
  others: [],
};
const noSales = { units: noSeries, price: noSeries, item: groupingOf([]), others: [] };
const outcomes = { scores: x, came };
const noOutcomes = { scores: noSeries, came: noSeries };

const held = interactionsOf(baskets);
const nothingHeld = interactionsFrom([], 0);
const ofItems = { given: [held], nothing: [nothingHeld] } as const;
const ofBaskets = { given: [baskets], nothing: [noBaskets] } as const;
const ofSessions = { given: [sessionsFrom(lists, items)], nothing: [sessionsFrom([], items)] } as const;
const ofBuyers = { given: [buyers], nothing: [nobodyBack], refuses: /every|came back|nobody/i } as const;
const ofSeries = { given: [series], nothing: [noSeries], refuses: /a series has a value/ } as const;
const ofSeldom = { given: [seldom], nothing: [noSeries], refuses: /a series has a value/ } as const;
const noRow = /row|answer/;

/** One for each model there is: the type asks for the one that is missing. */
export const modelCases: { readonly [Name in ModelName]: ModelCase<Name> } = {
  affinity: ofBaskets,
  popularity: ofBaskets,
  ease: ofItems,
  prunedEase: ofItems,
  rp3beta: ofItems,
  graphFilter: ofItems,
  ials: { given: [held, { dimensions: 4, rounds: 3 }], nothing: [nothingHeld, { dimensions: 4 }] },
  nextItem: { given: [sequencesFrom(lists, items)], nothing: [sequencesFrom([], items)] },
  vmisKnn: ofSessions,
  decayKnn: ofSessions,
  sessionBlend: ofSessions,
  blend: { ...ofBaskets, refuses: /time|basket/ },
  basketMix: ofBaskets,
  gpTopFreq: ofBaskets,
  tifuKnn: ofBaskets,
  upCf: ofBaskets,
  rhythm: ofBaskets,
  erlangRhythm: ofBaskets,
  poissonGamma: ofBaskets,
  runOut: {
    given: [baskets, new Float64Array(baskets.itemOf.length).fill(2)],
    nothing: [noBaskets, new Float64Array(0)],
  },
  bgNbd: ofBuyers,
  mbgNbd: ofBuyers,
  mbgCnbd: { given: [buyers, { kMax: 2 }], nothing: [nobodyBack], refuses: ofBuyers.refuses },
  paretoNbd: ofBuyers,
  gammaGamma: {
    given: [{ purchases: count, meanValue: x.map((value) => 10 + 5 * value) }],
    nothing: [{ purchases: new Float64Array(1), meanValue: new Float64Array(1) }],
    refuses: /Fewer than two buyers/,
  },
  kaplanMeier: { given: [lives], nothing: [noLives], refuses: /Nothing failed/ },
  cox: { given: [lives, facts], nothing: [noLives, noFacts], refuses: /fail|life|row/ },
  aft: { given: [lives, facts], nothing: [noLives, noFacts], refuses: /fail|life|row/ },
  limitedFailure: { given: [lives], nothing: [noLives], refuses: /fail|life/ },
  discreteHazard: {
    given: [lives, facts, { periodEnds: [5, 10, 20], learner: "logistic" }],
    nothing: [noLives, noFacts, { periodEnds: [5], learner: "logistic" }],
    refuses: /fail/,
  },
  trees: {
    given: [facts, { target: came }, { aim: { kind: "binary" }, rounds: 5 }],
    nothing: [noFacts, { target: [] }, { aim: { kind: "binary" } }],
    refuses: noRow,
  },
  chance: { given: [facts, came, { rounds: 5 }], nothing: [noFacts, []], refuses: noRow },
  intent: { given: [facts, came, { rounds: 5 }], nothing: [noFacts, []], refuses: noRow },
  churn: {
    given: [baskets, { horizonMs: 14 * dayMs, rounds: 5 }],
    nothing: [noBaskets],
    refuses: /person|order|row/,
  },
  ridge: { given: [facts, { target: x }], nothing: [noFacts, { target: [] }] },
  logistic: { given: [facts, { target: came }], nothing: [noFacts, { target: [] }] },
  platt: { given: [outcomes], nothing: [noOutcomes], refuses: /one at least/ },
  isotonic: { given: [outcomes], nothing: [noOutcomes], refuses: /one at least/ },
  tLearner: {
    given: [trial, { learner: "ridge" }],
    nothing: [noTrial, { learner: "ridge" }],
    refuses: /One group is empty/,
  },
  sLearner: {
    given: [trial, { learner: "ridge" }],
    nothing: [noTrial, { learner: "ridge" }],
    refuses: /One group is empty/,
  },
  xLearner: {
    given: [trial, { outcome: "logistic", effect: "ridge" }],
    nothing: [noTrial, { outcome: "logistic", effect: "ridge" }],
    refuses: /One group is empty/,
  },
  priceResponse: { given: [sales], nothing: [noSales], refuses: /row|price|item/ },
  watch: { given: [series], nothing: [noSeries] },
  seasonalNaive: { given: [series, { seasonRows: 7 }], nothing: [noSeries], refuses: ofSeries.refuses },
  smoothing: ofSeries,
  complexSmoothing: ofSeries,
  theta: ofSeries,
  arima: { given: [series, { seasonRows: 7 }], nothing: [noSeries], refuses: ofSeries.refuses },
  autoregression: ofSeries,
  mstl: {
    given: [series, { seasons: [7] }],
    nothing: [noSeries, { seasons: [7] }],
    refuses: ofSeries.refuses,
  },
  ensemble: { given: [series, { seasons: [7] }], nothing: [noSeries], refuses: ofSeries.refuses },
  sba: ofSeldom,
  tsb: ofSeldom,
  adida: ofSeldom,
  imapa: ofSeldom,
  countDemand: ofSeldom,
  intervals: {
    given: [[1, 2, 3, 4, 5, 6].map((ahead) => ({ ahead: 1 + (ahead % 2), said: ahead, came: ahead + 0.5 }))],
    nothing: [[]],
    refuses: /a forecast of the past/,
  },
  pooled: { given: [[series, seldom], { lags: [1, 2, 7] }], nothing: [[], { lags: [1] }] },
  boosted: {
    given: [panel, { untilPeriod: 60, ahead: [0, 1], lags: [2, 7], windows: [7], trees: { rounds: 5 } }],
    nothing: [
      { ...panel, values: [series.map(() => Number.NaN)], groups: {} },
      { untilPeriod: 60, ahead: [0, 1], lags: [2], windows: [] },
    ],
    refuses: /was seen before an origin/,
  },
};
