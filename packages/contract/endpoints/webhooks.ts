import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { instant, pageLimit, uuid } from "./shapes.ts";
import { topicShape } from "./stream.ts";

const params = Type.Object({ webhookId: uuid });
const webhookId = "019b76da-a800-7412-a472-2316aeb05c21";
const deliveryId = "019b76db-3f00-7c11-8a02-5d1f3c9b7e64";

const closed = { additionalProperties: false };
const wanted = Type.Object(
  {
    url: Type.String({
      minLength: 1,
      maxLength: 2_000,
      description: "https, port 443 or 8443, a public address.",
    }),
    topics: Type.Array(topicShape, { minItems: 1, maxItems: 50, uniqueItems: true }),
    label: Type.String({ minLength: 1, maxLength: 100 }),
    paused: Type.Optional(Type.Boolean({ description: "true: deliveries wait until it is false again." })),
  },
  closed,
);

const webhookShape = Type.Object({
  webhookId: uuid,
  url: Type.String(),
  topics: Type.Array(topicShape),
  label: Type.String(),
  state: Type.Enum(["active", "paused", "disabled"]),
  why: Type.Union([Type.Enum(["gone", "failing"]), Type.Null()], {
    description: "Why it is disabled: its receiver answered 410, or nothing has arrived for five days.",
  }),
  failures: Type.Integer({ description: "Attempts that failed since one arrived." }),
  oldSecretUntil: Type.Union([instant, Type.Null()]),
  madeAt: instant,
});
export type WebhookSaid = Static<typeof webhookShape>;
const secret = Type.String({ description: "`whsec_` and base64; it is in this answer and in no other." });
const example = {
  webhookId,
  url: "https://erp.example.com/trato",
  topics: ["order.changed" as const],
  label: "ERP",
  state: "active" as const,
  why: null,
  failures: 0,
  oldSecretUntil: null,
  madeAt: "2026-11-22T15:04:05.000Z",
};
const secretExample = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const given = { url: example.url, topics: example.topics, label: example.label };

export const createWebhook = endpoint({
  name: "createWebhook",
  method: "POST",
  path: "/v1/webhooks",
  tag: "webhooks",
  says: "Makes a webhook: changes of its topics are sent to an address, signed by Standard Webhooks.",
  more: [
    "A delivery is sent at once and then, until it is answered with 2xx, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h,",
    "20 h and 24 h, each with up to a fifth more by chance. `webhook-id` stays the same: keep it to know a repeat. 410",
    "switches the webhook off; redirects are not followed; the answer has 10 s.",
  ].join(" "),
  needs: "webhooks:admin",
  body: wanted,
  gives: Type.Object({ webhookId: uuid, secret }),
  status: 201,
  problems: ["webhook_url_refused", "topic_forbidden", "webhooks_too_many"],
  example: { body: given, gives: { webhookId, secret: secretExample } },
});

export const listWebhooks = endpoint({
  name: "listWebhooks",
  method: "GET",
  path: "/v1/webhooks",
  tag: "webhooks",
  says: "Lists the webhooks, without their secrets.",
  needs: "webhooks:admin",
  gives: Type.Object({ webhooks: Type.Array(webhookShape) }),
  problems: [],
  example: { gives: { webhooks: [example] } },
});

export const putWebhook = endpoint({
  name: "putWebhook",
  method: "PUT",
  path: "/v1/webhooks/{webhookId}",
  tag: "webhooks",
  says: "Changes a webhook; one that was disabled is active again.",
  needs: "webhooks:admin",
  params,
  body: wanted,
  gives: webhookShape,
  problems: ["webhook_unknown", "webhook_url_refused", "topic_forbidden"],
  idempotent: true,
  example: { params: { webhookId }, body: given, gives: example },
});

export const deleteWebhook = endpoint({
  name: "deleteWebhook",
  method: "DELETE",
  path: "/v1/webhooks/{webhookId}",
  tag: "webhooks",
  says: "Deletes a webhook and its log; what waits is not sent any more.",
  needs: "webhooks:admin",
  params,
  gives: Type.Object({ deleted: Type.Literal(true) }),
  problems: ["webhook_unknown"],
  idempotent: true,
  example: { params: { webhookId }, gives: { deleted: true } },
});

export const rotateWebhookSecret = endpoint({
  name: "rotateWebhookSecret",
  method: "POST",
  path: "/v1/webhooks/{webhookId}/rotate",
  tag: "webhooks",
  says: "Makes a new secret; for 24 hours deliveries bear a signature of the old one as well, also of one before it that is not as old.",
  needs: "webhooks:admin",
  params,
  gives: Type.Object({ secret, oldSecretUntil: instant }),
  problems: ["webhook_unknown"],
  example: {
    params: { webhookId },
    gives: { secret: secretExample, oldSecretUntil: "2026-11-23T15:04:05.000Z" },
  },
});

const deliveryShape = Type.Object({
  deliveryId: uuid,
  topic: topicShape,
  state: Type.Enum(["waiting", "delivered", "failed"]),
  attempts: Type.Integer(),
  madeAt: instant,
  dueAt: Type.Union([instant, Type.Null()], { description: "When it is tried next; null when it is not." }),
});
export type DeliverySaid = Static<typeof deliveryShape>;
const deliveryExample = {
  deliveryId,
  topic: "order.changed" as const,
  state: "delivered" as const,
  attempts: 1,
  madeAt: "2026-11-22T15:04:05.000Z",
  dueAt: null,
};

export const listDeliveries = endpoint({
  name: "listDeliveries",
  method: "GET",
  path: "/v1/webhooks/{webhookId}/deliveries",
  tag: "webhooks",
  says: "Lists what was sent and what waits, newest first; it is kept for 30 days.",
  needs: "webhooks:admin",
  params,
  query: Type.Object({
    state: Type.Optional(Type.Enum(["waiting", "delivered", "failed"])),
    after: Type.Optional(uuid),
    limit: Type.Optional(pageLimit),
  }),
  gives: Type.Object({ deliveries: Type.Array(deliveryShape), next: Type.Optional(uuid) }),
  problems: ["webhook_unknown"],
  example: {
    params: { webhookId },
    query: { state: "delivered", limit: 1 },
    gives: { deliveries: [deliveryExample], next: deliveryId },
  },
});

const attemptShape = Type.Object({
  at: instant,
  tookMs: Type.Integer(),
  status: Type.Union([Type.Integer(), Type.Null()]),
  outcome: Type.Enum(["arrived", "refused", "gone", "late", "unreachable", "address_refused"]),
  answer: Type.String({ description: "The first 500 characters." }),
});
export type AttemptSaid = Static<typeof attemptShape>;

export const readDelivery = endpoint({
  name: "readDelivery",
  method: "GET",
  path: "/v1/webhooks/{webhookId}/deliveries/{deliveryId}",
  tag: "webhooks",
  says: "Reads one delivery: what was sent, and each attempt.",
  needs: "webhooks:admin",
  params: Type.Object({ webhookId: uuid, deliveryId: uuid }),
  gives: Type.Object({
    ...deliveryShape.properties,
    body: Type.String({ description: "Exactly the bytes that are signed and sent." }),
    tries: Type.Array(attemptShape),
  }),
  problems: ["webhook_unknown", "delivery_unknown"],
  example: {
    params: { webhookId, deliveryId },
    gives: {
      ...deliveryExample,
      body: '{"type":"order.changed","timestamp":"2026-11-22T15:04:05.000Z","data":{}}',
      tries: [
        { at: "2026-11-22T15:04:05.100Z", tookMs: 84, status: 204, outcome: "arrived" as const, answer: "" },
      ],
    },
  },
});

export const replayDeliveries = endpoint({
  name: "replayDeliveries",
  method: "POST",
  path: "/v1/webhooks/{webhookId}/replay",
  tag: "webhooks",
  says: "Sends past deliveries again, each with its old `webhook-id` and a new timestamp.",
  more: `At most ${limits.sendReplayMax} at a time, oldest first; ask again until none is left.`,
  needs: "webhooks:admin",
  params,
  body: Type.Object(
    {
      deliveryIds: Type.Optional(Type.Array(uuid, { minItems: 1, maxItems: limits.batchRowsMax })),
      since: Type.Optional(instant),
      until: Type.Optional(instant),
      state: Type.Optional(
        Type.Enum(["failed", "waiting", "all"], {
          description:
            "Left out, only those that failed. waiting: those that wait for their next try are tried now. all: failed and delivered.",
        }),
      ),
    },
    closed,
  ),
  gives: Type.Object({ replayed: Type.Integer({ minimum: 0 }) }),
  problems: ["webhook_unknown", "request_invalid"],
  idempotent: true,
  example: {
    params: { webhookId },
    body: { since: "2026-11-22T00:00:00.000Z", state: "all" },
    gives: { replayed: 12 },
  },
});
