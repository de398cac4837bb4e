import type { PersonId } from "@trato/base";
import type { Queries } from "../platform/index.ts";
import { carryWakeUp } from "./wake-up-store.ts";

export type Merge = {
  readonly mergeId: string;
  readonly winner: PersonId;
  readonly loser: PersonId;
  /** The ids that came over with the loser: what an undo takes out again. */
  readonly moved: readonly PersonId[];
  readonly source: string;
  readonly eventId: string;
  readonly mergedMs: number;
  readonly undoneMs: number | null;
};

/** Points the loser and all it had at the winner, and writes down why. */
export async function writeMerge(
  tx: Queries,
  merge: Omit<Merge, "undoneMs">,
  members: readonly PersonId[],
): Promise<void> {
  await tx.query({
    name: "people/insert_merge",
    text: `insert into people_merge (merge_id, winner, loser, moved, source, event_id, merged_ms)
           values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      merge.mergeId,
      merge.winner,
      merge.loser,
      merge.moved,
      merge.source,
      merge.eventId,
      merge.mergedMs,
    ],
  });
  await carryWakeUp(tx, merge.moved, merge.winner);
  await tx.query({
    name: "people/point_at_winner",
    text: `update people_person set merged_into = $1, version = version + 1, slices = '{}', wake_ms = null
            where person_id = any($2::uuid[])`,
    values: [merge.winner, merge.moved],
  });
  await writeMembers(tx, merge.winner, members);
}

export async function writeMembers(
  tx: Queries,
  personId: PersonId,
  members: readonly PersonId[],
): Promise<void> {
  await tx.query({
    name: "people/write_members",
    text: "update people_person set members = $2::uuid[], version = version + 1 where person_id = $1",
    values: [personId, members],
  });
}

/** Takes ids out of the person they were merged into: `first` stands for them all again. */
export async function writeUndo(
  tx: Queries,
  undo: { mergeId: string; nowMs: number; first: PersonId; moved: readonly PersonId[] },
): Promise<void> {
  await tx.query({
    name: "people/point_at_loser",
    text: `update people_person
              set merged_into = nullif($1::uuid, person_id), version = version + 1
            where person_id = any($2::uuid[])`,
    values: [undo.first, undo.moved],
  });
  await writeMembers(tx, undo.first, undo.moved);
  await tx.query({
    name: "people/undo_merge",
    text: "update people_merge set undone_ms = $2 where merge_id = $1",
    values: [undo.mergeId, undo.nowMs],
  });
}

export async function findMerge(tx: Queries, mergeId: string): Promise<Merge | undefined> {
  const rows = await tx.query<
    Omit<Merge, "mergedMs" | "undoneMs"> & { mergedMs: string; undoneMs: string | null }
  >({
    name: "people/find_merge",
    text: `select merge_id as "mergeId", winner, loser, moved, source, event_id as "eventId", merged_ms as "mergedMs",
                  undone_ms as "undoneMs" from people_merge where merge_id = $1 for update`,
    values: [mergeId],
  });
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    ...row,
    mergedMs: Number(row.mergedMs),
    undoneMs: row.undoneMs === null ? null : Number(row.undoneMs),
  };
}

export async function mergesOf(queries: Queries, members: readonly PersonId[]): Promise<Merge[]> {
  const rows = await queries.query<
    Omit<Merge, "mergedMs" | "undoneMs"> & { mergedMs: string; undoneMs: string | null }
  >({
    name: "people/merges_of",
    text: `select merge_id as "mergeId", winner, loser, moved, source, event_id as "eventId", merged_ms as "mergedMs",
                  undone_ms as "undoneMs" from people_merge
            where winner = any($1::uuid[]) or loser = any($1::uuid[]) order by merged_ms, merge_id`,
    values: [members],
  });
  return rows.map((row) => ({
    ...row,
    mergedMs: Number(row.mergedMs),
    undoneMs: row.undoneMs === null ? null : Number(row.undoneMs),
  }));
}

/** Says for ever that these are two people, whatever they share later. */
export async function insertApart(
  tx: Queries,
  ones: readonly PersonId[],
  others: readonly PersonId[],
): Promise<void> {
  await tx.query({
    name: "people/insert_apart",
    text: `insert into people_apart (one, other)
           select least(a.id, b.id), greatest(a.id, b.id)
             from unnest($1::uuid[]) as a (id), unnest($2::uuid[]) as b (id)
           on conflict do nothing`,
    values: [ones, others],
  });
}

export async function areApart(
  tx: Queries,
  ones: readonly PersonId[],
  others: readonly PersonId[],
): Promise<boolean> {
  const rows = await tx.query({
    name: "people/are_apart",
    text: `select 1 from people_apart where (one = any($1::uuid[]) and other = any($2::uuid[]))
              or (one = any($2::uuid[]) and other = any($1::uuid[])) limit 1`,
    values: [ones, others],
  });
  return rows.length > 0;
}
