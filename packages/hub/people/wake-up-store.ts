import { limits, type PersonId } from "@trato/base";
import { bigintArray, type Queries, uuidArray } from "../platform/index.ts";
import { type ProfileRow, profileColumns, profileOf, type ReadProfile } from "./store.ts";

/** Locks profiles that asked to be looked at by now; other hubs skip them. */
export async function lockWakeUps(tx: Queries, nowMs: number, limit: number): Promise<ReadProfile[]> {
  const rows = await tx.query<ProfileRow>({
    name: "people/lock_wake_ups",
    text: `select p.person_id as asked, ${profileColumns} from people_person p
            where p.wake_ms <= $1 and p.merged_into is null and p.erased_ms is null
            order by p.wake_ms limit $2 for no key update skip locked`,
    values: [nowMs, limit],
  });
  return rows.map(profileOf);
}

export type WakeUp = { readonly personId: PersonId; readonly wakeMs: number | null };

/** These locked people were looked at: they are handed out again when this says, or not. */
export async function writeWakeUps(tx: Queries, wakeUps: readonly WakeUp[]): Promise<void> {
  if (wakeUps.length === 0) return;
  await tx.write({
    name: "people/write_wake_ups",
    text: `update people_person p set wake_ms = n.wake_ms
             from unnest($1::uuid[], $2::bigint[]) as n (person_id, wake_ms) where p.person_id = n.person_id`,
    values: [
      uuidArray(wakeUps.map(({ personId }) => personId)),
      bigintArray(wakeUps.map(({ wakeMs }) => wakeMs)),
    ],
  });
}

/**
 * Sees to it that whoever stands for these homes is looked at by then. Mostly that is so, and nothing is written or
 * locked. Who is to be looked at within `limits.wakeMarginMs` is locked until the transaction ends: who looks before
 * would not see what this transaction appended, and put the next look off.
 */
export async function wakeBy(
  tx: Queries,
  wakeMsOf: ReadonlyMap<PersonId, number>,
  nowMs: number,
): Promise<void> {
  if (wakeMsOf.size === 0) return;
  await tx.write({
    name: "people/wake_by",
    text: `with wanted as (
             select coalesce(a.merged_into, a.person_id) as person_id, min(n.wake_ms) as wake_ms
               from unnest($1::uuid[], $2::bigint[]) as n (home, wake_ms)
               join people_person a on a.person_id = n.home group by 1),
           sooner as (
             select p.person_id, w.wake_ms from wanted w join people_person p on p.person_id = w.person_id
              where p.wake_ms is null or p.wake_ms > w.wake_ms or p.wake_ms <= $3
              order by p.person_id for no key update of p)
           update people_person p set wake_ms = least(p.wake_ms, s.wake_ms)
             from sooner s where p.person_id = s.person_id`,
    values: [
      uuidArray([...wakeMsOf.keys()]),
      bigintArray([...wakeMsOf.values()]),
      nowMs + limits.wakeMarginMs,
    ],
  });
}

/** Has a person looked at as soon as these: events of theirs wait that nobody has looked at yet. */
export async function carryWakeUp(tx: Queries, from: readonly PersonId[], to: PersonId): Promise<void> {
  await tx.write({
    name: "people/carry_wake_up",
    text: `update people_person
              set wake_ms = least(wake_ms, (select min(wake_ms) from people_person where person_id = any($2::uuid[])))
            where person_id = $1`,
    values: [to, uuidArray(from)],
  });
}
