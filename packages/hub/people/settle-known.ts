import type { PersonId } from "@trato/base";
import type { Living, LoggedEvent, OwnEvent, Settled } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import { ChangedUnderUs } from "./changed.ts";
import { holdBackErasures } from "./erasure-store.ts";
import { fold, foldWaiting, mayWaitOf, type SettleNeeds } from "./settle.ts";
import { type Held, holdStanding, readStanding } from "./store.ts";
import { knownHomesThatWait } from "./waiting.ts";

/**
 * As `settle` for events whose people are known by id: a home may have been merged since, or erased. Whose events may
 * all wait is not held.
 */
export async function settleKnown(
  needs: SettleNeeds,
  tx: Queries,
  own: readonly OwnEvent[],
  ahead?: Living,
): Promise<Settled> {
  const wait = knownHomesThatWait(own, mayWaitOf(needs));
  const [living, { byHome, waited }] = await Promise.all([
    livingAmong(tx, [...wait.keys()], ahead),
    holdOwners(
      needs,
      tx,
      [...new Set(own.map(({ personId }) => personId))].filter((one) => !wait.has(one)),
    ),
  ]);
  for (const home of living) needs.waiting.add(home);
  const homes = own.map(({ personId }) => {
    return living.has(personId) || byHome.has(personId) ? personId : ("erased" as const);
  });
  const doFold = async (logged: readonly LoggedEvent[]) => {
    await waited;
    await fold(needs, tx, { byHome, refold: new Set(), wait }, logged);
  };
  return { homes, fold: doFold, committed: () => undefined };
}

/** Those of these homes who live, as far as it was not asked ahead. */
async function livingAmong(
  tx: Queries,
  homes: readonly PersonId[],
  ahead?: Living,
): Promise<ReadonlySet<PersonId>> {
  if (ahead === undefined) return holdLiving(tx, homes);
  const others = homes.filter((home) => !ahead.asked.has(home));
  const [living, more] = await Promise.all([ahead.living, holdLiving(tx, others)]);
  return new Set(homes.filter((home) => living.has(home) || more.has(home)));
}

/** Those of these homes whose person was not erased, and is not until the transaction ends. */
export async function holdLiving(tx: Queries, homes: readonly PersonId[]): Promise<ReadonlySet<PersonId>> {
  if (homes.length === 0) return new Set();
  const [, standing] = await Promise.all([holdBackErasures(tx), readStanding(tx, homes)]);
  return new Set(standing.keys());
}

/** Locks whoever stands for these homes; those who were erased are missing. */
async function holdOwners(needs: SettleNeeds, tx: Queries, distinct: readonly PersonId[]) {
  const how = { foldVersion: needs.folder.version, lock: true };
  const locked = await holdStanding(tx, distinct, how);
  const standsFor = new Map(distinct.map((owner) => [owner, owner]));
  // Nearly all of them stand for themselves. The others were merged into somebody, or erased.
  const others = distinct.filter((owner) => !locked.has(owner));
  for (const owner of others) standsFor.delete(owner);
  for (const [owner, { personId }] of await readStanding(tx, others)) standsFor.set(owner, personId);
  const more = [...new Set(standsFor.values())].filter((personId) => !locked.has(personId));
  for (const [personId, held] of await holdStanding(tx, more, how)) locked.set(personId, held);
  if (more.some((personId) => !locked.has(personId)))
    throw new ChangedUnderUs("a person was merged or erased meanwhile");
  // What waits is read before anything is appended, and waited for when all is folded.
  const waited = foldWaiting(needs, tx, locked);
  waited.catch(() => undefined);
  const byHome = new Map<PersonId, Held>();
  for (const [owner, personId] of standsFor) byHome.set(owner, locked.get(personId)!);
  return { byHome, waited };
}
