import type { PersonId } from "@trato/base";
import type { Identity, IdentityKind } from "@trato/contract";
import { bigintArray, jsonArray, type Queries, textArray, uuidArray } from "../platform/index.ts";
import type { Profile, SliceStates } from "./fold.ts";

/** Where an identity leads: its home, which never changes, and the person that home is merged into. */
export type Known = { readonly home: PersonId; readonly person: PersonId };
export const identityKey = (identity: Identity): string => `${identity.kind}\n${identity.value}`;

/** Looks identities up in one statement; the unknown ones are missing from the answer. */
export async function findKnown(
  queries: Queries,
  identities: readonly Identity[],
): Promise<Map<string, Known>> {
  if (identities.length === 0) return new Map();
  const rows = await queries.query<Identity & Known>({
    name: "people/find_identities",
    text: `select i.kind, i.value, i.person_id as home, coalesce(p.merged_into, p.person_id) as person
             from unnest($1::text[], $2::text[]) as k (kind, value)
             join people_identity i using (kind, value) join people_person p on p.person_id = i.person_id`,
    values: [textArray(identities.map((one) => one.kind)), textArray(identities.map((one) => one.value))],
  });
  return new Map(rows.map((row) => [identityKey(row), { home: row.home, person: row.person }]));
}

/** Makes people that own nothing yet. */
export async function insertPersons(tx: Queries, personIds: readonly PersonId[]): Promise<void> {
  if (personIds.length === 0) return;
  await tx.query({
    name: "people/insert_persons",
    text: `insert into people_person (person_id, members) select id, array[id] from unnest($1::uuid[]) as n (id)`,
    values: [uuidArray(personIds)],
  });
}

/** Gives identities their home. False when somebody else gave one of them a home meanwhile. */
export async function insertIdentities(
  tx: Queries,
  wanted: readonly { identity: Identity; home: PersonId; seenMs: number }[],
): Promise<boolean> {
  if (wanted.length === 0) return true;
  const sorted = [...wanted].sort((a, b) => (identityKey(a.identity) < identityKey(b.identity) ? -1 : 1));
  const rows = await tx.query({
    name: "people/insert_identities",
    text: `insert into people_identity (kind, value, person_id, first_seen_ms)
           select * from unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[])
           on conflict (kind, value) do nothing returning 1`,
    values: [
      textArray(sorted.map((one) => one.identity.kind)),
      textArray(sorted.map((one) => one.identity.value)),
      uuidArray(sorted.map((one) => one.home)),
      bigintArray(sorted.map((one) => one.seenMs)),
    ],
  });
  return rows.length === wanted.length;
}

/** A person's row as it is held locked during intake. */
export type Held = {
  personId: PersonId;
  mergedInto: PersonId | null;
  members: PersonId[];
  version: number;
  position: number;
  headMs: number;
  headId: string;
  headSource: string;
  foldVersion: string;
  erasedMs: number | null;
  slices: SliceStates;
};

type HeldRow = Omit<Held, "members" | "version" | "position" | "headMs" | "erasedMs"> & {
  members: PersonId[] | null;
  version: string;
  position: string;
  headMs: string;
  erasedMs: string | null;
};

// Most people have no other member than themselves: their list is left out, it costs more to read than all the rest.
const heldColumns = `person_id as "personId", merged_into as "mergedInto",
  case when cardinality(members) > 1 then members end as members, version, position, head_ms as "headMs",
  head_id as "headId", head_source as "headSource", fold_version as "foldVersion", erased_ms as "erasedMs", slices`;

const heldOf = (row: HeldRow): Held => ({
  personId: row.personId,
  mergedInto: row.mergedInto,
  members: row.members ?? [row.personId],
  version: Number(row.version),
  position: Number(row.position),
  headMs: Number(row.headMs),
  headId: row.headId,
  headSource: row.headSource,
  foldVersion: row.foldVersion,
  erasedMs: row.erasedMs === null ? null : Number(row.erasedMs),
  slices: row.slices,
});

/**
 * Locks the people among these who stand for themselves, in sorted order, so that no two transactions wait for each
 * other in a circle. Those merged into somebody are not locked: a merge under way moves them while it holds the winner.
 */
export async function lockStanding(
  tx: Queries,
  personIds: readonly PersonId[],
): Promise<Map<PersonId, Held>> {
  if (personIds.length === 0) return new Map();
  const rows = await tx.query<HeldRow>({
    name: "people/lock_standing",
    text: `select ${heldColumns} from people_person where person_id = any($1::uuid[]) and merged_into is null
            order by person_id for update`,
    values: [uuidArray(personIds)],
  });
  return new Map(rows.map((row) => [row.personId, heldOf(row)]));
}

/** Locks people and all who were merged into them, for an undo or an erasure. */
export async function lockPersons(tx: Queries, personIds: readonly PersonId[]): Promise<Map<PersonId, Held>> {
  const rows = await tx.query<HeldRow>({
    name: "people/lock_persons",
    text: `select ${heldColumns} from people_person where person_id = any($1::uuid[]) order by person_id for update`,
    values: [uuidArray(personIds)],
  });
  return new Map(rows.map((row) => [row.personId, heldOf(row)]));
}

/** Locks up to `limit` people after `after` who fold differently than `foldVersion`, or everybody when it is null. */
export async function lockPage(
  tx: Queries,
  page: { after: string; limit: number; notFoldVersion: string | null },
): Promise<Held[]> {
  const rows = await tx.query<HeldRow>({
    name: "people/lock_page",
    text: `select ${heldColumns} from people_person
            where person_id > $1 and merged_into is null and erased_ms is null and ($3::text is null or fold_version <> $3)
            order by person_id limit $2 for update`,
    values: [page.after, page.limit, page.notFoldVersion],
  });
  return rows.map(heldOf);
}

export type Folded = Held & { readonly wakeMs: number | null };

/** Writes the profiles back, all in one statement. */
export async function writeFolded(tx: Queries, folded: readonly Folded[]): Promise<void> {
  if (folded.length === 0) return;
  await tx.query({
    name: "people/write_folded",
    text: `update people_person p
              set version = p.version + 1, position = n.position, head_ms = n.head_ms, head_id = n.head_id,
                  head_source = n.head_source, fold_version = n.fold_version, wake_ms = n.wake_ms, slices = n.slices
             from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::json[])
               as n (person_id, position, head_ms, head_id, head_source, fold_version, wake_ms, slices)
            where p.person_id = n.person_id`,
    values: [
      uuidArray(folded.map((one) => one.personId)),
      bigintArray(folded.map((one) => one.position)),
      bigintArray(folded.map((one) => one.headMs)),
      textArray(folded.map((one) => one.headId)),
      textArray(folded.map((one) => one.headSource)),
      textArray(folded.map((one) => one.foldVersion)),
      bigintArray(folded.map((one) => one.wakeMs)),
      jsonArray(folded.map((one) => one.slices)),
    ],
  });
}

type ProfileRow = Omit<FoundProfile, "members" | "version" | "headMs"> & {
  members: PersonId[] | null;
  version: string;
  headMs: string;
  asked: PersonId;
};
export type FoundProfile = Profile & { readonly erased: boolean };

const profileOf = ({ asked: _, ...row }: ProfileRow): FoundProfile => ({
  ...row,
  members: row.members ?? [row.personId],
  version: Number(row.version),
  headMs: Number(row.headMs),
});

const profileColumns = `p.person_id as "personId",
  case when cardinality(p.members) > 1 then p.members end as members, p.version, p.position, p.head_ms as "headMs",
  p.slices, p.erased_ms is not null as erased`;

/** The profiles behind person ids, merged ones under the id they were asked by. One statement for many. */
export async function readProfiles(
  queries: Queries,
  ids: readonly PersonId[],
): Promise<Map<PersonId, FoundProfile>> {
  if (ids.length === 0) return new Map();
  const rows = await queries.query<ProfileRow>({
    name: "people/read_profiles",
    text: `select a.person_id as asked, ${profileColumns}
             from people_person a join people_person p on p.person_id = coalesce(a.merged_into, a.person_id)
            where a.person_id = any($1::uuid[])`,
    values: [uuidArray(ids)],
  });
  return new Map(rows.map((row) => [row.asked, profileOf(row)]));
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
export async function readProfilePage(queries: Queries, after: string, limit: number): Promise<Profile[]> {
  const rows = await queries.query<ProfileRow>({
    name: "people/read_profile_page",
    text: `select p.person_id as asked, ${profileColumns} from people_person p
            where p.person_id > $1 and p.merged_into is null and p.erased_ms is null order by p.person_id limit $2`,
    values: [after, limit],
  });
  return rows.map(profileOf);
}

/** Locks profiles that asked to be looked at by now; other hubs skip them. */
export async function lockWakeUps(tx: Queries, nowMs: number, limit: number): Promise<Profile[]> {
  const rows = await tx.query<ProfileRow>({
    name: "people/lock_wake_ups",
    text: `select p.person_id as asked, ${profileColumns} from people_person p
            where p.wake_ms <= $1 and p.merged_into is null and p.erased_ms is null
            order by p.wake_ms limit $2 for update skip locked`,
    values: [nowMs, limit],
  });
  return rows.map(profileOf);
}

/** These were looked at: they are not handed out again until a fold asks for it. */
export async function clearWakeUps(tx: Queries, personIds: readonly PersonId[]): Promise<void> {
  await tx.query({
    name: "people/clear_wake_ups",
    text: "update people_person set wake_ms = null where person_id = any($1::uuid[])",
    values: [uuidArray(personIds)],
  });
}

/** Locks these profiles, sorted by id, and reads them again; those merged away or erased are missing. */
export async function lockProfiles(tx: Queries, personIds: readonly PersonId[]): Promise<Profile[]> {
  const rows = await tx.query<ProfileRow>({
    name: "people/lock_profiles",
    text: `select p.person_id as asked, ${profileColumns} from people_person p
            where p.person_id = any($1::uuid[]) and p.merged_into is null and p.erased_ms is null
            order by p.person_id for update`,
    values: [uuidArray(personIds)],
  });
  return rows.map(profileOf);
}

/** Everything that is known to point to these ids, earliest first. */
export async function identitiesOf(
  queries: Queries,
  members: readonly PersonId[],
): Promise<{ kind: IdentityKind; value: string; home: PersonId; firstSeenMs: number }[]> {
  const rows = await queries.query<{ kind: IdentityKind; value: string; home: PersonId; first: string }>({
    name: "people/identities_of",
    text: `select kind, value, person_id as home, first_seen_ms as first from people_identity
            where person_id = any($1::uuid[]) order by first_seen_ms, kind, value`,
    values: [members],
  });
  return rows.map(({ first, ...row }) => ({ ...row, firstSeenMs: Number(first) }));
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
    text: `update people_person set erased_ms = $2, slices = '{}', wake_ms = null, head_ms = 0, head_id = '', head_source = ''
            where person_id = any($1::uuid[])`,
    values: [members, nowMs],
  });
}
