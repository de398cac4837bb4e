import { setTimeout as delay } from "node:timers/promises";
import { limits } from "@trato/base";
import type { Database, Log, Queries } from "../platform/index.ts";
import {
  beginCursor,
  endOfLog,
  type HandedOnType,
  hasReached,
  type ReadEvent,
  readNext,
} from "./cursor-store.ts";

/** Reads the log in commit order and hands it on, at least once; the cursor moves in the handler's transaction. */
export type Consumer = {
  /** Hands on all that was committed before the call, and says how many events that were. */
  drain(): Promise<number>;
  wake(): void;
  stop(): Promise<void>;
};

export type ConsumerOptions = {
  readonly name: string;
  readonly types: readonly HandedOnType[];
  readonly database: Database;
  readonly log: Log;
  readonly hear: (tx: Queries, events: readonly ReadEvent[]) => Promise<void>;
};

/**
 * Starts a consumer of some types of events. It never reads past platform_horizon, in (tx, position) order: an event
 * whose transaction was slow to commit comes later, and is never skipped. One hub at a time holds the cursor's row.
 */
export async function startConsumer(options: ConsumerOptions): Promise<Consumer> {
  const { name, types, database, log } = options;
  await beginCursor(database, name);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let isSoon = false;
  let running: Promise<number> = Promise.resolve(0);

  const drainNow = async (): Promise<number> => {
    let total = 0;
    let read = 0;
    do {
      read = await readOnce(options);
      total += read;
    } while (read === limits.consumerBatchMax && !stopped);
    return total;
  };
  const drain = (): Promise<number> => {
    running = running.catch(() => 0).then(drainNow);
    return running;
  };
  // Somebody's slow transaction holds back what may be read.
  const drainAll = async (): Promise<number> => {
    const end = await endOfLog(database, types);
    let total = await drain();
    while (end !== undefined && !stopped && !(await hasReached(database, name, end))) {
      await delay(limits.wakeUpMsMin / 4);
      total += await drain();
    }
    return total;
  };
  const loop = (): void => {
    isSoon = false;
    drain()
      .catch((cause: unknown) =>
        log.warn({ consumer: name, cause: String(cause) }, "a consumer of the log will try again"),
      )
      .finally(() => {
        if (!stopped && !isSoon) timer = setTimeout(loop, limits.consumerPollMs);
      });
  };
  // A hundred commits a second wake a consumer ten times.
  const wake = (): void => {
    if (isSoon || stopped) return;
    isSoon = true;
    clearTimeout(timer);
    timer = setTimeout(loop, limits.wakeUpMsMin);
  };
  loop();
  return {
    drain: drainAll,
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running.catch(() => 0);
    },
  };
}

function readOnce({ name, types, database, hear }: ConsumerOptions): Promise<number> {
  return database.transaction(async (tx) => {
    const events = await readNext(tx, name, types);
    if (events.length > 0) await hear(tx, events);
    return events.length;
  });
}
