import { assert, chance, limits } from "@trato/base";
import { type Household, makeHousehold } from "./homes/household.ts";
import { type Life, startLife } from "./homes/life.ts";
import { beginVisit, nextVisitOf } from "./visits/begin.ts";
import { type Ended, endVisit, notAsked } from "./visits/end.ts";
import { takeLater } from "./visits/later.ts";
import type { WireEvent } from "./visits/scribe.ts";

/** A town of households, each with a life of its own that began at `fromMs`. */
export type Town = {
  readonly seed: number;
  readonly fromMs: number;
  readonly lives: readonly Life[];
  /** Begins the ids of all its events, so that two towns in one hub do not speak as one. */
  readonly tag: string;
};

/**
 * Makes a town. Pure: the same seed, start and number give the same households, and the first hundred of two hundred
 * are the hundred of a hundred. Cost: some 50 µs a household.
 */
export function createTown(given: {
  readonly seed: number;
  readonly households: number;
  readonly fromMs: number;
}): Town {
  const { seed, households, fromMs } = given;
  assert(
    Number.isInteger(households) && households >= 1 && households <= limits.townHouseholdsMax,
    `a town has 1 to ${limits.townHouseholdsMax} households`,
  );
  chance(seed); // refuses what is no seed
  const homes: Household[] = Array.from({ length: households }, (_, number) =>
    makeHousehold({ seed, number }),
  );
  const tag = `t${seed.toString(36)}-${Math.floor(fromMs / 1_000).toString(36)}`;
  return { seed, fromMs, lives: homes.map((home) => startLife(home, fromMs)), tag };
}

/** What one household does until `untilMs` when no decision shows it anything; events by time. Moves the life on. */
export function liveUntil(
  town: Town,
  life: Life,
  untilMs: number,
): { readonly events: readonly WireEvent[]; readonly visits: readonly Ended[] } {
  const events: WireEvent[] = [];
  const visits: Ended[] = [];
  while (nextVisitOf(life) <= untilMs) {
    const ended = endVisit(beginVisit(life, town.tag), notAsked);
    visits.push(ended);
    events.push(...ended.events);
  }
  events.push(...takeLater(life, untilMs));
  return { events: events.sort(byTime), visits };
}

/** All times have one offset, so their texts sort as they do. */
export function byTime(a: WireEvent, b: WireEvent): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
