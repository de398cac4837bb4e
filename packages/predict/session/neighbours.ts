import { type Top, topOf } from "../arrays/top.ts";
import type { ClickRing } from "./click-ring.ts";

/** The sessions most like the current one, in arrays that the next search fills again. */
export type SessionNeighbours = {
  /** How many there are; `firsts` names each by its first cell. */
  readonly count: () => number;
  readonly firsts: Int32Array;
  /** By first cell: the sum of the weights of the shared items. */
  readonly similarityOf: Float64Array;
  /** By first cell: the latest shared item's cell there, and how many clicks back it is in the current session. */
  readonly matchOf: Int32Array;
  readonly stepsBackOf: Int32Array;
  /** Searches anew; `recent` lists the current session's items, oldest first; `leftOut` is its own first cell. */
  readonly find: (recent: ArrayLike<number>, leftOut: number) => void;
};

export type NeighbourOptions = {
  /** How many different items of the current session are looked up, the latest first. */
  readonly itemsMax: number;
  /** How many sessions an item brings, and how many are compared in all: the latest. */
  readonly sessionsMax: number;
  /** How many of those compared are kept: the most alike. */
  readonly neighboursMax: number;
};

/** What a shared item counts, above 0: by how many clicks ago the current session saw it. */
export type ItemWeight = (stepsBack: number, recent: ArrayLike<number>) => number;

/**
 * Finds, for the last `itemsMax` different items clicked, the `sessionsMax` sessions that clicked each last;
 * keeps of all these the `sessionsMax` whose last click is latest, and of these the `neighboursMax` with the
 * highest sum of weights of the items they share; equal ones by the later click.
 *
 * Cost: `itemsMax` × `sessionsMax` steps at most; most items have far fewer sessions. Source: Kersbergen,
 * Sprangers, Schelter, "Serenade", SIGMOD 2022, algorithm 2.
 */
export function sessionNeighbours(
  ring: ClickRing,
  options: NeighbourOptions,
  weightOf: ItemWeight,
): SessionNeighbours {
  const { itemsMax, sessionsMax, neighboursMax } = options;
  const { latestOf, earlierOfItem, firstOf, lastOf, age } = ring;
  const perCell = () => new Int32Array(ring.capacity);
  const [matchOf, stepsBackOf, lastItemOf] = [perCell(), perCell(), perCell()];
  const similarityOf = new Float64Array(ring.capacity);
  const firsts = new Int32Array(Math.min(ring.capacity, itemsMax * sessionsMax));
  const latest = topOf(Math.min(sessionsMax, firsts.length));
  const likest = topOf(Math.min(neighboursMax, firsts.length));
  const keep = keeper(ring, firsts, similarityOf);
  let count = 0;

  const meet = (item: number, stepsBack: number, weight: number, leftOut: number) => {
    let sessions = 0;
    let laterAge = -1;
    for (let cell = latestOf[item]!; cell !== -1 && sessions < sessionsMax; cell = earlierOfItem[cell]!) {
      const cellAge = age(cell);
      if (cellAge <= laterAge) return;
      laterAge = cellAge;
      const first = firstOf[cell]!;
      // A session is forgotten with its first click, and counts once for an item that it saw twice.
      const isNew = similarityOf[first] === 0;
      if (first === leftOut || age(first) < cellAge || (!isNew && lastItemOf[first] === item)) {
        continue;
      }
      if (isNew) {
        firsts[count++] = first;
        matchOf[first] = cell;
        stepsBackOf[first] = stepsBack;
      }
      similarityOf[first]! += weight;
      lastItemOf[first] = item;
      sessions++;
    }
  };
  return {
    count: () => count,
    firsts,
    similarityOf,
    matchOf,
    stepsBackOf,
    find(recent, leftOut) {
      for (let at = 0; at < count; at++) similarityOf[firsts[at]!] = 0;
      count = 0;
      let items = 0;
      const oldest = Math.max(0, recent.length - ring.clicksMax);
      for (let at = recent.length - 1; at >= oldest && items < itemsMax; at--) {
        if (isClickedLater(recent, at)) continue;
        const stepsBack = recent.length - 1 - at;
        meet(recent[at]!, stepsBack, weightOf(stepsBack, recent), leftOut);
        items++;
      }
      if (count > sessionsMax) count = keep(latest, count, (first) => -age(lastOf[first]!));
      if (count > neighboursMax) count = keep(likest, count, (first) => similarityOf[first]!);
    },
  };
}

/** Keeps the best of the first `count` sessions in place, forgets the others' similarity, returns how many are left. */
function keeper({ age, cellAt, firstOf, lastOf }: ClickRing, firsts: Int32Array, similarityOf: Float64Array) {
  const ages = new Int32Array(firsts.length);
  const similarities = new Float64Array(firsts.length);
  return (top: Top, count: number, scoreOf: (first: number) => number): number => {
    for (let at = 0; at < count; at++) top.offer(age(lastOf[firsts[at]!]!), scoreOf(firsts[at]!));
    const kept = top.take(ages);
    const firstAt = (at: number) => firstOf[cellAt(ages[at]!)]!;
    for (let at = 0; at < kept; at++) similarities[at] = similarityOf[firstAt(at)]!;
    for (let at = 0; at < count; at++) similarityOf[firsts[at]!] = 0;
    for (let at = 0; at < kept; at++) {
      firsts[at] = firstAt(at);
      similarityOf[firsts[at]!] = similarities[at]!;
    }
    return kept;
  };
}

/** True when the item at `at` is clicked again later on. */
function isClickedLater(recent: ArrayLike<number>, at: number): boolean {
  for (let later = at + 1; later < recent.length; later++) if (recent[later] === recent[at]) return true;
  return false;
}
