import { type Refusal, type Result, refuse } from "@trato/contract";
import { byteaArray, jsonArray, textArray } from "./arrays.ts";
import type { Queries } from "./database.ts";
import { lockNameOf, type Once } from "./idempotency.ts";

/** A command that shares its transaction with others, and the key that makes it happen once. */
export type Asked<Command> = { readonly command: Command; readonly once: Once | undefined };
export type Acted<Value> = { readonly ok: true; readonly value: Value; readonly replayed: boolean } | Refusal;

type Stored = { readonly name: string; readonly fingerprint: Buffer; readonly response: unknown };

/**
 * `once` for many commands in one transaction: three statements for all of them, none when no command has a key. `act`
 * carries out those that have not happened yet and answers each in their order; what it refuses must leave no trace,
 * and stores nothing. The same key twice in one batch acts once. All commands answer with `status`.
 */
export async function actOnce<Command, Value>(
  tx: Queries,
  asked: readonly Asked<Command>[],
  status: number,
  act: (commands: readonly Command[]) => Promise<readonly Result<Value>[]>,
): Promise<readonly Acted<Value>[]> {
  const firstOf = new Map<string, number>();
  const names = asked.map(({ once }, i) => {
    if (once === undefined) return undefined;
    const name = lockNameOf(once);
    if (!firstOf.has(name)) firstOf.set(name, i);
    return name;
  });
  // Two statements: one that began before the lock was ours could miss the answer of whoever held it.
  const [free, stored] = await Promise.all([
    lockKeys(tx, [...firstOf.keys()]),
    findStored(tx, asked, [...firstOf.values()]),
  ]);

  const acted: (Acted<Value> | undefined)[] = asked.map(({ once }, i) => {
    const name = names[i];
    if (name === undefined || once === undefined || firstOf.get(name) !== i) return undefined;
    if (!free.has(name)) return refuse("idempotency_running");
    const before = stored.get(name);
    if (before === undefined) return undefined;
    if (!before.fingerprint.equals(once.fingerprint)) return refuse("idempotency_mismatch");
    return { ok: true, value: before.response as Value, replayed: true };
  });
  const toRun = asked.flatMap((_, i) => {
    const name = names[i];
    const isFirst = name === undefined || firstOf.get(name) === i;
    return isFirst && acted[i] === undefined ? [i] : [];
  });
  const results = toRun.length === 0 ? [] : await act(toRun.map((i) => asked[i]!.command));
  for (const [at, i] of toRun.entries()) {
    const result = results[at]!;
    acted[i] = result.ok ? { ...result, replayed: false } : result;
  }
  const kept = toRun.flatMap((i) => {
    const { once } = asked[i]!;
    const done = acted[i]!;
    return once !== undefined && done.ok ? [{ once, response: done.value }] : [];
  });
  if (kept.length > 0) await keepAnswers(tx, kept, status);
  return acted.map((done, i) => done ?? again(asked, acted, { i, first: firstOf.get(names[i]!)! }));
}

/** The second with a key in the same batch: what the first was answered, if it asks the same. */
function again<Command, Value>(
  asked: readonly Asked<Command>[],
  acted: readonly (Acted<Value> | undefined)[],
  { i, first }: { readonly i: number; readonly first: number },
): Acted<Value> {
  const same = asked[i]!.once!.fingerprint.equals(asked[first]!.once!.fingerprint);
  if (!same) return refuse("idempotency_mismatch");
  const done = acted[first]!;
  return done.ok ? { ...done, replayed: true } : done;
}

/** The names whose lock is ours now; nobody waits for one. */
async function lockKeys(tx: Queries, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const rows = await tx.query<{ name: string; got: boolean }>({
    name: "platform/lock_idempotency_many",
    text: `select name, pg_try_advisory_xact_lock(hashtextextended(name, 0)) as got
             from unnest($1::text[]) as n (name)`,
    values: [textArray(names)],
  });
  return new Set(rows.filter(({ got }) => got).map(({ name }) => name));
}

async function findStored<Command>(
  tx: Queries,
  asked: readonly Asked<Command>[],
  which: readonly number[],
): Promise<ReadonlyMap<string, Stored>> {
  if (which.length === 0) return new Map();
  const keys = which.map((i) => asked[i]!.once!);
  const rows = await tx.query<{ keyId: string; route: string; key: string } & Omit<Stored, "name">>({
    name: "platform/find_idempotency_many",
    text: `select key_id as "keyId", route, key, fingerprint, response
             from unnest($1::text[], $2::text[], $3::text[]) as k (key_id, route, key)
             join platform_idempotency using (key_id, route, key)`,
    values: [
      textArray(keys.map((one) => one.keyId)),
      textArray(keys.map((one) => one.route)),
      textArray(keys.map((one) => one.key)),
    ],
  });
  return new Map(
    rows.map((row) => {
      const name = lockNameOf(row);
      return [name, { name, fingerprint: row.fingerprint, response: row.response }];
    }),
  );
}

async function keepAnswers(
  tx: Queries,
  kept: readonly { readonly once: Once; readonly response: unknown }[],
  status: number,
): Promise<void> {
  await tx.write({
    name: "platform/insert_idempotency_many",
    text: `insert into platform_idempotency (key_id, route, key, fingerprint, status, response)
           select key_id, route, key, fingerprint, $5, response
             from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $6::json[])
               as k (key_id, route, key, fingerprint, response)`,
    values: [
      textArray(kept.map(({ once }) => once.keyId)),
      textArray(kept.map(({ once }) => once.route)),
      textArray(kept.map(({ once }) => once.key)),
      byteaArray(kept.map(({ once }) => once.fingerprint)),
      status,
      jsonArray(kept.map(({ response }) => response)),
    ],
  });
}
