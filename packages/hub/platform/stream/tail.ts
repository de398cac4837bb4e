import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { limits } from "@trato/base";
import type { Database } from "../database.ts";
import type { Log } from "../log.ts";
import { outboxChannel } from "../outbox.ts";
import { isAfter, type Position } from "./position.ts";
import { type Announced, endOfOutbox, readOn } from "./store.ts";

export type Tail = {
  /** All changes up to here were handed on, and none after. */
  at(): Position;
  /** Waits until the tail has come so far, at most `limits.streamBehindMsMax`. */
  reached(position: Position): Promise<void>;
  stop(): Promise<void>;
};

/**
 * The one reader of the outbox in this process: hands on what is committed from now on, in order, each change once. It
 * is woken by NOTIFY and looks by the clock as well; what an unfinished transaction holds back it looks for again soon.
 */
export async function startTail(needs: {
  readonly database: Database;
  readonly log: Log;
  readonly hear: (changes: readonly Announced[]) => void;
}): Promise<Tail> {
  const { database, log, hear } = needs;
  let at = await endOfOutbox(database);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isAsked = false;
  let heldMs = 0;

  const readAll = async (): Promise<void> => {
    for (;;) {
      const { changes, heldBack, settledTo } = await readOn(database, at, limits.streamBatchMax);
      const isAll = changes.length < limits.streamBatchMax;
      const last = changes.at(-1)?.at ?? at;
      at = isAll && isAfter(settledTo, last) ? settledTo : last;
      if (changes.length > 0) hear(changes);
      if (heldBack) heldMs = changes.length > 0 ? 2 : Math.min(limits.streamHeldMsMax, heldMs * 2 || 2);
      else heldMs = 0;
      if (isAll || stopped) return;
      await turn(); // sockets take what was written before more of it comes
    }
  };
  const look = async (): Promise<void> => {
    do {
      isAsked = false;
      try {
        await readAll();
      } catch (cause) {
        heldMs = 0;
        log.warn({ cause: String(cause) }, "the outbox could not be read; it is tried again");
      }
    } while (isAsked && !stopped);
    running = undefined;
    if (!stopped) timer = setTimeout(wake, heldMs || limits.streamPollMs);
  };
  const wake = (): void => {
    isAsked = true;
    if (running !== undefined || stopped) return;
    clearTimeout(timer);
    running = look();
  };
  const unlisten = await database.listen(outboxChannel, wake);
  wake();
  return {
    at: () => at,
    async reached(position) {
      if (isAfter(position, at)) wake();
      for (let ms = 0; ms < limits.streamBehindMsMax && isAfter(position, at); ms += 10) await delay(10);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await unlisten();
      await running;
    },
  };
}
