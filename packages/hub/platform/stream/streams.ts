import { limits } from "@trato/base";
import { type Result, refuse } from "@trato/contract";
import type { Database } from "../database.ts";
import type { Key } from "../keys.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Connection } from "./connection.ts";
import { follow, type Wish } from "./follow.ts";
import { createGroups } from "./groups.ts";
import { createReaders } from "./readers.ts";
import { encodeHeartbeat } from "./sse.ts";
import { keysInUse } from "./store.ts";
import { startTail } from "./tail.ts";

export type Streams = {
  /** Whether one more may follow with this key. */
  hasRoom(key: Key): Result<null, "stopping" | "streams_too_many">;
  /** Begins to tell a reader what it wishes to hear; returns at once. */
  add(connection: Connection, key: Key, wish: Wish): void;
  /** Says farewell to every reader; each goes on at another hub from its last id. */
  stop(): Promise<void>;
};

/** Everybody who follows changes at this process: one reader of the outbox, told to as many as want to hear. */
export async function openStreams(needs: {
  readonly database: Database;
  readonly log: Log;
  readonly metrics: Metrics;
}): Promise<Streams> {
  const { database, log, metrics } = needs;
  const groups = createGroups();
  const tail = await startTail({ database, log, hear: groups.tell });
  const readers = createReaders((open) => metrics.streamsOpen.set(open));
  let stopping = false;

  const beat = (): void => {
    const bytes = Buffer.from(encodeHeartbeat(tail.at()));
    for (const { connection, isLive } of readers.all()) if (isLive) connection.write(bytes);
  };
  const dropRevoked = async (): Promise<void> => {
    const keyIds = readers.keyIds();
    if (keyIds.length === 0) return;
    const inUse = await keysInUse(database, keyIds);
    const isGone = ({ id }: Key): boolean => keyIds.includes(id) && !inUse.has(id);
    for (const { connection, key } of readers.all()) if (isGone(key)) connection.drop("key_revoked");
  };
  const timers = [
    setInterval(beat, limits.streamHeartbeatMs),
    setInterval(() => {
      dropRevoked().catch((cause: unknown) =>
        log.warn({ cause: String(cause) }, "the keys of streams could not be checked; they are again soon"),
      );
    }, limits.streamKeyCheckMs),
  ];

  return {
    hasRoom: (key) => (stopping ? refuse("stopping") : readers.hasRoom(key)),
    add(connection, key, wish) {
      const reader = readers.take(connection, key);
      follow({ database, tail, groups }, connection, wish).then(
        (isLive) => {
          reader.isLive = isLive;
        },
        (cause: unknown) => {
          log.warn({ cause: String(cause) }, "a stream broke off; its reader will come back");
          connection.drop("broken");
        },
      );
    },
    async stop() {
      stopping = true;
      for (const timer of timers) clearInterval(timer);
      for (const { connection } of readers.all()) connection.drop("stopping");
      await tail.stop();
    },
  };
}
