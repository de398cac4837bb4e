import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { type IdentityKind, kindsByStrength } from "../identities.ts";
import { instant, uuid } from "./shapes.ts";

const kind = Type.Enum(kindsByStrength as IdentityKind[]);
const personId = Type.Object({ personId: uuid });
const id = "019b76da-a800-7412-a472-2316aeb05c21";

export const person = Type.Object({
  personId: uuid,
  members: Type.Array(uuid),
  version: Type.Integer(),
  lastEventAt: Type.Union([instant, Type.Null()]),
  identities: Type.Array(Type.Object({ kind, value: Type.String(), firstSeenAt: instant })),
  merges: Type.Array(
    Type.Object({
      mergeId: uuid,
      winner: uuid,
      loser: uuid,
      mergedAt: instant,
      becauseOf: Type.Object({ source: Type.String(), eventId: Type.String() }),
      undoneAt: Type.Union([instant, Type.Null()]),
    }),
  ),
  slices: Type.Record(Type.String(), Type.Unknown()),
});
export type PersonAnswer = Static<typeof person>;
const personExample: PersonAnswer = {
  personId: id,
  members: [id],
  version: 3,
  lastEventAt: "2026-11-22T15:04:05.000Z",
  identities: [{ kind: "email", value: "ana@example.com", firstSeenAt: "2026-11-01T12:00:00.000Z" }],
  merges: [],
  slices: { consent: {} },
};

export const getPerson = endpoint({
  name: "getPerson",
  method: "GET",
  path: "/v1/people/{personId}",
  tag: "people",
  says: "One person: identities, merges and the profile as folded from the log.",
  needs: "people:read",
  params: personId,
  gives: person,
  problems: ["person_unknown", "person_erased"],
  example: { params: { personId: id }, gives: personExample },
});

export const findPerson = endpoint({
  name: "findPerson",
  method: "GET",
  path: "/v1/people",
  tag: "people",
  says: "The person an identity points to.",
  needs: "people:read",
  query: Type.Object({ kind, value: Type.String({ minLength: 1, maxLength: 320 }) }),
  gives: person,
  problems: ["request_invalid", "person_unknown", "person_erased"],
  example: { query: { kind: "email", value: "ana@example.com" }, gives: personExample },
});

const eventOut = Type.Object({
  id: Type.String(),
  source: Type.String(),
  type: Type.String(),
  time: instant,
  channel: Type.Union([Type.String(), Type.Null()]),
  data: Type.Record(Type.String(), Type.Unknown()),
});

export const listPersonEvents = endpoint({
  name: "listPersonEvents",
  method: "GET",
  path: "/v1/people/{personId}/events",
  tag: "people",
  says: "What happened to a person, oldest first.",
  needs: "people:read",
  params: personId,
  query: Type.Object({
    after: Type.Optional(Type.String({ maxLength: 500 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  }),
  gives: Type.Object({ items: Type.Array(eventOut), next: Type.Union([Type.String(), Type.Null()]) }),
  problems: ["request_invalid", "person_unknown", "person_erased"],
  example: {
    params: { personId: id },
    gives: {
      items: [
        {
          id: "a-1",
          source: "web",
          type: "item.viewed",
          time: "2026-11-22T15:04:05.000Z",
          channel: "web",
          data: { sku: "x" },
        },
      ],
      next: null,
    },
  },
});

export const listConsents = endpoint({
  name: "listConsents",
  method: "GET",
  path: "/v1/people/{personId}/consents",
  tag: "people",
  says: "Every yes and no a person has said, with the evidence, and what holds now.",
  needs: "people:read",
  params: personId,
  gives: Type.Object({
    now: Type.Record(Type.String(), Type.Object({ given: Type.Boolean(), at: instant })),
    history: Type.Array(eventOut),
  }),
  problems: ["person_unknown", "person_erased"],
  example: {
    params: { personId: id },
    gives: { now: { "personalise/any": { given: true, at: "2026-11-22T15:04:05.000Z" } }, history: [] },
  },
});

export const undoMerge = endpoint({
  name: "undoMerge",
  method: "POST",
  path: "/v1/people/merges/{mergeId}/undo",
  tag: "people",
  says: "Takes a merge back: both people get what is theirs, and are never joined again.",
  needs: "people:write",
  params: Type.Object({ mergeId: uuid }),
  gives: Type.Object({ kept: uuid, split: uuid }),
  problems: ["merge_unknown", "merge_already_undone"],
  idempotent: true,
  example: { params: { mergeId: id }, gives: { kept: id, split: "019b76da-a800-7412-a472-2316aeb05c22" } },
});
