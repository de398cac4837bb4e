import type { PersonId } from "@trato/base";
import type { KeptEvent } from "../events/index.ts";
import { bigintArray, jsonArray, mayTryAgain, type Queries, uuidArray } from "../platform/index.ts";
import { ChangedUnderUs } from "./changed.ts";
import type { SliceStates } from "./fold.ts";

/** Makes people that own nothing yet. */
export async function insertPersons(tx: Queries, personIds: readonly PersonId[]): Promise<void> {
  if (personIds.length === 0) return;
  await tx.query({
    name: "people/insert_persons",
    text: `insert into people_person (person_id, members) select id, array[id] from unnest($1::uuid[]) as n (id)`,
    values: [uuidArray(personIds)],
  });
}

/** A person who stands for itself, as a transaction works on it. */
export type Held = {
  personId: PersonId;
  members: PersonId[];
  /** Raised by every change of the row: who writes names the one they read. */
  version: number;
  headMs: number;
  /** Folded in are the events that this snapshot saw, and those of the transaction `foldedTx`. */
  foldedAt: string;
  foldedTx: string;
  /** Folded by another version of the slices: only the log can tell the profile. */
  isStale: boolean;
  slices: SliceStates;
};

type HeldRow = {
  personId: PersonId;
  members: PersonId[] | null;
  version: string;
  headMs: string;
  foldedAt: string;
  foldedTx: string;
  isStale: true | null;
  slices: SliceStates;
};

// What is rarely there is left out: an empty column costs nothing to read. $2 is the version of the slices.
const heldColumns = `person_id as "personId", case when cardinality(members) > 1 then members end as members, version,
  head_ms as "headMs", folded_at as "foldedAt", folded_tx as "foldedTx",
  case when fold_version <> $2 then true end as "isStale", slices`;

const heldOf = (row: HeldRow): Held => ({
  personId: row.personId,
  members: row.members ?? [row.personId],
  version: Number(row.version),
  headMs: Number(row.headMs),
  foldedAt: row.foldedAt,
  foldedTx: row.foldedTx,
  isStale: row.isStale === true,
  slices: row.slices,
});

export type HowHeld = { readonly foldVersion: string; readonly lock: boolean };

/**
 * Reads the people among these who live and stand for themselves. With `lock` they are locked, in sorted order, so
 * that no two transactions wait for each other in a circle; without it, writing finds out whether somebody was faster.
 */
export async function holdStanding(
  tx: Queries,
  personIds: readonly PersonId[],
  how: HowHeld,
): Promise<Map<PersonId, Held>> {
  if (personIds.length === 0) return new Map();
  const rows = await tx.query<HeldRow>({
    name: how.lock ? "people/lock_standing" : "people/read_standing_rows",
    text: `select ${heldColumns} from people_person
            where person_id = any($1::uuid[]) and merged_into is null and erased_ms is null
            ${how.lock ? "order by person_id for no key update" : ""}`,
    values: [uuidArray(personIds), how.foldVersion],
  });
  return new Map(rows.map((row) => [row.personId, heldOf(row)]));
}

/** Locks people and all who were merged into them, in sorted order, for an undo or an erasure. */
export async function lockRows(tx: Queries, personIds: readonly PersonId[]): Promise<void> {
  await tx.query({
    name: "people/lock_rows",
    text: "select 1 from people_person where person_id = any($1::uuid[]) order by person_id for update",
    values: [uuidArray(personIds)],
  });
}

/** Locks up to `limit` living people after `after`: everybody, or with `onlyStale` those other slices folded. */
export async function lockPage(
  tx: Queries,
  page: { after: string; limit: number; foldVersion: string; onlyStale: boolean },
): Promise<Held[]> {
  const rows = await tx.query<HeldRow>({
    name: "people/lock_page",
    text: `select ${heldColumns} from people_person
            where person_id > $1 and merged_into is null and erased_ms is null and (not $4 or fold_version <> $2)
            order by person_id limit $3 for no key update`,
    values: [page.after, page.foldVersion, page.limit, page.onlyStale],
  });
  return rows.map(heldOf);
}

/**
 * A profile to write. Of the writing transaction's own events all must be folded in. `wakeMs` brings a look forward
 * and never puts it off: an event that waits may need it.
 */
export type Folded = Pick<Held, "personId" | "version" | "headMs" | "slices" | "foldedAt"> & {
  readonly wakeMs: number | null;
};

/**
 * Writes profiles back in one statement that nobody waits for. When somebody changed one of them since it was read,
 * `onChanged` is told and the transaction begins again.
 */
export async function writeFolded(
  tx: Queries,
  folded: readonly Folded[],
  foldVersion: string,
  onChanged: () => void = () => undefined,
): Promise<void> {
  if (folded.length === 0) return;
  const sorted = [...folded].sort((a, b) => (a.personId < b.personId ? -1 : 1));
  const statement = {
    name: "people/write_folded",
    text: `with written as (
             update people_person p
                set version = p.version + 1, folded_at = n.folded_at, folded_tx = pg_current_xact_id(),
                    head_ms = n.head_ms, fold_version = $7, wake_ms = least(p.wake_ms, n.wake_ms), slices = n.slices
               from unnest($1::uuid[], $2::bigint[], $3::pg_snapshot[], $4::bigint[], $5::bigint[], $6::json[])
                 as n (person_id, version, folded_at, head_ms, wake_ms, slices)
              where p.person_id = n.person_id and p.version = n.version
             returning 1)
           select platform_begin_again_unless(count(*) = $8) from written`,
    values: [
      uuidArray(sorted.map((one) => one.personId)),
      bigintArray(sorted.map((one) => one.version)),
      sorted.map((one) => one.foldedAt),
      bigintArray(sorted.map((one) => one.headMs)),
      bigintArray(sorted.map((one) => one.wakeMs)),
      jsonArray(sorted.map((one) => one.slices)),
      foldVersion,
      sorted.length,
    ],
  };
  await tx.write(statement, {
    meaning: (cause) => {
      if (!mayTryAgain(cause)) return cause;
      onChanged();
      return new ChangedUnderUs("a profile was written meanwhile");
    },
  });
}

export type ProfileRow = Omit<ReadProfile, "members" | "version" | "headMs"> & {
  members: PersonId[] | null;
  version: string;
  headMs: string;
};

/** A profile as its row has it, without what waits for it in the log; `asked` is the id it was found by. */
export type ReadProfile = {
  readonly personId: PersonId;
  readonly asked: PersonId;
  readonly members: readonly PersonId[];
  readonly version: number;
  readonly erased: boolean;
  headMs: number;
  foldedAt: string;
  foldedTx: string;
  slices: SliceStates;
};

export const profileOf = (row: ProfileRow): ReadProfile => ({
  ...row,
  members: row.members ?? [row.personId],
  version: Number(row.version),
  headMs: Number(row.headMs),
});

export const profileColumns = `p.person_id as "personId",
  case when cardinality(p.members) > 1 then p.members end as members, p.version, p.head_ms as "headMs",
  p.folded_at as "foldedAt", p.folded_tx as "foldedTx", p.slices, p.erased_ms is not null as erased`;

/** A profile with what waits for it in the log, unsorted, and the snapshot that saw both. */
export type ReadToNow = ReadProfile & {
  readonly tail: readonly KeptEvent[] | null;
  readonly snapshot: string;
};

/** The same with what waits for them, all of one instant. */
export async function readProfilesToNow(queries: Queries, ids: readonly PersonId[]): Promise<ReadToNow[]> {
  if (ids.length === 0) return [];
  const rows = await queries.query<ProfileRow & Pick<ReadToNow, "tail" | "snapshot">>({
    name: "people/read_profiles_to_now",
    text: `select a.person_id as asked, ${profileColumns},
                  events_tail(p.members, p.folded_at, p.folded_tx) as tail, pg_current_snapshot()::text as snapshot
             from people_person a join people_person p on p.person_id = coalesce(a.merged_into, a.person_id)
            where a.person_id = any($1::uuid[])`,
    values: [uuidArray(ids)],
  });
  return rows.map((row) => ({ ...profileOf(row), tail: row.tail, snapshot: row.snapshot }));
}

/** The profiles behind person ids, merged ones under the id they were asked by. One statement for many. */
export async function readProfiles(queries: Queries, ids: readonly PersonId[]): Promise<ReadProfile[]> {
  if (ids.length === 0) return [];
  const rows = await queries.query<ProfileRow>({
    name: "people/read_profiles",
    text: `select a.person_id as asked, ${profileColumns}
             from people_person a join people_person p on p.person_id = coalesce(a.merged_into, a.person_id)
            where a.person_id = any($1::uuid[])`,
    values: [uuidArray(ids)],
  });
  return rows.map(profileOf);
}

export type Standing = { readonly personId: PersonId; readonly members: readonly PersonId[] };

/** Who each of these ids is today, without the profile; those of erased people, and those nobody knows, are missing. */
export async function readStanding(
  queries: Queries,
  ids: readonly PersonId[],
): Promise<Map<PersonId, Standing>> {
  if (ids.length === 0) return new Map();
  const rows = await queries.query<Standing & { asked: PersonId }>({
    name: "people/read_standing",
    text: `select a.person_id as asked, p.person_id as "personId", p.members
             from people_person a join people_person p on p.person_id = coalesce(a.merged_into, a.person_id)
            where a.person_id = any($1::uuid[]) and p.erased_ms is null`,
    values: [uuidArray(ids)],
  });
  return new Map(rows.map(({ asked, ...standing }) => [asked, standing]));
}

/** A page of living profiles after a person id, for jobs that look at everybody. */
export async function readProfilePage(
  queries: Queries,
  after: string,
  limit: number,
): Promise<ReadProfile[]> {
  const rows = await queries.query<ProfileRow>({
    name: "people/read_profile_page",
    text: `select p.person_id as asked, ${profileColumns} from people_person p
            where p.person_id > $1 and p.merged_into is null and p.erased_ms is null order by p.person_id limit $2`,
    values: [after, limit],
  });
  return rows.map(profileOf);
}

/** Locks these profiles, sorted by id, and reads them again; those merged away or erased are missing. */
export async function lockProfiles(tx: Queries, personIds: readonly PersonId[]): Promise<ReadProfile[]> {
  const rows = await tx.query<ProfileRow>({
    name: "people/lock_profiles",
    text: `select p.person_id as asked, ${profileColumns} from people_person p
            where p.person_id = any($1::uuid[]) and p.merged_into is null and p.erased_ms is null
            order by p.person_id for no key update`,
    values: [uuidArray(personIds)],
  });
  return rows.map(profileOf);
}

/** Empties people's rows: the ids stay, so that what names them can say "erased"; all else goes. */
export async function erasePersons(tx: Queries, members: readonly PersonId[], nowMs: number): Promise<void> {
  await tx.query({
    name: "people/erase_identities",
    text: "delete from people_identity where person_id = any($1::uuid[])",
    values: [members],
  });
  await tx.query({
    name: "people/erase_merges",
    text: "delete from people_merge where winner = any($1::uuid[]) or loser = any($1::uuid[])",
    values: [members],
  });
  await tx.query({
    name: "people/erase_persons",
    text: `update people_person set erased_ms = $2, version = version + 1, slices = '{}', wake_ms = null, head_ms = 0
            where person_id = any($1::uuid[])`,
    values: [members, nowMs],
  });
}
