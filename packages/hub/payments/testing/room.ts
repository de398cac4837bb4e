import { type Clock, fakeClock } from "@trato/base";
import { type Database, silentLog } from "../../platform/index.ts";
import { type TestDatabase, testDatabase } from "../../testing/database.ts";
import { openPayments, type Payments, type Provider, type TenderKind } from "../index.ts";
import type { Fact } from "../tell.ts";

export const startMs = Date.UTC(2026, 10, 22, 15);

export type Room = {
  readonly payments: Payments;
  readonly database: Database;
  readonly clock: Clock & { advance(ms: number): void };
  /** What was said into the log, in order. */
  readonly facts: Fact[];
  stop(): Promise<void>;
};

/** The payments room alone, on a database of its own; what it says into the log is heard here. */
export async function openRoom(
  options: {
    readonly providers?: readonly Provider[];
    readonly tenders?: readonly TenderKind[];
    readonly at?: TestDatabase;
  } = {},
): Promise<Room> {
  const at = options.at ?? (await testDatabase());
  const clock = fakeClock(startMs);
  const facts: Fact[] = [];
  const payments = openPayments({
    ...{ database: at.database, clock, log: silentLog, giftCardSecret: "of the test" },
    providers: options.providers ?? [],
    tenders: options.tenders ?? [],
    record: {
      facts: async (_tx, told) => void facts.push(...told),
      whereOf: async () => new Map(),
    },
  });
  const stop = async () => {
    await payments.stop();
    if (options.at === undefined) await at.stop();
  };
  return { payments, database: at.database, clock, facts, stop };
}
