import { nobody, type PersonId } from "@trato/base";
import { type Identity, type IdentityKind, identityKinds } from "@trato/contract";
import { byTime, type Home, type KeptEvent } from "../events/index.ts";
import type { Known } from "./identity-store.ts";
import type { KeyedEvent, KeyedIdentity } from "./keyed.ts";

/** What is known about the people and identities that a batch of events touches. */
export type Facts = {
  readonly known: ReadonlyMap<string, Known>;
  /** When each erased identity was erased. */
  readonly erased: ReadonlyMap<string, number>;
  /** The value each person has of each exclusive kind. */
  readonly exclusives: ReadonlyMap<PersonId, ReadonlyMap<IdentityKind, string>>;
  readonly newPersonId: () => PersonId;
};

/** What should happen: who is home to each event, who is new, and who turns out to be one person. */
export type Plan = {
  readonly homes: readonly Home[];
  readonly newPersons: readonly PersonId[];
  readonly newIdentities: readonly { identity: Identity; home: PersonId; seenMs: number }[];
  readonly joins: readonly { person: PersonId; other: PersonId; event: KeptEvent }[];
  /** Identities of erased people who came back and agreed: their tombstones are lifted. */
  readonly lifted: readonly Identity[];
};

const isExclusive = (identity: Identity): boolean => identityKinds[identity.kind].exclusive;

/**
 * Decides whose each event is. An event belongs to the home of its strongest identity; identities seen together for
 * the first time share that home; two homes seen together become one person. Nobody is joined to somebody with
 * another national id or loyalty number, and identities of an erased person make the event go nowhere.
 *
 * Cost: one pass over the events in time order, so that arrival order within a batch does not matter.
 */
export function plan(events: readonly KeyedEvent[], facts: Facts): Plan {
  const state = new Planner(facts);
  const homes: Home[] = new Array(events.length);
  const order = events.map((keyed, i) => ({ keyed, i })).sort((a, b) => byTime(a.keyed.event, b.keyed.event));
  for (const { keyed, i } of order) homes[i] = state.place(keyed);
  return { homes, ...state };
}

/** People whose exclusive identities `plan` must know: those about to gain one, or to be joined. */
export function needExclusives(events: readonly KeyedEvent[], known: ReadonlyMap<string, Known>): PersonId[] {
  const people = new Set<PersonId>();
  for (const event of events) {
    if (event.identities.length < 2) continue;
    const found = event.identities.map((one) => known.get(one.key)?.person);
    const persons = new Set(found.filter((one) => one !== undefined));
    const gains = event.identities.some((one, i) => found[i] === undefined && isExclusive(one));
    if (persons.size > 1 || (persons.size === 1 && gains)) for (const person of persons) people.add(person);
  }
  return [...people];
}

class Planner {
  readonly newPersons: PersonId[] = [];
  readonly newIdentities: { identity: Identity; home: PersonId; seenMs: number }[] = [];
  readonly joins: { person: PersonId; other: PersonId; event: KeptEvent }[] = [];
  readonly lifted: Identity[] = [];
  readonly #facts: Facts;
  readonly #found = new Map<string, Known>();
  readonly #exclusives = new Map<PersonId, Map<IdentityKind, string>>();
  readonly #joinedInto = new Map<PersonId, PersonId>();
  readonly #liftedKeys = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  place({ event, identities }: KeyedEvent): Home {
    if (identities.length === 0) return nobody;
    if (this.#isErased(event, identities)) return "erased";
    const home = this.#homeOf(identities);
    for (const identity of identities) {
      const known = this.#find(identity);
      if (known === undefined) this.#attach(identity, home, event);
      else this.#join(home.person, known.person, event);
    }
    return home.home;
  }

  #isErased(event: KeptEvent, identities: readonly KeyedIdentity[]): boolean {
    const { erased } = this.#facts;
    if (erased.size === 0) return false;
    const ended = identities.filter(({ key }) => erased.has(key) && !this.#liftedKeys.has(key));
    if (ended.length === 0) return false;
    // Who comes back and says yes is a new person, from that yes on.
    const lastMs = Math.max(...ended.map(({ key }) => erased.get(key)!));
    if (event.type !== "consent.given" || event.timeMs <= lastMs) return true;
    for (const identity of ended) {
      this.lifted.push(identity);
      this.#liftedKeys.add(identity.key);
    }
    return false;
  }

  /** The home of the strongest identity that has one, if the stronger ones may move in there; else a new one. */
  #homeOf(identities: readonly KeyedIdentity[]): Known {
    const strongest = this.#find(identities[0]!);
    if (strongest !== undefined) return strongest;
    for (const identity of identities) {
      const known = this.#find(identity);
      if (known !== undefined && this.#fits(identities[0]!, known.person)) return known;
    }
    const personId = this.#facts.newPersonId();
    this.newPersons.push(personId);
    return { home: personId, person: personId };
  }

  #find({ key }: KeyedIdentity): Known | undefined {
    return this.#facts.known.get(key) ?? this.#found.get(key);
  }

  #attach(identity: KeyedIdentity, at: Known, event: KeptEvent): void {
    if (!this.#fits(identity, at.person)) return;
    this.#found.set(identity.key, at);
    this.newIdentities.push({ identity, home: at.home, seenMs: event.timeMs });
    if (isExclusive(identity)) this.#exclusivesOf(at.person).set(identity.kind, identity.value);
  }

  #fits(identity: Identity, person: PersonId): boolean {
    if (!isExclusive(identity)) return true;
    const held = this.#exclusivesOf(this.#now(person)).get(identity.kind);
    return held === undefined || held === identity.value;
  }

  #join(one: PersonId, two: PersonId, event: KeptEvent): void {
    const person = this.#now(one);
    const other = this.#now(two);
    if (person === other) return;
    const mine = this.#exclusivesOf(person);
    const theirs = this.#exclusivesOf(other);
    for (const [kind, value] of theirs) if (mine.has(kind) && mine.get(kind) !== value) return;
    // The older id stays: version 7 ids sort by age, so the choice is the same whoever comes first.
    const [winner, loser] = person < other ? [person, other] : [other, person];
    this.#joinedInto.set(loser, winner);
    this.#exclusives.set(winner, new Map([...mine, ...theirs]));
    this.joins.push({ person: winner, other: loser, event });
  }

  #now(person: PersonId): PersonId {
    let at = person;
    for (let next = this.#joinedInto.get(at); next !== undefined; next = this.#joinedInto.get(at)) at = next;
    return at;
  }

  #exclusivesOf(person: PersonId): Map<IdentityKind, string> {
    let held = this.#exclusives.get(person);
    if (held === undefined) {
      held = new Map(this.#facts.exclusives.get(person) ?? []);
      this.#exclusives.set(person, held);
    }
    return held;
  }
}
