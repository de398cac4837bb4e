import type { Queries } from "../platform/index.ts";

const lockKey = 1_164_116_001;

/**
 * Until the transaction ends nobody is erased: events may be appended to homes that are known, without a look at their
 * people. What is asked next sees who was erased before.
 */
export async function holdBackErasures(tx: Queries): Promise<void> {
  await tx.write({
    name: "people/hold_back_erasures",
    text: "select pg_advisory_xact_lock_shared($1)",
    values: [lockKey],
  });
}

/** The same; returns how many people were erased so far: what was remembered at another count may be out of date. */
export async function holdBackAndCountErasures(tx: Queries): Promise<string> {
  await holdBackErasures(tx);
  // A statement of its own: what waited for an erasure to end must see that it happened.
  const rows = await tx.query<{ count: string }>({
    name: "people/read_erasures",
    text: "select count from people_erasures",
    values: [],
  });
  return rows[0]!.count;
}

/** Waits until every transaction that appends has ended, and lets none begin before this one has. */
export async function beginErasure(tx: Queries): Promise<void> {
  await tx.query({
    name: "people/begin_erasure",
    text: "select pg_advisory_xact_lock($1)",
    values: [lockKey],
  });
  await tx.query({
    name: "people/count_erasure",
    text: "update people_erasures set count = count + 1",
    values: [],
  });
}
