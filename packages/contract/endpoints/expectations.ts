import { limits } from "@trato/base";
import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { words } from "../words.ts";
import { family, jobId, modelVersion } from "./score-shapes.ts";

export const readPersonScores = endpoint({
  name: "readPersonScores",
  method: "GET",
  path: "/v1/people/{personId}/scores",
  tag: "scores",
  says: "Reads what the models in charge expect of a person and of the things they registered.",
  more: "They are worked out for everybody after a training and every night. `lifetime`: the chance that they still come (`alive`), the purchase days and the money expected within `horizonDays`. `churn`: the chance that they order again within its own `horizonDays` (`returns`). `uplift`: by how much deciding for them raises the chance that they order within `horizonDays` (`raises`). `care`: when a thing will need care, with an 80 % interval.",
  needs: "people:read",
  params: Type.Object({ personId: jobId }),
  gives: Type.Object({
    personId: jobId,
    scores: Type.Array(
      Type.Object({
        family,
        subject: Type.Optional(
          Type.String({ description: "The thing it is about; the person when left out." }),
        ),
        version: modelVersion,
        scoredAt: Type.String(),
        score: Type.Record(Type.String(), Type.Unknown()),
      }),
    ),
  }),
  problems: ["request_invalid", "person_unknown", "person_erased"],
  example: {
    params: { personId: "0198c1de-7f3a-7a10-9d55-2f0a8e4b6c11" },
    gives: {
      personId: "0198c1de-7f3a-7a10-9d55-2f0a8e4b6c11",
      scores: [
        {
          family: "lifetime",
          version: "5",
          scoredAt: "2026-11-20T15:01:00.000Z",
          score: {
            ...{ alive: 0.93, purchases: 4.2, horizonDays: 90, valueMinor: 18_200, currency: "USD" },
            ...{ repeats: 11, usualGapDays: 21.3, silentDays: 9 },
          },
        },
      ],
    },
  },
});

export const listDemand = endpoint({
  name: "listDemand",
  method: "GET",
  path: "/v1/demand",
  tag: "scores",
  says: "Lists how many of each item will be asked for at each place in the weeks to come.",
  more: "Four weeks from the last order on, told anew after a training and every night; with the points that 10 %, 50 % and 90 % of such forecasts stayed below. Items that sold least, or for less than eight weeks, are left out.",
  needs: "scores:read",
  query: Type.Object({
    sku: Type.Optional(Type.String()),
    place: Type.Optional(Type.String()),
    after: Type.Optional(Type.String({ maxLength: 1_000, description: "The `next` of the page before." })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRowsMax })),
  }),
  gives: Type.Object({
    weeks: Type.Array(
      Type.Object({
        sku: Type.String(),
        place: Type.Optional(Type.String({ description: "Left out for orders that named none." })),
        weekStart: Type.String(),
        low: Type.Number(),
        median: Type.Number(),
        high: Type.Number(),
        version: modelVersion,
      }),
    ),
    next: Type.Optional(Type.String()),
  }),
  problems: ["request_invalid"],
  example: {
    query: { sku: "CAF-500", limit: 1 },
    gives: {
      weeks: [
        {
          ...{ sku: "CAF-500", place: "quito-norte", weekStart: "2026-11-23T00:00:00.000Z" },
          ...{ low: 12.1, median: 18.4, high: 25.9, version: "8" },
        },
      ],
    },
  },
});

export const listAnomalies = endpoint({
  name: "listAnomalies",
  method: "GET",
  path: "/v1/anomalies",
  tag: "scores",
  says: "Lists the days on which a place or a channel had strangely few or many orders, the latest first.",
  more: "Whole days of UTC of the last 90, told anew after a training and every night. Orders are counted by place and channel and, where there are several, all together; `usual` is within what days like it stay, but for one in a thousand at either end. It says what is strange, not why: in a shop most of what is strange is a campaign. Until a model is in charge it answers `model_unknown`.",
  needs: "scores:read",
  query: Type.Object({
    place: Type.Optional(Type.String()),
    channel: Type.Optional(Type.String()),
    since: Type.Optional(Type.String({ format: "date", description: "The first day, such as 2026-11-01." })),
    after: Type.Optional(Type.String({ maxLength: 1_000, description: "The `next` of the page before." })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRowsMax })),
  }),
  gives: Type.Object({
    anomalies: Type.Array(
      Type.Object({
        day: Type.String(),
        about: Type.Enum(["part", "everything"]),
        place: Type.Optional(Type.String({ description: "Left out for orders that named none." })),
        channel: Type.Optional(Type.String({ description: "Left out for orders that named none." })),
        orders: Type.Integer(),
        usual: Type.Object({ low: Type.Number(), expected: Type.Number(), high: Type.Number() }),
        direction: Type.Enum(["fewer", "more"]),
        score: Type.Number({
          description: "How strange: 0.5 for one in a thousand, 1 for one in a million.",
        }),
        says: words,
        version: modelVersion,
      }),
    ),
    next: Type.Optional(Type.String()),
  }),
  problems: ["request_invalid", "model_unknown"],
  example: {
    query: { place: "quito-norte", limit: 1 },
    gives: {
      anomalies: [
        {
          ...{ day: "2026-11-24", about: "part" as const, place: "quito-norte", channel: "pos", orders: 3 },
          ...{ usual: { low: 41, expected: 58.2, high: 77 }, direction: "fewer" as const, score: 1 },
          says: {
            es: "quito-norte, pos: 3 pedidos el martes 2026-11-24; lo usual es de 41 a 77.",
            en: "quito-norte, pos: 3 orders on Tuesday 2026-11-24, where 41 to 77 are usual.",
          },
          version: "12",
        },
      ],
    },
  },
});
