import { limits } from "@trato/base";
import type { Database, Queries } from "./database.ts";
import type { Log } from "./log.ts";

/** For transactions that left no number in a row, but were seen by a snapshot that a decision kept. */
const margin = 100_000;
const perStep = 50_000;

type Counted = { readonly cluster: string; readonly kept: string | null };

/**
 * Sees to it that a database that was dumped and restored goes on counting transactions where it stopped. Readers of
 * the log and the outbox go by the numbers of transactions, profiles and decisions by snapshots; a new server counts
 * from the beginning, so that what was restored would lie in its future and what is new in their past. It is brought
 * forward, by using numbers up: all that was written stays as it is, ids that subscribers hold among it.
 *
 * Cost: one row when the server is the one of last time. On another one, one pass over the tables, and some
 * microseconds a number. Throws when there are more than `limits.transactionsSpentMax` of them: half of the
 * distance at which PostgreSQL begins to vacuum against wraparound. To be called before
 * anything is read or written.
 */
export async function countOn(database: Database, log: Log): Promise<void> {
  const rows = await database.query<Counted>({
    name: "platform/which_cluster",
    text: `select system_identifier::text as cluster,
                  (select value #>> '{}' from platform_setting where name = 'cluster') as kept
             from pg_control_system()`,
    values: [],
  });
  const { cluster, kept } = rows[0]!;
  if (cluster === kept) return;
  const { furthest, next } = await lookAt(database);
  if (furthest > next) {
    const until = furthest + BigInt(margin);
    const count = until - next;
    if (count > limits.transactionsSpentMax) {
      throw new Error(
        `This database was restored into a server that is ${count} transactions behind it. Bring a new server's counter forward with pg_resetwal (--next-transaction-id, --epoch) beyond ${until}, and restore into that.`,
      );
    }
    log.info({ transactions: Number(count) }, "the database was restored: its server is brought forward");
    await spend(database, until);
  }
  await database.query({
    name: "platform/keep_cluster",
    text: `insert into platform_setting (name, value) values ('cluster', to_json($1::text))
           on conflict (name) do update set value = excluded.value`,
    values: [cluster],
  });
}

function lookAt(database: Database): Promise<{ furthest: bigint; next: bigint }> {
  return database.transaction(async (tx) => {
    // A pass over a long log takes its time.
    await tx.write({ name: "", text: "set local statement_timeout = 0", values: [] });
    const rows = await tx.query<{ furthest: string }>({
      name: "platform/furthest_transaction",
      text: "select platform_furthest_transaction() as furthest",
      values: [],
    });
    return { furthest: BigInt(rows[0]!.furthest), next: await nextOf(tx) };
  });
}

async function nextOf(queries: Queries): Promise<bigint> {
  const rows = await queries.query<{ next: string }>({
    name: "platform/next_transaction",
    text: "select pg_snapshot_xmax(pg_current_snapshot()) as next",
    values: [],
  });
  return BigInt(rows[0]!.next);
}

/** Two hubs that do it at once are done in half the time. */
async function spend(database: Database, until: bigint): Promise<void> {
  for (let next = await nextOf(database); next <= until; next = await nextOf(database)) {
    const most = Math.min(Number(until - next) + 1, perStep);
    await database.query({
      name: "platform/spend_transactions",
      text: "select platform_spend_transactions($1)",
      values: [most],
    });
  }
}
