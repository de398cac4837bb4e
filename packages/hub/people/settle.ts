import { type Clock, limits, nobody, type PersonId, uuid7 } from "@trato/base";
import { byTime, type KeptEvent, type LoggedEvent, type Settled } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import { ChangedUnderUs } from "./changed.ts";
import { holdBackAndCountErasures } from "./erasure-store.ts";
import type { Folder } from "./fold.ts";
import type { IdentityCache } from "./identity-cache.ts";
import { insertIdentities, type Known } from "./identity-store.ts";
import { identityKey, type KeyedEvent, type KeyedIdentity, keyedEvent } from "./keyed.ts";
import { exclusivesOf, merge } from "./merge.ts";
import { refold } from "./refold.ts";
import { needExclusives, type Plan, plan } from "./rules.ts";
import { type Folded, type Held, holdStanding, insertPersons, writeFolded } from "./store.ts";
import { foldOnto, foldTails, isLate } from "./tails.ts";
import type { Tombstones } from "./tombstone-store.ts";
import { homesThatWait, type Waiting, type Waits } from "./waiting.ts";
import { wakeBy } from "./wake-up-store.ts";

export type SettleNeeds = {
  readonly folder: Folder;
  readonly clock: Clock;
  readonly tombstones: Tombstones;
  readonly identities: IdentityCache;
  readonly waiting: Waiting;
  readonly onRefold: (people: number) => void;
};

/**
 * Finds, makes, joins and holds the people of a batch of events; see PeopleNeeds in the events room. The first try
 * only reads them, and finds out at the write whether somebody was faster; who has nothing but ordinary events is not
 * even read, and the events wait in the log. `again`, everybody is locked and folded.
 */
export async function settle(
  needs: SettleNeeds,
  tx: Queries,
  events: readonly KeptEvent[],
  again: boolean,
): Promise<Settled> {
  const keyed = events.map(keyedEvent);
  const identities = distinctIdentities(keyed);
  if (!again) needs.identities.trust(await holdBackAndCountErasures(tx));
  const known = await needs.identities.find(tx, identities, { remember: !again });
  const unknown = identities.filter(({ key }) => !known.has(key));
  const planned = plan(keyed, {
    known,
    erased: await needs.tombstones.find(tx, unknown),
    exclusives: await exclusivesOf(tx, needExclusives(keyed, known)),
    newPersonId: () => uuid7(needs.clock.nowMs()) as PersonId,
  });
  const wait: Waits = again ? new Map() : homesThatWait(keyed, { ...mayWaitOf(needs), planned, known });
  try {
    const held = await hold(needs, tx, { planned, known, wait, again });
    const forget = () => needs.identities.forget(identities);
    const doFold = (logged: readonly LoggedEvent[]) => fold(needs, tx, held, logged, forget);
    return {
      homes: planned.homes,
      committed: () => learn(needs, planned, known),
      fold: (logged) => forgetting(needs, identities, () => doFold(logged)),
    };
  } catch (cause) {
    needs.identities.forget(identities);
    throw cause;
  }
}

/** New identities may be remembered now: what another transaction leaves waiting at their homes is not lost. */
function learn({ identities }: SettleNeeds, planned: Plan, known: ReadonlyMap<string, Known>): void {
  if (planned.joins.length > 0) return;
  const personOf = new Map([...known.values()].map(({ home, person }) => [home, person]));
  const found = planned.newIdentities.map(
    ({ identity, home }) => [identityKey(identity), { home, person: personOf.get(home) ?? home }] as const,
  );
  identities.learn(new Map(found));
}

async function forgetting(
  needs: SettleNeeds,
  identities: readonly KeyedIdentity[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (cause) {
    needs.identities.forget(identities);
    throw cause;
  }
}

export const mayWaitOf = ({ folder, waiting, clock }: SettleNeeds) => ({
  folder,
  waiting,
  nowMs: clock.nowMs(),
});

function distinctIdentities(events: readonly KeyedEvent[]): KeyedIdentity[] {
  const distinct = new Map<string, KeyedIdentity>();
  for (const { identities } of events) for (const one of identities) distinct.set(one.key, one);
  return [...distinct.values()];
}

/** What waits for them is folded in, so that what comes now can follow; where that is late all is folded again. */
export async function foldWaiting(
  { folder, waiting }: SettleNeeds,
  tx: Queries,
  held: ReadonlyMap<PersonId, Held>,
): Promise<void> {
  const people = [...held.values()];
  for (const person of await foldTails(tx, folder, people)) person.isStale = true;
  for (const { members } of people) waiting.folded(members);
}

/** The people of a transaction: every home leads to the person who stands for it, but for those whose events wait. */
type HeldPeople = {
  readonly byHome: ReadonlyMap<PersonId, Held>;
  readonly refold: ReadonlySet<Held>;
  readonly wait: Waits;
};

async function hold(
  needs: SettleNeeds,
  tx: Queries,
  given: {
    readonly planned: Plan;
    readonly known: ReadonlyMap<string, Known>;
    readonly wait: Waits;
    readonly again: boolean;
  },
): Promise<HeldPeople> {
  const { planned, known, wait, again } = given;
  const personOf = new Map<PersonId, PersonId>();
  for (const { home, person } of known.values()) personOf.set(home, person);
  for (const personId of planned.newPersons) personOf.set(personId, personId);
  const homes = new Set<PersonId>();
  for (const home of planned.homes) if (home !== "erased" && home !== nobody) homes.add(home);

  const wanted = new Set<PersonId>();
  for (const home of homes) if (!wait.has(home)) wanted.add(personOf.get(home)!);
  for (const { person, other } of planned.joins) wanted.add(person).add(other);
  for (const personId of planned.newPersons) wanted.delete(personId);
  // Who is joined is locked: two rows change together, and a reader of one must not see the other as it was.
  const how = { foldVersion: needs.folder.version, lock: again || planned.joins.length > 0 };
  const held = await holdStanding(tx, [...wanted], how);
  if (held.size < wanted.size) throw new ChangedUnderUs("a person was merged or erased meanwhile");
  // Whoever is folded is folded as a whole, though our memory of who is who may be behind.
  for (const [personId, { members }] of held) {
    for (const member of members) if (wait.delete(member)) personOf.set(member, personId);
  }

  if (planned.lifted.length > 0) await needs.tombstones.lift(tx, planned.lifted);
  await insertPersons(tx, planned.newPersons);
  for (const personId of planned.newPersons) held.set(personId, freshPerson(personId, needs.folder));
  await foldWaiting(needs, tx, held);
  if (!(await insertIdentities(tx, planned.newIdentities)))
    throw new ChangedUnderUs("an identity found a home meanwhile");

  const byHome = new Map<PersonId, Held>();
  for (const home of homes) {
    if (wait.has(home)) {
      needs.waiting.add(home);
      continue;
    }
    const person = held.get(personOf.get(home)!)!;
    if (!person.members.includes(home)) throw new ChangedUnderUs("a person was split meanwhile");
    byHome.set(home, person);
  }
  const joined = await merge(tx, planned.joins, held, needs.clock.nowMs());
  for (const [home, person] of byHome) byHome.set(home, joined.standsFor(person));
  return { byHome, refold: joined.grown, wait };
}

const freshPerson = (personId: PersonId, folder: Folder): Held => ({
  personId,
  members: [personId],
  version: 0,
  headMs: 0,
  foldedAt: "1:1:",
  foldedTx: "0",
  isStale: false,
  slices: folder.start(),
});

export async function fold(
  needs: SettleNeeds,
  tx: Queries,
  people: HeldPeople,
  logged: readonly LoggedEvent[],
  onChanged?: () => void,
): Promise<void> {
  const { folder } = needs;
  const newOf = new Map<Held, LoggedEvent[]>([...people.refold].map((held) => [held, []]));
  for (const one of logged) {
    const held = people.byHome.get(one.home);
    if (held === undefined) continue;
    const list = newOf.get(held);
    if (list === undefined) newOf.set(held, [one]);
    else list.push(one);
  }
  const folded: Folded[] = [];
  const again: Held[] = [];
  for (const [held, list] of newOf) {
    if (list.length > 1) list.sort((a, b) => byTime(a.event, b.event));
    if (people.refold.has(held) || held.isStale || isLate(held, list[0]!.event)) again.push(held);
    else folded.push(foldOn(folder, held, list));
  }
  for (let i = 0; i < again.length; i += limits.pageRowsMax) {
    folded.push(...(await refold(tx, folder, again.slice(i, i + limits.pageRowsMax))));
  }
  if (again.length > 0) needs.onRefold(again.length);
  await wakeWaiting(needs, tx, people.wait, logged);
  await writeFolded(tx, folded, folder.version, onChanged);
}

/** Whoever may want to be looked at because of what waits for them is. */
async function wakeWaiting(
  { clock }: SettleNeeds,
  tx: Queries,
  wait: Waits,
  logged: readonly LoggedEvent[],
): Promise<void> {
  const homes = new Set(logged.map(({ home }) => home));
  const bounded = [...wait].filter(([home, untilMs]) => homes.has(home) && Number.isFinite(untilMs));
  await wakeBy(tx, new Map(bounded), clock.nowMs());
}

function foldOn(folder: Folder, held: Held, list: readonly LoggedEvent[]): Folded {
  foldOnto(
    folder,
    held,
    list.map(({ event }) => event),
  );
  const { personId, version, slices, headMs, foldedAt } = held;
  return { personId, version, slices, headMs, foldedAt, wakeMs: folder.wakeAtMs(slices) };
}
