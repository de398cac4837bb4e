import { type Clock, dayMs } from "@trato/base";
import { pruneOldDecisions } from "./decide/index.ts";
import { rollUpTallies } from "./events/index.ts";
import { factSources } from "./facts-for-scores.ts";
import { pruneOldFacts } from "./measure/index.ts";
import { type Database, forgetOldAnswers, type Job, type Log, pruneOutbox } from "./platform/index.ts";
import type { Rooms } from "./rooms.ts";
import { lookForDrift, pruneTrainings, trainWaiting } from "./scores/index.ts";
import { pruneOldDeliveries } from "./send/index.ts";

const trainingsKeptMs = 90 * dayMs;

/** What the hub does by itself, and what it does when it is asked to. */
export function createJobs(needs: {
  readonly rooms: Rooms;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
}): Job[] {
  const { rooms, database, clock, log, stopping } = needs;
  const training = { database, clock, log, stopping, sources: factSources(database, rooms) };
  return [
    {
      name: "train",
      work: async () => {
        await trainWaiting(training);
        await rooms.scores.refresh();
      },
    },
    { name: "drift", schedule: "41 3 * * *", work: () => lookForDrift(training) },
    {
      name: "tidy",
      schedule: "17 * * * *",
      work: () =>
        doEach([
          () => forgetOldAnswers(database),
          () => rooms.orders.prune(),
          () => rollUpTallies(database),
          () => pruneTrainings(database, clock.nowMs() - trainingsKeptMs),
          () => pruneOldDecisions(database, clock.nowMs()),
          () => pruneOldFacts(database, clock.nowMs()),
          () => pruneOutbox(database, clock.nowMs()),
          () => pruneOldDeliveries(database, clock.nowMs()),
        ]),
    },
  ];
}

/** One after the other; one that fails keeps none from being done. */
async function doEach(all: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const one of all) await one().catch((cause: unknown) => failures.push(cause));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("; "));
}
