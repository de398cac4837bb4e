import { limits, uuid7 } from "@trato/base";
import {
  createWebhook,
  deleteWebhook,
  listWebhooks,
  ok,
  putWebhook,
  type Result,
  refuse,
  rotateWebhookSecret,
  type Topic,
  topics,
  type WebhookSaid,
} from "@trato/contract";
import { command, type Database, type Key, type Route, route } from "../../platform/index.ts";
import { type Allow, refusalOfUrl } from "../address.ts";
import { createSecret } from "../sign.ts";
import {
  deleteWebhookRow,
  insertWebhook,
  readWebhooks,
  rotateSecret,
  updateWebhook,
  type Wanted,
  type Webhook,
} from "../store.ts";

export type WebhookNeeds = { readonly database: Database; readonly allow: Allow };

/** Webhooks: made, listed, changed, deleted, given a new secret. */
export function webhookRoutes({ database, allow }: WebhookNeeds): Route[] {
  return [
    // Routes, not commands: an answer stored for its Idempotency-Key would keep the secret.
    route(createWebhook, async ({ body, key, nowMs }) => {
      const wanted = wantedOf(body, key, allow);
      if (!wanted.ok) return wanted;
      const secret = createSecret();
      const webhookId = uuid7(nowMs);
      return database.transaction(async (tx) => {
        if ((await readWebhooks(tx)).length >= limits.webhooksMax) return refuse("webhooks_too_many");
        await insertWebhook(tx, { ...wanted.value, webhookId, secret, madeMs: nowMs });
        return ok({ webhookId, secret });
      });
    }),
    route(rotateWebhookSecret, async ({ params, nowMs }) => {
      const secret = createSecret();
      const untilMs = nowMs + limits.sendOldSecretMs;
      const rotated = { secret, nowMs, untilMs };
      const known = await database.transaction((tx) => rotateSecret(tx, params.webhookId, rotated));
      if (!known) return refuse("webhook_unknown");
      return ok({ secret, oldSecretUntil: new Date(untilMs).toISOString() });
    }),
    route(listWebhooks, async () => ok({ webhooks: (await readWebhooks(database)).map(saidOf) })),
    command(putWebhook, async ({ tx, params, body, key }) => {
      const wanted = wantedOf(body, key, allow);
      if (!wanted.ok) return wanted;
      const changed = await updateWebhook(tx, params.webhookId, wanted.value);
      return changed === undefined ? refuse("webhook_unknown") : ok(saidOf(changed));
    }),
    command(deleteWebhook, async ({ tx, params }) =>
      (await deleteWebhookRow(tx, params.webhookId))
        ? ok({ deleted: true as const })
        : refuse("webhook_unknown"),
    ),
  ];
}

type Given = { url: string; topics: readonly Topic[]; label: string; paused?: boolean };

/** Nobody has sent to them what their own key may not read. */
function wantedOf(
  given: Given,
  key: Key,
  allow: Allow,
): Result<Wanted, "webhook_url_refused" | "topic_forbidden"> {
  const refusal = refusalOfUrl(given.url, allow);
  if (refusal !== undefined) {
    return refuse("webhook_url_refused", { errors: [{ pointer: "/body/url", detail: refusal }] });
  }
  const beyond = given.topics.find((topic) => !key.scopes.includes(topics[topic].needs));
  if (beyond !== undefined) {
    return refuse("topic_forbidden", {
      detail: {
        en: `${beyond} needs the scope ${topics[beyond].needs}.`,
        es: `${beyond} necesita el permiso ${topics[beyond].needs}.`,
      },
    });
  }
  const { url, label } = given;
  return ok({ url, label, topics: given.topics, state: given.paused === true ? "paused" : "active" });
}

function saidOf(webhook: Webhook): WebhookSaid {
  const { webhookId, url, topics: wanted, label, state, why, failures, secretsBefore, madeMs } = webhook;
  return {
    ...{ webhookId, url, topics: [...wanted], label, state, why, failures },
    oldSecretUntil: secretsBefore[0] === undefined ? null : new Date(secretsBefore[0].untilMs).toISOString(),
    madeAt: new Date(madeMs).toISOString(),
  };
}
