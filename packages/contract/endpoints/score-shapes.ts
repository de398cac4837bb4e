import { type Static, Type } from "typebox";
import { allModelFamilies } from "../models.ts";
import { words } from "../words.ts";

const instant = Type.String({ description: "RFC 3339, in UTC." });
export const jobId = Type.String({
  pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
});
export const modelVersion = Type.String({
  pattern: "^[1-9][0-9]{0,17}$",
  description: "A whole number; later models have greater ones.",
});
const share = Type.Number({ minimum: 0, maximum: 1 });
const count = Type.Integer({ minimum: 0 });

/** A mean over people with its 95 % interval. */
const estimate = Type.Object({ mean: Type.Number(), low: Type.Number(), high: Type.Number() });

/** How well a ranking foretold what people bought next. */
const ranking = Type.Object({
  recall10: estimate,
  ndcg10: estimate,
});

/** How well a forecast foretold when people bought again. Losses are pinball losses in days: less is better. */
const forecast = Type.Object({
  lossDays: Type.Number({ description: "Mean pinball loss of the 10 %, 50 % and 90 % points." }),
  medianLossDays: Type.Number({ description: "Half the mean absolute error of the median." }),
});

export const family = Type.Enum([...allModelFamilies], { description: "What the model is for." });

/** How good a model is on a time it had not seen, and how good what it is to beat. */
const measured = Type.Object({
  name: Type.String(),
  says: words,
  better: Type.Union([Type.Literal("more"), Type.Literal("less")]),
  value: estimate,
  rivals: Type.Array(Type.Object({ name: Type.String(), value: estimate })),
});

const groupKind = Type.Union([Type.Literal("country"), Type.Literal("channel"), Type.Literal("age")]);
const group = { by: groupKind, is: Type.String(), people: count };

/** What the model is asked about: the shares of it between bounds, to see later whether it has changed. */
const inputs = Type.Object({
  says: words,
  bounds: Type.Array(Type.Number()),
  shares: Type.Array(share),
});

/** On what a model was trained, how it did on a later time it had not seen, and what was decided from that. */
export const modelCard = Type.Object({
  says: words,
  recipe: Type.String({ description: "Which of the family's ways to learn won." }),
  split: Type.Object({
    at: instant,
    days: Type.Number({ description: "How much of the end was kept aside to measure with." }),
    people: Type.Integer({ description: "People, visits or things that were measured on." }),
  }),
  measured: Type.Union([measured, Type.Null({ description: "Nobody to measure on." })]),
  groups: Type.Array(Type.Object({ ...group, value: estimate }), {
    description: "The same figure for each country, channel and age band with enough people.",
  }),
  leftOut: Type.Array(Type.Object(group), { description: "Groups with too few people for a figure." }),
  inputs: Type.Union([inputs, Type.Null()]),
  nextBasket: Type.Optional(
    Type.Union([
      Type.Object({
        /** The weighted sum that ranks best. */
        blend: ranking,
        /** The chances that decisions add up, multiplied there by what an item is worth. */
        chances: ranking,
        popularity: ranking,
        repeatLastBasket: ranking,
      }),
      Type.Null({ description: "Nobody bought on both sides of the split." }),
    ]),
  ),
  nextPurchase: Type.Optional(
    Type.Union([
      Type.Object({
        purchases: count,
        coverage80: Type.Number({
          description: "The share of purchases inside the rhythm's interval, which is to hold 80 %.",
        }),
        rhythm: forecast,
        /** The person's mean interval: a single date, the yardstick. */
        personMean: forecast,
      }),
      Type.Null({ description: "Nothing was bought again after the split." }),
    ]),
  ),
  settings: Type.Record(Type.String(), Type.Number()),
  verdict: Type.Object({
    promoted: Type.Boolean(),
    against: Type.Union([modelVersion, Type.Null()]),
    /** How much better it is than the model in charge, person by person; below 0 is worse. */
    gain: Type.Union([estimate, Type.Null()]),
    why: words,
  }),
});
export type ModelCard = Static<typeof modelCard>;

/** What has changed since a model learnt. */
const drift = Type.Object({
  measuredAt: instant,
  stability: Type.Union([Type.Number(), Type.Null()], {
    description: "Population stability index of the inputs: below 0.1 is calm, above 0.25 another shop.",
  }),
  since: Type.Union([Type.Object({ people: count, value: estimate }), Type.Null()], {
    description: "The card's figure on what happened since; null while that is too little.",
  }),
  says: words,
});
export type ModelDrift = Static<typeof drift>;

export const model = Type.Object({
  version: modelVersion,
  family,
  champion: Type.Boolean({ description: "True for the one of its family that is in charge." }),
  trainedAt: instant,
  dataFrom: instant,
  dataUntil: instant,
  people: count,
  orders: count,
  items: count,
  card: modelCard,
  drift: Type.Union([drift, Type.Null({ description: "Nothing was measured since it learnt." })]),
});
export type Model = Static<typeof model>;

export const trainingStates = ["waiting", "running", "done", "refused", "failed", "stopped"] as const;
export type TrainingState = (typeof trainingStates)[number];

/** What came of one family in a training. */
const outcome = Type.Object({
  family,
  state: Type.Union([Type.Literal("trained"), Type.Literal("lacking"), Type.Literal("failed")]),
  version: Type.Optional(modelVersion),
  promoted: Type.Boolean(),
  why: words,
});
export type TrainingOutcome = Static<typeof outcome>;

export const training = Type.Object({
  jobId,
  state: Type.Enum([...trainingStates]),
  step: Type.String({ description: "What is being done, in a word or two." }),
  shareDone: share,
  detail: Type.String({ description: "Why it was refused, failed or stopped; empty otherwise." }),
  version: Type.Optional(modelVersion),
  families: Type.Array(outcome, { description: "What came of each family so far." }),
  askedAt: instant,
  changedAt: instant,
});
export type TrainingStatus = Static<typeof training>;

export const familyState = Type.Object({
  family,
  says: words,
  version: Type.Optional(modelVersion),
  measured: Type.Optional(measured),
  drift: Type.Optional(drift),
  last: Type.Union([
    Type.Object({ at: instant, state: outcome.properties.state, why: words }),
    Type.Null({ description: "It was never trained." }),
  ]),
});
export type ModelFamilyState = Static<typeof familyState>;
