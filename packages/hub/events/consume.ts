import { limits } from "@trato/base";
import type { Database, Log, Queries } from "../platform/index.ts";
import { beginCursor, type ReadEvent, readNext } from "./cursor-store.ts";

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
  readonly types: readonly string[];
  readonly database: Database;
  readonly log: Log;
  readonly hear: (tx: Queries, events: readonly ReadEvent[]) => Promise<void>;
}): Promise<Consumer> {
  const { name, types, database, log } = options;
  await beginCursor(database, name);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> = Promise.resolve(0);

  const readOnce = (): Promise<number> =>
    database.transaction(async (tx) => {
      const { read, events } = await readNext(tx, name, types);
      if (events.length > 0) await options.hear(tx, events);
      return read;
    });
  const drainNow = async (): Promise<number> => {
    let total = 0;
    for (let read = await readOnce(); read > 0 && !stopped; read = await readOnce()) total += read;
    return total;
  };
  const drain = (): Promise<number> => {
    running = running.catch(() => 0).then(drainNow);
    return running;
  };
  const loop = (): void => {
    drain()
      .catch((cause: unknown) =>
        log.warn({ consumer: name, cause: String(cause) }, "a consumer of the log will try again"),
      )
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, limits.consumerPollMs);
      });
  };
  loop();
  return {
    drain,
    wake: () => void drain().catch(() => 0),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running.catch(() => 0);
    },
  };
}
