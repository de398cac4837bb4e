import type { Queries } from "./database.ts";

/**
 * What a transaction gives is gathered and written at its end, all at once and in the order given, by one call of
 * `write` however often it gives; none for empty lists. An attempt that is rolled back forgets what it gathered.
 * Outside of a transaction it is written at once.
 */
export function gathered<One>(
  write: (tx: Queries, all: readonly One[]) => Promise<void>,
): (tx: Queries, some: readonly One[]) => Promise<void> {
  const waiting = new WeakMap<Queries, One[]>();
  return async (tx, some) => {
    if (some.length === 0) return;
    const before = waiting.get(tx);
    if (before !== undefined) {
      for (const one of some) before.push(one);
      return;
    }
    const all = [...some];
    waiting.set(tx, all);
    await tx.atEnd(async () => {
      waiting.delete(tx);
      await write(tx, all);
    });
  };
}
