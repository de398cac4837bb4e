import type { PersonId } from "@trato/base";
import { limits, nobody } from "@trato/base";
import type { Folder } from "./fold.ts";
import type { Known } from "./identity-store.ts";
import type { KeyedEvent } from "./keyed.ts";
import type { Plan } from "./rules.ts";

/** How many events this process has left waiting in the log for each home. */
export type Waiting = {
  /** True while one more may wait: a tail stays short enough to be folded while somebody waits for an answer. */
  mayWait(home: PersonId): boolean;
  add(home: PersonId): void;
  folded(homes: readonly PersonId[]): void;
};

/** Forgets everybody when it is full: their tails are longer than it knows, by one limit for each time it forgot. */
export function createWaiting(): Waiting {
  const counts = new Map<PersonId, number>();
  return {
    mayWait: (home) => (counts.get(home) ?? 0) < limits.eventsWaitingPerPersonMax,
    add(home) {
      if (counts.size >= limits.homesWaitingMax) counts.clear();
      counts.set(home, (counts.get(home) ?? 0) + 1);
    },
    folded(homes) {
      for (const home of homes) counts.delete(home);
    },
  };
}

/**
 * The homes of a batch whose events may all wait in the log: nothing in them can change when somebody must be looked
 * at, tells of a new identity, or joins people. A person is folded as a whole or not at all.
 */
export function homesThatWait(
  events: readonly KeyedEvent[],
  given: { planned: Plan; known: ReadonlyMap<string, Known>; folder: Folder; waiting: Waiting },
): Set<PersonId> {
  const { planned, known, folder, waiting } = given;
  if (planned.joins.length > 0) return new Set();
  const personOf = new Map<PersonId, PersonId>();
  for (const { home, person } of known.values()) personOf.set(home, person);
  const busy = new Set<PersonId | undefined>();
  const homes = new Set<PersonId>();
  for (const [i, { event, identities }] of events.entries()) {
    const home = planned.homes[i]!;
    if (home === nobody || home === "erased") continue;
    homes.add(home);
    const isCalm = folder.isCalm(event.type) && identities.every(({ key }) => known.has(key));
    if (!isCalm || !waiting.mayWait(home)) busy.add(personOf.get(home));
  }
  // Who is new is in nobody's cache yet, and stands under no person that is known.
  return new Set([...homes].filter((home) => personOf.has(home) && !busy.has(personOf.get(home))));
}
