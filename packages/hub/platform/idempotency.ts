import { createHash } from "node:crypto";
import { canonical, limits } from "@trato/base";
import { type Refusal, refuse } from "@trato/contract";
import type { Database, Queries } from "./database.ts";

export type Answer = { readonly status: number; readonly body: unknown };
export type Effect = (tx: Queries) => Promise<{ readonly ok: true; readonly answer: Answer } | Refusal>;
export type Done = { readonly ok: true; readonly answer: Answer; readonly replayed: boolean } | Refusal;

/** Runs a command in one transaction; a refusal undoes what it had begun. */
export async function attempt(database: Database, work: (tx: Queries) => Promise<Done>): Promise<Done> {
  const undo = Symbol("a refusal undoes what the command began");
  let refusal: Refusal | undefined;
  try {
    return await database.transaction(async (tx) => {
      const done = await work(tx);
      if (done.ok) return done;
      refusal = done;
      throw undo;
    });
  } catch (cause) {
    if (cause === undo && refusal !== undefined) return refusal;
    throw cause;
  }
}

/** A key as it is kept, and what was asked with it. */
export type Once = {
  readonly keyId: string;
  readonly route: string;
  readonly key: string;
  readonly fingerprint: Buffer;
};

export function onceOf(call: {
  readonly keyId: string;
  readonly route: string;
  readonly key: string;
  readonly request: unknown;
}): Once {
  const { keyId, route } = call;
  // What senders make keys of is theirs (an e-mail, even a card number): only a hash of it is kept.
  const key = createHash("sha256").update(call.key).digest("base64url");
  return { keyId, route, key, fingerprint: createHash("sha256").update(canonical(call.request)).digest() };
}

/** What the advisory lock of a key is named by, while its command runs. */
export const lockNameOf = ({ keyId, route, key }: Once): string => `${keyId}\n${route}\n${key}`;

/**
 * Runs a command once for its key: the answer is stored in the transaction of the effect, so either both exist or
 * neither. The same key and body again gets the stored answer; another body 422; while the first still runs, 409.
 * A refusal or a surprise stores nothing, so the same key may try again.
 *
 * Source: draft-ietf-httpapi-idempotency-key-header-07.
 */
export function once(database: Database, call: Once, effect: Effect): Promise<Done> {
  return attempt(database, async (tx) => {
    const [locked, stored] = await Promise.all([
      tx.query<{ got: boolean }>({
        name: "platform/lock_idempotency",
        text: "select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as got",
        values: [lockNameOf(call)],
      }),
      findStored(tx, call),
    ]);
    if (locked[0]?.got !== true) return refuse("idempotency_running");
    if (stored !== undefined) {
      if (!stored.fingerprint.equals(call.fingerprint)) return refuse("idempotency_mismatch");
      return { ok: true, answer: { status: stored.status, body: stored.response }, replayed: true };
    }
    const result = await effect(tx);
    if (!result.ok) return result;
    await tx.write({
      name: "platform/insert_idempotency",
      text: `insert into platform_idempotency (key_id, route, key, fingerprint, status, response)
             values ($1, $2, $3, $4, $5, $6)`,
      values: [
        call.keyId,
        call.route,
        call.key,
        call.fingerprint,
        result.answer.status,
        JSON.stringify(result.answer.body),
      ],
    });
    return { ...result, replayed: false };
  });
}

async function findStored(tx: Queries, call: Once) {
  const rows = await tx.query<{ fingerprint: Buffer; status: number; response: unknown }>({
    name: "platform/find_idempotency",
    text: "select fingerprint, status, response from platform_idempotency where key_id = $1 and route = $2 and key = $3",
    values: [call.keyId, call.route, call.key],
  });
  return rows[0];
}

/** Forgets answers older than seven days, some thousands a statement; returns how many. */
export async function forgetOldAnswers(queries: Queries): Promise<number> {
  for (let total = 0; ; ) {
    const rows = await queries.query<{ count: string }>({
      name: "platform/prune_idempotency",
      text: `with old as (select key_id, route, key from platform_idempotency
                           where created_at < now() - make_interval(secs => $1) order by created_at limit $2),
                  gone as (delete from platform_idempotency i using old
                            where (i.key_id, i.route, i.key) = (old.key_id, old.route, old.key) returning 1)
             select count(*) as count from gone`,
      values: [limits.idempotencyKeptMs / 1_000, limits.idempotencyPruneRows],
    });
    const count = Number(rows[0]!.count);
    total += count;
    if (count < limits.idempotencyPruneRows) return total;
  }
}

/** The key of a request header: a quoted structured-field string, or bare as Stripe's clients send it. */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header.trim());
  const key = quoted ? quoted[1]!.replace(/\\(["\\])/g, "$1") : header.trim();
  return key.length > 0 && key.length <= limits.idempotencyKeyCharsMax ? key : undefined;
}
