import type { PersonId } from "@trato/base";
import { byTime, type KeptEvent, readEventsOfMany, readTails } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import type { Folder, SliceStates } from "./fold.ts";
import { foldAll } from "./refold.ts";
import type { ReadToNow } from "./store.ts";

/** A profile as its row has it: folded up to a snapshot of the log and one transaction. */
export type Foldable = {
  readonly members: readonly PersonId[];
  headMs: number;
  foldedAt: string;
  foldedTx: string;
  slices: SliceStates;
};

/**
 * What waits in the log for each of these people, in fold order, and the snapshot that saw it. From then on they count
 * as folded up to that snapshot, by whoever folds the events in.
 */
async function takeTails<P extends Foldable>(
  queries: Queries,
  people: readonly P[],
): Promise<ReadonlyMap<P, KeptEvent[]>> {
  const { snapshot, events } = await readTails(queries, people);
  const tails = new Map<P, KeptEvent[]>();
  if (events.length > 0) {
    const personOf = new Map(people.flatMap((person) => person.members.map((member) => [member, person])));
    for (const { home, event } of events) {
      const person = personOf.get(home)!;
      const tail = tails.get(person);
      if (tail === undefined) tails.set(person, [event]);
      else tail.push(event);
    }
    for (const tail of tails.values()) tail.sort(byTime);
  }
  for (const person of people) {
    person.foldedAt = snapshot;
    person.foldedTx = "0";
  }
  return tails;
}

/** True when an event may belong before one that is folded already: only the log can put it in its place. */
export const isLate = (person: Foldable, event: KeptEvent): boolean => event.timeMs <= person.headMs;

export function foldOnto(folder: Folder, person: Foldable, sorted: readonly KeptEvent[]): void {
  for (const event of sorted) folder.fold(person.slices, event);
  person.headMs = sorted.at(-1)?.timeMs ?? person.headMs;
}

/**
 * Folds what waits in the log into profiles that were read, in memory. Returns those it could not: something late
 * waits for them, and they must be folded again from the start.
 */
export async function foldTails<P extends Foldable>(
  queries: Queries,
  folder: Folder,
  people: readonly P[],
): Promise<P[]> {
  if (people.length === 0) return [];
  const late: P[] = [];
  for (const [person, tail] of await takeTails(queries, people)) {
    if (isLate(person, tail[0]!)) late.push(person);
    else foldOnto(folder, person, tail);
  }
  return late;
}

/** Profiles as they are now: the row and what waits for it in the log. Cost: one statement more for all of them. */
export async function foldToNow<P extends Foldable>(
  queries: Queries,
  folder: Folder,
  people: readonly P[],
): Promise<readonly P[]> {
  const late = await foldTails(queries, folder, people);
  if (late.length > 0) await foldAgain(queries, folder, late);
  return people;
}

/** The same for profiles that were read together with what waits for them: no statement more, unless some of it is late. */
export async function foldRead(
  queries: Queries,
  folder: Folder,
  people: readonly ReadToNow[],
): Promise<void> {
  const late: ReadToNow[] = [];
  for (const person of people) {
    person.foldedAt = person.snapshot;
    if (person.tail === null) continue;
    const tail = [...person.tail].sort(byTime);
    if (isLate(person, tail[0]!)) late.push(person);
    else foldOnto(folder, person, tail);
  }
  if (late.length > 0) await foldAgain(queries, folder, late);
}

/** Folds people from the start, up to the snapshot they were read at. */
async function foldAgain(queries: Queries, folder: Folder, people: readonly Foldable[]): Promise<void> {
  const members = people.flatMap((person) => person.members);
  const { events } = await readEventsOfMany(queries, members, people[0]!.foldedAt);
  const eventsOf = Map.groupBy(events, ({ home }) => home);
  for (const person of people) {
    const own = person.members.flatMap((member) => eventsOf.get(member) ?? []).map(({ event }) => event);
    person.slices = foldAll(folder, own.sort(byTime));
    person.headMs = own.at(-1)?.timeMs ?? 0;
  }
}
