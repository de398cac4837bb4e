import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { allModelFamilies, modelFamilies } from "../models.ts";
import { words } from "../words.ts";

const instant = Type.String({ description: "RFC 3339, in UTC." });
const uuid = Type.String({ pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" });
const version = Type.String({
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

const family = Type.Enum([...allModelFamilies], { description: "What the model is for." });

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
    against: Type.Union([version, Type.Null()]),
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
  version,
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
  version: Type.Optional(version),
  promoted: Type.Boolean(),
  why: words,
});
export type TrainingOutcome = Static<typeof outcome>;

const training = Type.Object({
  jobId: uuid,
  state: Type.Enum([...trainingStates]),
  step: Type.String({ description: "What is being done, in a word or two." }),
  shareDone: share,
  detail: Type.String({ description: "Why it was refused, failed or stopped; empty otherwise." }),
  version: Type.Optional(version),
  families: Type.Array(outcome, { description: "What came of each family so far." }),
  askedAt: instant,
  changedAt: instant,
});
export type TrainingStatus = Static<typeof training>;

const ranked = (mean: number) => ({ mean, low: mean - 0.01, high: mean + 0.01 });
const example: Model = {
  version: "3",
  family: "purchases",
  champion: true,
  trainedAt: "2026-11-20T15:00:00.000Z",
  dataFrom: "2025-11-20T09:12:00.000Z",
  dataUntil: "2026-11-20T14:58:00.000Z",
  people: 4338,
  orders: 18_532,
  items: 3665,
  drift: null,
  card: {
    says: modelFamilies.purchases.says,
    recipe: "blend",
    measured: {
      ...modelFamilies.purchases.measure,
      value: ranked(0.13),
      rivals: [{ name: "popularity", value: ranked(0.04) }],
    },
    groups: [{ by: "country", is: "EC", people: 1210, value: ranked(0.13) }],
    leftOut: [{ by: "age", is: "65+", people: 12 }],
    inputs: {
      says: modelFamilies.purchases.inputs,
      bounds: [7, 14, 30, 60],
      shares: [0.2, 0.2, 0.3, 0.2, 0.1],
    },
    split: { at: "2026-10-21T14:58:00.000Z", days: 30, people: 1420 },
    nextBasket: {
      blend: { recall10: ranked(0.13), ndcg10: ranked(0.2) },
      chances: { recall10: ranked(0.12), ndcg10: ranked(0.19) },
      popularity: { recall10: ranked(0.04), ndcg10: ranked(0.06) },
      repeatLastBasket: { recall10: ranked(0.08), ndcg10: ranked(0.13) },
    },
    nextPurchase: {
      purchases: 20_000,
      coverage80: 0.8,
      rhythm: { lossDays: 9.1, medianLossDays: 12.4 },
      personMean: { lossDays: 14.9, medianLossDays: 14.9 },
    },
    settings: { horizonDays: 7 },
    verdict: {
      promoted: true,
      against: "2",
      gain: { mean: 0.002, low: -0.001, high: 0.005 },
      why: {
        en: "Not worse than model 2, and it knows more days.",
        es: "No es peor que el modelo 2 y conoce más días.",
      },
    },
  },
};
const jobId = "0198c0de-0000-7000-8000-000000000007";

export const startTraining = endpoint({
  name: "startTraining",
  method: "POST",
  path: "/v1/models/train",
  tag: "scores",
  says: "Trains new models in the background, one of each family or of the one that is named.",
  more: "Each learns from what was kept, is measured on the latest of it as if it had not happened yet, and takes charge of its family when it is not worse than the model in charge. A family without enough to learn from says so and holds up no other. One training runs at a time.",
  needs: "scores:train",
  query: Type.Object({ family: Type.Optional(family) }),
  gives: Type.Object({ jobId: uuid }),
  status: 202,
  problems: ["request_invalid"],
  idempotent: true,
  example: { query: {}, gives: { jobId } },
});

export const readTraining = endpoint({
  name: "readTraining",
  method: "GET",
  path: "/v1/models/training/{jobId}",
  tag: "scores",
  says: "Says how far a training is.",
  needs: "scores:read",
  params: Type.Object({ jobId: uuid }),
  gives: training,
  problems: ["request_invalid", "job_unknown"],
  example: {
    params: { jobId },
    gives: {
      jobId,
      state: "running",
      step: "measuring",
      shareDone: 0.6,
      detail: "",
      families: [],
      askedAt: "2026-11-20T15:00:00.000Z",
      changedAt: "2026-11-20T15:00:20.000Z",
    },
  },
});

export const listModels = endpoint({
  name: "listModels",
  method: "GET",
  path: "/v1/models",
  tag: "scores",
  says: "Lists models with their cards, newest first, a page at a time.",
  needs: "scores:read",
  query: Type.Object({
    family: Type.Optional(family),
    after: Type.Optional(version),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRowsMax })),
  }),
  gives: Type.Object({ models: Type.Array(model), next: Type.Optional(version) }),
  problems: ["request_invalid"],
  example: { query: { limit: 1 }, gives: { models: [example], next: "3" } },
});

export const readModel = endpoint({
  name: "readModel",
  method: "GET",
  path: "/v1/models/{model}",
  tag: "scores",
  says: "Reads one model's card: on what it was trained, how well it did and what has changed since.",
  more: "A family's name stands for its model in charge. While a family has none, the problem says why.",
  needs: "scores:read",
  params: Type.Object({
    model: Type.String({
      pattern: `^([1-9][0-9]{0,17}|${allModelFamilies.join("|")})$`,
      description: "A version, or a family's name.",
    }),
  }),
  gives: model,
  problems: ["request_invalid", "model_unknown"],
  example: { params: { model: "purchases" }, gives: example },
});

const familyState = Type.Object({
  family,
  says: words,
  version: Type.Optional(version),
  measured: Type.Optional(measured),
  drift: Type.Optional(drift),
  last: Type.Union([
    Type.Object({ at: instant, state: outcome.properties.state, why: words }),
    Type.Null({ description: "It was never trained." }),
  ]),
});
export type ModelFamilyState = Static<typeof familyState>;

export const listModelFamilies = endpoint({
  name: "listModelFamilies",
  method: "GET",
  path: "/v1/model-families",
  tag: "scores",
  says: "Lists what models there are for, which one is in charge of each, and how its last training went.",
  needs: "scores:read",
  gives: Type.Object({ families: Type.Array(familyState) }),
  problems: [],
  example: {
    gives: {
      families: [
        {
          family: "purchases",
          says: modelFamilies.purchases.says,
          version: "3",
          last: { at: "2026-11-20T15:01:00.000Z", state: "trained", why: example.card.verdict.why },
        },
      ],
    },
  },
});

export const promoteModel = endpoint({
  name: "promoteModel",
  method: "POST",
  path: "/v1/models/{version}/promote",
  tag: "scores",
  says: "Puts a model in charge, whatever its figures say; also the way back to an earlier one.",
  more: "Every hub uses it within two seconds. Promoting the one in charge changes nothing.",
  needs: "scores:train",
  params: Type.Object({ version }),
  gives: model,
  problems: ["request_invalid", "model_unknown"],
  idempotent: true,
  example: { params: { version: "3" }, gives: example },
});
