import { limits } from "@trato/base";
import type { Database, Log, Queries } from "../platform/index.ts";
import { beginCursor, type HandedOnType, type ReadEvent, readNext } from "./cursor-store.ts";

/** Reads the log in commit order and hands it on, at least once; the cursor moves in the handler's transaction. */
export type Consumer = {
  /** Reads until there is nothing more; returns how many events it handed on. For tests and for shutdown. */
  drain(): Promise<number>;
  wake(): void;
  stop(): Promise<void>;
};

/**
 * Starts a consumer of some types of events. It never reads past pg_snapshot_xmin, in (tx, position) order: an event
 * whose transaction was slow to commit comes later, and is never skipped. One hub at a time holds the cursor's row.
 */
export async function startConsumer(options: {
  readonly name: string;
  readonly types: readonly HandedOnType[];
  readonly database: Database;
  readonly log: Log;
  readonly hear: (tx: Queries, events: readonly ReadEvent[]) => Promise<void>;
}): Promise<Consumer> {
  const { name, types, database, log } = options;
  await beginCursor(database, name);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let isSoon = false;
  let running: Promise<number> = Promise.resolve(0);

  const readOnce = (): Promise<number> =>
    database.transaction(async (tx) => {
      const events = await readNext(tx, name, types);
      if (events.length > 0) await options.hear(tx, events);
      return events.length;
    });
  const drainNow = async (): Promise<number> => {
    let total = 0;
    let read = 0;
    do {
      read = await readOnce();
      total += read;
    } while (read === limits.consumerBatchMax && !stopped);
    return total;
  };
  const drain = (): Promise<number> => {
    running = running.catch(() => 0).then(drainNow);
    return running;
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
    drain,
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running.catch(() => 0);
    },
  };
}
