import { type Clock, limits, nobody, type PersonId, uuid7 } from "@trato/base";
import type { Identity } from "@trato/contract";
import type { KeptEvent, LoggedEvent, Settled } from "../events/index.ts";
import { byTime } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import type { Folder } from "./fold.ts";
import type { IdentityCache } from "./identity-cache.ts";
import { exclusivesOf, merge } from "./merge.ts";
import { refold } from "./refold.ts";
import { needExclusives, type Plan, plan } from "./rules.ts";
import {
  type Folded,
  type Held,
  identityKey,
  insertIdentities,
  insertPersons,
  type Known,
  lockStanding,
  readProfiles,
  writeFolded,
} from "./store.ts";
import type { Tombstones } from "./tombstone-store.ts";

export type SettleNeeds = {
  readonly folder: Folder;
  readonly clock: Clock;
  readonly tombstones: Tombstones;
  readonly identities: IdentityCache;
  readonly onRefold: (people: number) => void;
};

/** Somebody changed who is who between our look and our lock: begin the transaction again. */
class ChangedUnderUs extends Error {
  readonly code = "40001";
}

/** Finds, makes, joins and locks the people of a batch of events; see PeopleNeeds in the events room. */
export async function settle(
  needs: SettleNeeds,
  tx: Queries,
  events: readonly KeptEvent[],
): Promise<Settled> {
  const identities = distinctIdentities(events);
  const known = await needs.identities.find(tx, identities);
  const unknown = identities.filter((one) => !known.has(identityKey(one)));
  const planned = plan(events, {
    known,
    erased: await needs.tombstones.find(tx, unknown),
    exclusives: await exclusivesOf(tx, needExclusives(events, known)),
    newPersonId: () => uuid7(needs.clock.nowMs()) as PersonId,
  });
  const held = await hold(needs, tx, planned, known).catch((cause: unknown) => {
    needs.identities.forget(identities);
    throw cause;
  });
  return { homes: planned.homes, fold: (logged) => fold(needs, tx, held, logged) };
}

/** The same for events whose people are known by id: a home may have been merged since, or erased. */
export async function settleKnown(
  needs: SettleNeeds,
  tx: Queries,
  owners: readonly PersonId[],
): Promise<Settled> {
  const profiles = await readProfiles(tx, [...new Set(owners)]);
  const standing = new Set([...profiles.values()].filter((one) => !one.erased).map((one) => one.personId));
  const locked = await lockStanding(tx, [...standing]);
  const byHome = new Map<PersonId, Held>();
  for (const [owner, { personId }] of profiles) {
    const held = locked.get(personId);
    if (held === undefined && standing.has(personId))
      throw new ChangedUnderUs("a person was merged meanwhile");
    if (held?.erasedMs === null) byHome.set(owner, held);
  }
  const homes = owners.map((owner) => (byHome.has(owner) ? owner : ("erased" as const)));
  return { homes, fold: (logged) => fold(needs, tx, { byHome, refold: new Set() }, logged) };
}

function distinctIdentities(events: readonly KeptEvent[]): Identity[] {
  const distinct = new Map<string, Identity>();
  for (const event of events)
    for (const identity of event.identities) distinct.set(identityKey(identity), identity);
  return [...distinct.values()];
}

/** The people of a transaction, locked: every home leads to the person who stands for it. */
type HeldPeople = { readonly byHome: ReadonlyMap<PersonId, Held>; readonly refold: ReadonlySet<Held> };

async function hold(
  needs: SettleNeeds,
  tx: Queries,
  planned: Plan,
  known: ReadonlyMap<string, Known>,
): Promise<HeldPeople> {
  const personOf = new Map<PersonId, PersonId>();
  for (const { home, person } of known.values()) personOf.set(home, person);
  const homes = new Set<PersonId>();
  for (const home of planned.homes) if (home !== "erased" && home !== nobody) homes.add(home);
  const isNew = new Set(planned.newPersons);

  const toLock = new Set<PersonId>();
  for (const home of homes) if (!isNew.has(home)) toLock.add(personOf.get(home)!);
  for (const { person, other } of planned.joins)
    for (const one of [person, other]) if (!isNew.has(one)) toLock.add(one);
  const locked = await lockStanding(tx, [...toLock]);
  if (locked.size < toLock.size) throw new ChangedUnderUs("a person was merged meanwhile");

  if (planned.lifted.length > 0) await needs.tombstones.lift(tx, planned.lifted);
  await insertPersons(tx, planned.newPersons);
  for (const personId of planned.newPersons) locked.set(personId, freshPerson(needs.folder, personId));
  if (!(await insertIdentities(tx, planned.newIdentities)))
    throw new ChangedUnderUs("an identity found a home meanwhile");

  const byHome = new Map<PersonId, Held>();
  for (const home of homes) {
    const person = locked.get(isNew.has(home) ? home : personOf.get(home)!);
    const stands = person?.erasedMs === null && person.members.includes(home);
    if (!stands) throw new ChangedUnderUs("a person was merged, split or erased meanwhile");
    byHome.set(home, person);
  }
  const joined = await merge(tx, planned.joins, locked, needs.clock.nowMs());
  for (const [home, person] of byHome) byHome.set(home, joined.standsFor(person));
  return { byHome, refold: joined.grown };
}

function freshPerson(folder: Folder, personId: PersonId): Held {
  return {
    personId,
    mergedInto: null,
    members: [personId],
    version: 0,
    position: 0,
    headMs: 0,
    headId: "",
    headSource: "",
    foldVersion: folder.version,
    erasedMs: null,
    slices: folder.start(),
  };
}

async function fold(
  needs: SettleNeeds,
  tx: Queries,
  people: HeldPeople,
  logged: readonly LoggedEvent[],
): Promise<void> {
  const { folder } = needs;
  const newOf = new Map<Held, LoggedEvent[]>([...people.refold].map((held) => [held, []]));
  for (const one of logged) {
    if (one.home === nobody) continue;
    const held = people.byHome.get(one.home)!;
    const list = newOf.get(held);
    if (list === undefined) newOf.set(held, [one]);
    else list.push(one);
  }
  const folded: Folded[] = [];
  const again: Held[] = [];
  for (const [held, list] of newOf) {
    list.sort((a, b) => byTime(a.event, b.event));
    held.position = highestPosition(held.position, list);
    if (people.refold.has(held) || held.foldVersion !== folder.version || isLate(held, list[0]!.event))
      again.push(held);
    else folded.push(foldOn(folder, held, list));
  }
  for (let i = 0; i < again.length; i += limits.pageRowsMax) {
    folded.push(...(await refold(tx, folder, again.slice(i, i + limits.pageRowsMax))));
  }
  if (again.length > 0) needs.onRefold(again.length);
  await writeFolded(tx, folded);
}

function highestPosition(before: number, list: readonly LoggedEvent[]): number {
  let highest = before;
  for (const { position } of list) if (position > highest) highest = position;
  return highest;
}

/** True when the event belongs before one that is folded already: only the log can put it in its place. */
function isLate(held: Held, event: KeptEvent): boolean {
  if (event.timeMs !== held.headMs) return event.timeMs < held.headMs;
  if (event.id !== held.headId) return event.id < held.headId;
  return event.source < held.headSource;
}

function foldOn(folder: Folder, held: Held, list: readonly LoggedEvent[]): Folded {
  for (const { event } of list) folder.fold(held.slices, event);
  const last = list.at(-1)!.event;
  return {
    ...held,
    headMs: last.timeMs,
    headId: last.id,
    headSource: last.source,
    wakeMs: folder.wakeAtMs(held.slices),
  };
}
