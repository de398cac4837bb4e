import type { ClickRing } from "./click-ring.ts";
import { decayScorer } from "./decay-knn.ts";
import { type Tally, tallyOf, tallySum } from "./tally.ts";
import type { Trails } from "./trails.ts";
import { stepFrom, walkOn } from "./walk.ts";

/**
 * alike: what the neighbours of decay-kNN clicked · next: what is clicked right after the last item · near: what
 * is clicked near the last items · walk: what is near to what is near · last: the last item again · again: the
 * items before it again.
 */
export const sessionParts = ["alike", "next", "near", "walk", "last", "again"] as const;
export type SessionWeights = Readonly<Record<(typeof sessionParts)[number], number>>;

/** The two graphs that live beside the ring: after, and before or after. */
export type TwoTrails = { readonly next: Trails; readonly near: Trails };

/** Items further apart in a session than this are not near. */
const windowMax = 10;
const pairDecay = 1.5;
/** The near part starts from so many clicks, each older one a share of e^(−1/3) less. */
const startsMax = 8;
const startDecay = 3;
const againDecay = 2;

/** Adds the pairs that a click at `cell` makes with the clicks of its session before it. */
export function addTrails(ring: ClickRing, { next, near }: TwoTrails, cell: number): void {
  const item = ring.itemOf[cell]!;
  let other = cell;
  for (let apart = 1; apart <= windowMax && other !== ring.firstOf[cell]; apart++) {
    other = ring.earlierInSession[other]!;
    const earlier = ring.itemOf[other]!;
    const weight = Math.exp(-(apart - 1) / pairDecay);
    next.add(earlier, item, weight);
    near.add(earlier, item, weight);
    near.add(item, earlier, weight);
  }
}

/**
 * Writes each part's scores into its own tally. The first four sum to 1 where there are any; the chances of
 * a repeat are decays of the item's place.
 */
export function partFiller(ring: ClickRing, { next, near }: TwoTrails, decayNumbers: readonly number[]) {
  const alike = decayScorer(ring, decayNumbers);
  const walk = walkOn(near);
  const tallies = sessionParts.map(() => tallyOf(ring.itemCount));
  const [alikeOf, nextOf, nearOf, walkOf, lastOf, againOf] = tallies as [
    Tally,
    Tally,
    Tally,
    Tally,
    Tally,
    Tally,
  ];
  const shares = new Float64Array(sessionParts.length);
  return {
    tallies,
    /** What each tally is to be multiplied with so that it sums to 1. */
    shares,
    fill(recent: ArrayLike<number>, leftOut: number): void {
      for (const tally of tallies) tally.clear();
      const end = recent.length - 1;
      alike(recent, alikeOf, leftOut);
      stepFrom(next, recent[end]!, 1, nextOf);
      for (let back = 0; back <= Math.min(end, startsMax - 1); back++) {
        stepFrom(near, recent[end - back]!, Math.exp(-back / startDecay), nearOf);
      }
      walk(nearOf, walkOf);
      lastOf.add(recent[end]!, 1);
      for (let back = 1; back <= Math.min(end, ring.clicksMax); back++) {
        againOf.add(recent[end - back]!, Math.exp(-back / againDecay));
      }
      for (let part = 0; part < 4; part++) shares[part] = 1 / (tallySum(tallies[part]!) || 1);
      shares[4] = 1;
      shares[5] = 1;
    },
  };
}
