import type { PersonId } from "@trato/base";
import type { Identity, IdentityKind } from "@trato/contract";
import { bigintArray, type Queries, textArray, uuidArray } from "../platform/index.ts";
import { identityKey } from "./keyed.ts";

/** Where an identity leads: its home, which never changes, and the person that home is merged into. */
export type Known = { readonly home: PersonId; readonly person: PersonId };

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
