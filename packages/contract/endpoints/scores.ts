import { limits } from "@trato/base";
import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { allModelFamilies, modelFamilies } from "../models.ts";
import { family, familyState, jobId, type Model, model, modelVersion, training } from "./score-shapes.ts";

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
const exampleJob = "0198c0de-0000-7000-8000-000000000007";

export const startTraining = endpoint({
  name: "startTraining",
  method: "POST",
  path: "/v1/models/train",
  tag: "scores",
  says: "Trains new models in the background, one of each family or of the one that is named.",
  more: "Each learns from what was kept, is measured on the latest of it as if it had not happened yet, and takes charge of its family when it is not worse than the model in charge. A family without enough to learn from says so and holds up no other. One training runs at a time.",
  needs: "scores:train",
  query: Type.Object({ family: Type.Optional(family) }),
  gives: Type.Object({ jobId }),
  status: 202,
  problems: ["request_invalid"],
  idempotent: true,
  example: { query: {}, gives: { jobId: exampleJob } },
});

export const readTraining = endpoint({
  name: "readTraining",
  method: "GET",
  path: "/v1/models/training/{jobId}",
  tag: "scores",
  says: "Says how far a training is.",
  needs: "scores:read",
  params: Type.Object({ jobId }),
  gives: training,
  problems: ["request_invalid", "job_unknown"],
  example: {
    params: { jobId: exampleJob },
    gives: {
      jobId: exampleJob,
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
    after: Type.Optional(modelVersion),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRowsMax })),
  }),
  gives: Type.Object({ models: Type.Array(model), next: Type.Optional(modelVersion) }),
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
  params: Type.Object({ version: modelVersion }),
  gives: model,
  problems: ["request_invalid", "model_unknown"],
  idempotent: true,
  example: { params: { version: "3" }, gives: example },
});
