import { type Clock, dayMs } from "@trato/base";
import { pruneOldDecisions } from "./decide/index.ts";
import { readPurchases, rollUpTallies } from "./events/index.ts";
import { pruneOldFacts } from "./measure/index.ts";
import { type Database, forgetOldAnswers, type Job, type Log, pruneOutbox } from "./platform/index.ts";
import type { Rooms } from "./rooms.ts";
import { type Purchase, pruneTrainings, trainWaiting } from "./scores/index.ts";
import { pruneOldDeliveries } from "./send/index.ts";

const trainingsKeptMs = 90 * dayMs;
const purchaseRowsPerPage = 2_000;

/** What the hub does by itself, and what it does when it is asked to. */
export function createJobs(needs: {
  readonly rooms: Rooms;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
}): Job[] {
  const { rooms, database, clock, log, stopping } = needs;
  return [
    {
      name: "train",
      work: async () => {
        await trainWaiting({
          database,
          clock,
          log,
          stopping,
          purchases: () => purchases(database, rooms.people),
        });
        await rooms.scores.refresh();
      },
    },
    {
      name: "tidy",
      schedule: "17 * * * *",
      work: async () => {
        await forgetOldAnswers(database);
        await rooms.orders.prune();
        await rollUpTallies(database);
        await pruneTrainings(database, clock.nowMs() - trainingsKeptMs);
        await pruneOldDecisions(database, clock.nowMs());
        await pruneOldFacts(database, clock.nowMs());
        await pruneOutbox(database, clock.nowMs());
        await pruneOldDeliveries(database, clock.nowMs());
      },
    },
  ];
}

type OrderData = { readonly orderId: string; readonly lines: Purchase["lines"] };

/** The purchases of the log as models read them, each with the person it is of today; a cancelled order is none. */
async function* purchases(database: Database, people: Rooms["people"]): AsyncGenerator<Purchase[]> {
  const cancelled = new Set<string>();
  for await (const page of readPurchases(database, purchaseRowsPerPage, ["order.cancelled"])) {
    for (const { personId, data } of page) cancelled.add(`${personId}\n${String(data["orderId"])}`);
  }
  for await (const page of readPurchases(database, purchaseRowsPerPage, ["order.placed"])) {
    const today = await people.whoIs(database, [...new Set(page.map(({ personId }) => personId))]);
    const found: Purchase[] = [];
    for (const { personId, timeMs, data } of page) {
      const { orderId, lines } = data as unknown as OrderData;
      if (cancelled.has(`${personId}\n${orderId}`)) continue;
      found.push({ personId: today.get(personId)?.personId ?? personId, timeMs, orderId, lines });
    }
    yield found;
  }
}
