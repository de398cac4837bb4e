import type { Affinity } from "../affinity/affinity.ts";
import { addDecayed } from "./gp-top-freq.ts";
import type { Past } from "./past.ts";
import { sharesOf, type UpCf } from "./up-cf.ts";

/**
 * share: in which share of the person's newest baskets it is · often: how often they bought it, newer baskets
 * counting more · people: what people like them buy (UP-CF) · with: what goes with their last basket · popular:
 * what everybody buys.
 */
export const mixParts = ["share", "often", "people", "with", "popular"] as const;
export type MixWeights = Readonly<Record<(typeof mixParts)[number], number>>;

/** What the parts are computed from. */
export type MixModels = { readonly upCf: UpCf; readonly affinity: Affinity; readonly popular: Float64Array };

const oftenDecay = 0.9;
const recency = 10;

/** Fills one row of scores per part, in the sequence of `mixParts`. */
export type MixFiller = (past: Past, rows: readonly Float64Array[], person?: number) => void;

/** The filler of these models. Cost: the people of one's items. */
export function mixFiller({ upCf, affinity, popular }: MixModels): MixFiller {
  return (past, rows, person) => {
    const [share, often, people, together, everybody] = rows as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (const row of rows) row.fill(0);
    for (const [item, part] of sharesOf(past, recency)) share[item] = part;
    addDecayed(past, oftenDecay, often);
    upCf.neighbours(past, people, person);
    const last = past.at(-1) ?? [];
    affinity.with.scores(last, new Float64Array(last.length).fill(1 / last.length), together);
    everybody.set(popular);
  };
}
