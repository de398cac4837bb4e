import type { PersonId } from "@trato/base";
import { limits, nobody } from "@trato/base";
import type { KeptEvent } from "../events/index.ts";
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

/** Homes whose events may wait in the log, with when whoever stands for them must be looked at: Infinity for never. */
export type Waits = Map<PersonId, number>;

/** Whether events may wait. The wake-up of one that is to be looked at soon may be on its way out. */
export type MayWait = { readonly folder: Folder; readonly waiting: Waiting; readonly nowMs: number };

function untilOf({ folder, nowMs }: MayWait, event: KeptEvent): number | undefined {
  const untilMs = folder.mayWaitUntilMs(event);
  return untilMs > nowMs + limits.wakeMarginMs ? untilMs : undefined;
}

const sooner = (waits: Waits, home: PersonId, untilMs: number): void => {
  waits.set(home, Math.min(waits.get(home) ?? untilMs, untilMs));
};

/**
 * The homes of a batch whose events may all wait in the log: nothing in them tells of a new identity, joins people, or
 * may have somebody looked at sooner than can be said without their profile. A person is folded as a whole or not at
 * all.
 */
export function homesThatWait(
  events: readonly KeyedEvent[],
  given: MayWait & { readonly planned: Plan; readonly known: ReadonlyMap<string, Known> },
): Waits {
  const { planned, known, waiting } = given;
  if (planned.joins.length > 0) return new Map();
  const personOf = new Map<PersonId, PersonId>();
  for (const { home, person } of known.values()) personOf.set(home, person);
  const busy = new Set<PersonId | undefined>();
  const waits: Waits = new Map();
  for (const [i, { event, identities }] of events.entries()) {
    const home = planned.homes[i]!;
    if (home === nobody || home === "erased") continue;
    const untilMs = untilOf(given, event);
    const isKnown = identities.every(({ key }) => known.has(key));
    if (untilMs === undefined || !isKnown || !waiting.mayWait(home)) busy.add(personOf.get(home));
    else sooner(waits, home, untilMs);
  }
  // Who is new is in nobody's cache yet, and stands under no person that is known.
  for (const home of [...waits.keys()]) {
    if (!personOf.has(home) || busy.has(personOf.get(home))) waits.delete(home);
  }
  return waits;
}

/** The same for events whose homes are known, and which tell of nobody new. */
export function knownHomesThatWait(
  own: readonly { readonly personId: PersonId; readonly event: KeptEvent }[],
  given: MayWait,
): Waits {
  const waits: Waits = new Map();
  const busy = new Set<PersonId>();
  for (const { personId: home, event } of own) {
    const untilMs = untilOf(given, event);
    if (untilMs === undefined || !given.waiting.mayWait(home)) busy.add(home);
    else sooner(waits, home, untilMs);
  }
  for (const home of busy) waits.delete(home);
  return waits;
}
