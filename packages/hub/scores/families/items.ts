import { limits } from "@trato/base";
import { type Baskets, basketsBetween, basketsFrom, recallAtK, topOf, truthOf } from "@trato/predict";
import type { Collected } from "../training/collect.ts";
import { type Labels, labelsOfPersons } from "../training/estimates.ts";

/** The purchases as baskets, and those before a moment; each is made once. */
export function basketsOf(orders: Collected) {
  const { personCount, skus } = orders;
  const all = basketsFrom(orders, { personCount, itemCount: skus.length });
  const known = new Map<string, Baskets>();
  return {
    all,
    between(fromMs: number, untilMs: number): Baskets {
      const key = `${fromMs} ${untilMs}`;
      const baskets = known.get(key) ?? basketsBetween(all, fromMs, untilMs);
      known.set(key, baskets);
      return baskets;
    },
    before(untilMs: number): Baskets {
      return this.between(Number.NEGATIVE_INFINITY, untilMs);
    },
  };
}
export type BasketsOf = ReturnType<typeof basketsOf>;

export const top = 10;

/** Who is measured on [fromMs, untilMs), and what is to be named: at most `limits.trainingMeasuredPeopleMax` of them. */
export function askedAbout(
  baskets: BasketsOf,
  fromMs: number,
  untilMs: number,
  isRight: (person: number, item: number) => boolean = () => true,
): ReadonlyMap<number, ReadonlySet<number>> {
  const truths = truthOf(baskets.before(fromMs), baskets.between(fromMs, untilMs));
  const kept = [...truths].flatMap(([person, items]) => {
    const right = new Set([...items].filter((item) => isRight(person, item)));
    return right.size === 0 ? [] : [[person, right] as const];
  });
  const stride = Math.max(1, Math.ceil(kept.length / limits.trainingMeasuredPeopleMax));
  return new Map(kept.filter((_, at) => at % stride === 0));
}

/** For each person asked about, the share of the truth among the first ten; `scores` finds zeros to write to. */
export function recalls(
  truths: ReadonlyMap<number, ReadonlySet<number>>,
  itemCount: number,
  scores: (person: number, out: Float64Array) => void,
): Float64Array {
  const out = new Float64Array(itemCount);
  const best = topOf(top);
  const ranked = new Int32Array(top);
  return Float64Array.from(truths, ([person, truth]) => {
    scores(person, out.fill(0));
    for (let item = 0; item < itemCount; item++) if (out[item]! > 0) best.offer(item, out[item]!);
    return recallAtK(ranked.subarray(0, best.take(ranked)), truth, top);
  });
}

/** What the measured people belong to, in the sequence in which they are measured. */
export function labelsOf(
  orders: Collected,
  truths: ReadonlyMap<number, unknown>,
  untilMs: number,
): (row: number) => Labels {
  const persons = [...truths.keys()];
  const of = labelsOfPersons(orders, untilMs);
  return (row) => of(persons[row]!);
}

/** Another model's numbers of our items, -1 for those it has not seen. */
export function numbersIn(theirs: readonly string[], ours: readonly string[]): Int32Array {
  const numbers = new Map(theirs.map((sku, item) => [sku, item]));
  return Int32Array.from(ours, (sku) => numbers.get(sku) ?? -1);
}
