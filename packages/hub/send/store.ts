import { limits } from "@trato/base";
import type { Topic } from "@trato/contract";
import type { Queries } from "../platform/index.ts";

export type Webhook = {
  readonly webhookId: string;
  readonly url: string;
  readonly topics: readonly Topic[];
  readonly label: string;
  readonly secret: string;
  /** Secrets that sign as well for a while, the latest first. */
  readonly secretsBefore: readonly { readonly secret: string; readonly untilMs: number }[];
  readonly state: "active" | "paused" | "disabled";
  readonly why: "gone" | "failing" | null;
  readonly failures: number;
  readonly failingSinceMs: number | null;
  readonly madeMs: number;
  readonly fromTx: bigint;
};

type Row = Omit<Webhook, "failingSinceMs" | "madeMs" | "fromTx"> & {
  readonly failingSinceMs: string | null;
  readonly madeMs: string;
  readonly fromTx: string;
};
const columns = `webhook_id as "webhookId", url, topics, label, secret, secrets_before as "secretsBefore",
  state, why, failures, failing_since_ms as "failingSinceMs", made_ms as "madeMs",
  from_tx as "fromTx"`;
const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));
const webhookOf = (row: Row): Webhook => ({
  ...row,
  failingSinceMs: numberOf(row.failingSinceMs),
  madeMs: Number(row.madeMs),
  fromTx: BigInt(row.fromTx),
});

/** All webhooks, oldest first; there are at most `limits.webhooksMax`. */
export async function readWebhooks(queries: Queries): Promise<Webhook[]> {
  const rows = await queries.query<Row>({
    name: "send/read_webhooks",
    text: `select ${columns} from send_webhook order by webhook_id`,
    values: [],
  });
  return rows.map(webhookOf);
}

export async function findWebhook(queries: Queries, webhookId: string): Promise<Webhook | undefined> {
  const rows = await queries.query<Row>({
    name: "send/find_webhook",
    text: `select ${columns} from send_webhook where webhook_id = $1`,
    values: [webhookId],
  });
  return rows[0] === undefined ? undefined : webhookOf(rows[0]);
}

export type Wanted = Pick<Webhook, "url" | "topics" | "label" | "state">;

export async function insertWebhook(
  tx: Queries,
  one: Wanted & Pick<Webhook, "webhookId" | "secret" | "madeMs">,
): Promise<void> {
  await tx.query({
    name: "send/insert_webhook",
    text: `insert into send_webhook (webhook_id, url, topics, label, state, secret, made_ms)
           values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [one.webhookId, one.url, one.topics, one.label, one.state, one.secret, one.madeMs],
  });
}

/** Changes a webhook; one that was disabled begins without failures. */
export async function updateWebhook(
  tx: Queries,
  webhookId: string,
  wanted: Wanted,
): Promise<Webhook | undefined> {
  const rows = await tx.query<Row>({
    name: "send/update_webhook",
    text: `update send_webhook set url = $2, topics = $3, label = $4, state = $5, why = null, failures = 0,
                  failing_since_ms = null
            where webhook_id = $1 returning ${columns}`,
    values: [webhookId, wanted.url, wanted.topics, wanted.label, wanted.state],
  });
  return rows[0] === undefined ? undefined : webhookOf(rows[0]);
}

export async function deleteWebhookRow(tx: Queries, webhookId: string): Promise<boolean> {
  const rows = await tx.query({
    name: "send/delete_webhook",
    text: "delete from send_webhook where webhook_id = $1 returning 1",
    values: [webhookId],
  });
  return rows.length > 0;
}

/** Puts a new secret in the place of the old one; those before sign beside it, as many as `limits.sendSecretsMax`. */
export async function rotateSecret(
  tx: Queries,
  webhookId: string,
  rotated: { readonly secret: string; readonly nowMs: number; readonly untilMs: number },
): Promise<boolean> {
  const rows = await tx.query<Pick<Webhook, "secret" | "secretsBefore">>({
    name: "send/lock_secrets",
    text: `select secret, secrets_before as "secretsBefore" from send_webhook where webhook_id = $1 for update`,
    values: [webhookId],
  });
  const there = rows[0];
  if (there === undefined) return false;
  const good = there.secretsBefore.filter(({ untilMs }) => untilMs > rotated.nowMs);
  const before = [{ secret: there.secret, untilMs: rotated.untilMs }, ...good].slice(
    0,
    limits.sendSecretsMax - 1,
  );
  await tx.query({
    name: "send/rotate_secret",
    text: "update send_webhook set secret = $2, secrets_before = $3 where webhook_id = $1",
    values: [webhookId, rotated.secret, JSON.stringify(before)],
  });
  return true;
}

type At = Pick<Webhook, "webhookId" | "url">;

/**
 * Counts an attempt to its webhook: one that arrived ends a row of failures. Returns since when it fails; undefined
 * when the webhook has another address by now, about which the attempt says nothing.
 */
export async function countAttempt(
  tx: Queries,
  { webhookId, url }: At,
  { arrived, nowMs }: { readonly arrived: boolean; readonly nowMs: number },
): Promise<number | undefined> {
  const rows = await tx.query<{ since: string | null }>({
    name: "send/count_attempt",
    text: `update send_webhook set failures = case when $2 then 0 else failures + 1 end,
                  failing_since_ms = case when $2 then null else coalesce(failing_since_ms, $3) end
            where webhook_id = $1 and url = $4 returning failing_since_ms as since`,
    values: [webhookId, arrived, nowMs, url],
  });
  return rows[0] === undefined ? undefined : (numberOf(rows[0].since) ?? nowMs);
}

/** False when it was disabled already. */
export async function disableWebhook(
  tx: Queries,
  webhookId: string,
  why: "gone" | "failing",
): Promise<boolean> {
  const rows = await tx.query({
    name: "send/disable_webhook",
    text: `update send_webhook set state = 'disabled', why = $2 where webhook_id = $1 and state <> 'disabled' returning 1`,
    values: [webhookId, why],
  });
  return rows.length > 0;
}
