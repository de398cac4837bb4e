import assert from "node:assert/strict";
import { after, test } from "node:test";
import { limits, systemClock } from "@trato/base";
import { endOfLog, handedOnTypes, hasReached } from "../events/cursor-store.ts";
import { countOn } from "../platform/count-on.ts";
import { announce, type Change, silentLog } from "../platform/index.ts";
import { until } from "../platform/postgres/testing/start.ts";
import { readOn } from "../platform/stream/store.ts";
import { send } from "../testing/ask.ts";
import { testDatabase } from "../testing/database.ts";
import { testHub } from "../testing/hub.ts";
import { assertSound } from "../testing/sound.ts";

const at = await testDatabase();
after(at.stop);

const sql = (text: string, values: readonly unknown[] = []) => ({ name: "", text, values });

/** As a dump finds itself in a server that has counted `by` transactions less than the one it was taken from. */
async function restoreInto(by: number): Promise<void> {
  const later = (name: string) => `(${name}::text::bigint + ${by})::text::xid8`;
  for (const table of ["events_log", "events_cursor", "platform_outbox"])
    await at.database.query(sql(`update ${table} set tx = ${later("tx")}`));
  await at.database.query(
    sql(`update people_person set folded_tx = ${later("folded_tx")},
           folded_at = (pg_snapshot_xmin(folded_at)::text::bigint + ${by} || ':' ||
                        pg_snapshot_xmax(folded_at)::text::bigint + ${by} || ':')::pg_snapshot`),
  );
  await at.database.query(sql(`update platform_setting set value = '"1"' where name = 'cluster'`));
}

const time = (ms: number) => new Date(systemClock.nowMs() - ms).toISOString();
const email = "restored@example.com";
const view = (id: string, ms: number) => ({
  ...{ id, type: "item.viewed", time: time(ms), identities: { email }, data: { sku: "x" } },
});
const order = (id: string, ms: number) => {
  const lines = [{ sku: "x", quantity: 1, amountMinor: 100 }];
  const data = { orderId: id, currency: "USD", totalMinor: 100, lines };
  return { id, type: "order.placed", time: time(ms), identities: { email }, data };
};

const change: Change = { topic: "cart.changed", key: "new", place: null, personId: null, data: {} };

test("after a dump was restored into a new server nothing that happened, or happens, is passed over", async () => {
  const before = await testHub({ database: at });
  await send(before, [order("first", 5_000), view("seen", 4_000)]);
  await before.stop();
  await restoreInto(30_000);

  const hub = await testHub({ database: at });
  try {
    for (const event of [view("seen again", 3_000), order("second", 2_000), view("and again", 1_000)])
      assert.equal((await send(hub, [event])).body.applied, 1);
    await assertSound(hub);
    const end = await endOfLog(at.database, handedOnTypes);
    await until(() => hasReached(at.database, "measure", end!), 5_000);
    await at.database.transaction((tx) => announce(tx, [change], 1));
    const isHeard = async (): Promise<boolean> =>
      (await readOn(at.database, { tx: 0n, row: 0n }, 100)).changes.at(-1)?.key === change.key;
    await until(isHeard, 5_000);
  } finally {
    await hub.stop();
  }
});

test("a server that is too far behind is not used, and whoever starts the hub hears what to do", async () => {
  await restoreInto(limits.transactionsSpentMax * 2);
  await assert.rejects(countOn(at.database, silentLog), /pg_resetwal/);
});
