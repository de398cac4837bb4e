import type { PersonId } from "@trato/base";
import { byTime, type KeptEvent, readEventsOf, readEventsOfMany } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import type { Folder, SliceStates } from "./fold.ts";
import type { Folded, Held } from "./store.ts";

/** Folds events, which must be in fold order, from the start. */
export function foldAll(folder: Folder, events: readonly KeptEvent[]): SliceStates {
  const states = folder.start();
  for (const event of events) folder.fold(states, event);
  return states;
}

/** A held person with what the log says of it: the same bytes that folding as events came would have given. */
export function foldedFrom(
  folder: Folder,
  held: Held,
  events: readonly KeptEvent[],
  foldedAt: string,
): Folded {
  const slices = foldAll(folder, events);
  const { personId, version } = held;
  return {
    personId,
    version,
    slices,
    foldedAt,
    headMs: events.at(-1)?.timeMs ?? 0,
    wakeMs: folder.wakeAtMs(slices),
  };
}

/**
 * Folds people again from the log, as it is or as a snapshot saw it. One read for all of them; a caller keeps their
 * number bounded.
 */
export async function refold(
  tx: Queries,
  folder: Folder,
  people: readonly Held[],
  asOf?: string,
): Promise<Folded[]> {
  const personOf = new Map<PersonId, Held>();
  for (const held of people) for (const member of held.members) personOf.set(member, held);
  const eventsOf = new Map<Held, KeptEvent[]>(people.map((held) => [held, []]));
  const { snapshot, events } = await readEventsOfMany(tx, [...personOf.keys()], asOf);
  for (const { home, event } of events) {
    eventsOf.get(personOf.get(home)!)!.push(event);
  }
  return people.map((held) => foldedFrom(folder, held, eventsOf.get(held)!.sort(byTime), snapshot));
}

/** The profile as it was when the log was seen as `position` says: what a replay starts from. */
export async function profileAsOf(
  queries: Queries,
  folder: Folder,
  at: { members: readonly PersonId[]; position: string },
): Promise<SliceStates> {
  return foldAll(folder, await readEventsOf(queries, at.members, at.position));
}
