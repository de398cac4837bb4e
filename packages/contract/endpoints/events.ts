import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { type QuarantineReason, quarantineReasons } from "../events/index.ts";
import { words } from "../words.ts";
import { instant, pageLimit, source, uuid } from "./shapes.ts";

const count = Type.Integer({ minimum: 0 });
const fates = { applied: count, repeat: count, quarantined: count, erased: count };

/** What became of a batch. accepted = applied + repeat + quarantined + erased. */
export const takenAnswer = Type.Object({ success: Type.Literal(true), accepted: count, ...fates });
export type TakenAnswer = Static<typeof takenAnswer>;

const wireEvent = Type.Object(
  {
    id: Type.String({
      description: "The sender's own id. The same id again from the same source is a repeat.",
    }),
    type: Type.String({ description: "A type of the catalogue, or a custom name." }),
    time: Type.String({ description: "When it happened: RFC 3339 with an offset." }),
    channel: Type.Optional(Type.String()),
    store: Type.Optional(Type.String()),
    session: Type.Optional(Type.String()),
    identities: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())])),
    ),
    data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: true },
);

export const postEvents = endpoint({
  name: "postEvents",
  method: "POST",
  path: "/v1/events",
  tag: "events",
  says: "Hands over a batch of events; answers once every one of them is durable and folded.",
  more: "A batch is never refused because one event in it is bad: that one is put aside with its reason and the others are kept. Answers 429 or 503 with Retry-After under pressure; send the same batch again.",
  needs: "events:append",
  body: Type.Object({ events: Type.Array(wireEvent), sentAt: Type.Optional(Type.String()) }),
  gives: takenAnswer,
  problems: ["body_too_large", "overloaded", "database_away", "disk_low"],
  example: {
    body: {
      sentAt: "2026-11-22T15:04:06Z",
      events: [
        {
          id: "till-7/2026-11-22/000123",
          type: "order.placed",
          time: "2026-11-22T10:04:05-05:00",
          channel: "pos",
          store: "quito-norte",
          identities: { loyalty: "90017", email: "ana@example.com" },
          data: {
            orderId: "000123",
            currency: "USD",
            totalMinor: 1_250,
            lines: [{ sku: "detergent-3kg", quantity: 1, amountMinor: 1_250 }],
          },
        },
      ],
    },
    gives: { success: true, accepted: 1, applied: 1, repeat: 0, quarantined: 0, erased: 0 },
  },
});

const dialect = (name: string, path: `/${string}`, says: string) =>
  endpoint({
    name,
    method: "POST",
    path,
    tag: "dialects",
    says,
    more: "Speaks Segment's and RudderStack's HTTP API: point their clients here. The key comes as Basic user name, Bearer, or ?writeKey= for a public one.",
    needs: "events:append",
    body: Type.Record(Type.String(), Type.Unknown()),
    gives: takenAnswer,
    problems: ["body_too_large", "overloaded", "database_away", "disk_low"],
    example: {
      body: { messageId: "m-1", userId: "42", event: "Product Viewed", properties: { sku: "detergent-3kg" } },
      gives: { success: true, accepted: 1, applied: 1, repeat: 0, quarantined: 0, erased: 0 },
    },
  });

const calls = ["identify", "track", "page", "screen", "group", "alias", "batch"] as const;

/** Segment's and RudderStack's paths, long and short. */
export const dialectEndpoints = [
  ...calls.map((call) => dialect(`segment_${call}`, `/v1/${call}`, `Takes a ${call} call.`)),
  ...calls.map((call) =>
    dialect(`segment_${call[0]}`, `/v1/${call[0]}`, `Takes a ${call} call, by its short name.`),
  ),
  dialect("segment_import", "/v1/import", "Takes a batch of past calls."),
  dialect("rudder_beacon", "/beacon/v1/batch", "Takes a batch that a browser sends as it leaves the page."),
];

const settings = Type.Record(Type.String(), Type.Unknown());
export const getSegmentSettings = endpoint({
  name: "getSegmentSettings",
  method: "GET",
  path: "/v1/projects/{writeKey}/settings",
  tag: "dialects",
  says: "What Segment's browser library loads before it sends.",
  needs: "open",
  params: Type.Object({ writeKey: Type.String({ maxLength: 200 }) }),
  gives: settings,
  problems: [],
  example: { params: { writeKey: "tpk_0123" }, gives: { integrations: {} } },
});
export const getRudderSettings = endpoint({
  name: "getRudderSettings",
  method: "GET",
  path: "/sourceConfig/",
  tag: "dialects",
  says: "What RudderStack's browser library loads before it sends.",
  needs: "open",
  query: Type.Object(
    { writeKey: Type.Optional(Type.String({ maxLength: 200 })) },
    { additionalProperties: true },
  ),
  gives: settings,
  problems: [],
  example: { query: { writeKey: "tpk_0123" }, gives: { source: {} } },
});

export const getCounters = endpoint({
  name: "getCounters",
  method: "GET",
  path: "/v1/events/counters",
  tag: "events",
  says: "How many events came from each source and what became of them.",
  more: "accepted = applied + repeat + quarantined + erased, always; `adds` says that the log agrees: it holds exactly the applied events, less those erased later.",
  needs: "events:read",
  gives: Type.Object({
    total: Type.Object({ accepted: count, ...fates }),
    sources: Type.Array(Type.Object({ source, accepted: count, ...fates })),
    inLog: count,
    erasedLater: count,
    adds: Type.Boolean(),
    quarantineOpen: Type.Array(Type.Object({ reason: Type.String(), open: count })),
  }),
  problems: [],
  example: {
    gives: {
      total: { accepted: 10, applied: 7, repeat: 2, quarantined: 1, erased: 0 },
      sources: [{ source: "web", accepted: 10, applied: 7, repeat: 2, quarantined: 1, erased: 0 }],
      inLog: 7,
      erasedLater: 0,
      adds: true,
      quarantineOpen: [{ reason: "time_missing", open: 1 }],
    },
  },
});

const reason = Type.Enum(Object.keys(quarantineReasons) as QuarantineReason[]);
export const quarantined = Type.Object({
  quarantineId: uuid,
  source,
  receivedAt: instant,
  reason,
  says: words,
  detail: Type.String(),
  pointer: Type.Optional(Type.String()),
  eventId: Type.Optional(Type.String()),
  bytes: Type.String({ description: "What the sender sent, card numbers blanked." }),
  settled: Type.Optional(Type.Enum(["repaired", "dropped"])),
});
export type Quarantined = Static<typeof quarantined>;
const quarantinedExample: Quarantined = {
  quarantineId: "019b76da-a800-7412-a472-2316aeb05c21",
  source: "web",
  receivedAt: "2026-11-22T15:04:06.000Z",
  reason: "time_missing",
  says: { es: "El evento no tiene hora.", en: "The event has no time." },
  detail: "Say when it happened.",
  pointer: "/time",
  eventId: "a-1",
  bytes: '{"id":"a-1","type":"item.viewed","data":{"sku":"x"}}',
};

export const listQuarantine = endpoint({
  name: "listQuarantine",
  method: "GET",
  path: "/v1/quarantine",
  tag: "quarantine",
  says: "Lists what was put aside, oldest first.",
  needs: "events:read",
  query: Type.Object({
    reason: Type.Optional(reason),
    all: Type.Optional(Type.Boolean({ description: "With those settled already." })),
    after: Type.Optional(uuid),
    limit: Type.Optional(pageLimit),
  }),
  gives: Type.Object({ items: Type.Array(quarantined), next: Type.Union([uuid, Type.Null()]) }),
  problems: ["request_invalid"],
  example: { query: { reason: "time_missing" }, gives: { items: [quarantinedExample], next: null } },
});

const quarantineId = Type.Object({ quarantineId: uuid });
const one = { quarantineId: quarantinedExample.quarantineId };

export const repairQuarantined = endpoint({
  name: "repairQuarantined",
  method: "POST",
  path: "/v1/quarantine/{quarantineId}/repair",
  tag: "quarantine",
  says: "Sends a quarantined event again, repaired; it is settled when the repaired event is kept.",
  needs: "events:repair",
  params: quarantineId,
  body: Type.Object({ event: wireEvent }),
  gives: Type.Object({ fate: Type.Enum(["applied", "repeat", "erased"]) }),
  problems: ["request_invalid", "quarantine_unknown", "quarantine_settled", "repair_invalid"],
  idempotent: true,
  example: {
    params: one,
    body: { event: { id: "a-1", type: "item.viewed", time: "2026-11-22T15:04:05Z", data: { sku: "x" } } },
    gives: { fate: "applied" },
  },
});

export const dropQuarantined = endpoint({
  name: "dropQuarantined",
  method: "POST",
  path: "/v1/quarantine/{quarantineId}/drop",
  tag: "quarantine",
  says: "Settles a quarantined event as not worth keeping; its bytes stay until retention removes them.",
  needs: "events:repair",
  params: quarantineId,
  gives: Type.Object({ settled: Type.Literal("dropped") }),
  problems: ["quarantine_unknown", "quarantine_settled"],
  idempotent: true,
  example: { params: one, gives: { settled: "dropped" } },
});

export const putAside = endpoint({
  name: "putAside",
  method: "POST",
  path: "/v1/quarantine",
  tag: "quarantine",
  says: "Hands over what a connector or an import could not read, so that it is kept and counted.",
  needs: "events:repair",
  body: Type.Object({
    items: Type.Array(
      Type.Object({
        reason,
        detail: Type.String({ minLength: 1, maxLength: 1_000 }),
        eventId: Type.Optional(Type.String({ maxLength: 200 })),
        bytes: Type.String({ maxLength: 64 * 1_024 }),
      }),
      { minItems: 1, maxItems: limits.batchEventsMax },
    ),
  }),
  gives: takenAnswer,
  problems: ["request_invalid"],
  example: {
    body: { items: [{ reason: "line_invalid", detail: "The price is negative.", bytes: "A506401,B,1,…" }] },
    gives: { success: true, accepted: 1, applied: 0, repeat: 0, quarantined: 1, erased: 0 },
  },
});
