import { assert, dayMs } from "@trato/base";

/** All that the lifetime models know of one buyer; times in one unit of the caller's choice, such as weeks. */
export type Buyer = {
  /** Days with a purchase after the first. */
  readonly repeats: number;
  /** From the first purchase to the last; 0 without repeats. */
  readonly recency: number;
  /** From the first purchase to the end of what was seen. */
  readonly age: number;
};

/** Many buyers as flat arrays. */
export type Buyers = {
  readonly repeats: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  /** The sum of the logarithms of the times between purchases: needed to see whether they come regularly. */
  readonly sumLnGaps?: Float64Array;
};

/** Buyers made from purchases: who they are, and the mean value of their repeat days (0 without any). */
export type BuyersOf = Buyers & {
  readonly sumLnGaps: Float64Array;
  readonly personOf: Int32Array;
  readonly meanValue: Float64Array;
};

/** One row per purchase, in any sequence; several of a person on one day (UTC) count once, their values add. */
export type Purchases = {
  readonly personOf: Int32Array;
  readonly timeOf: Float64Array;
  readonly amountOf?: Float64Array;
};

/**
 * Folds the purchases before `untilMs` into buyers, by ascending person. `unitMs` is the unit of time; default a
 * week. Cost: a sort of the purchases.
 */
export function buyersFrom(
  purchases: Purchases,
  { untilMs, unitMs = 7 * dayMs }: { untilMs: number; unitMs?: number },
): BuyersOf {
  const { personOf, timeOf, amountOf } = purchases;
  assert(personOf.length === timeOf.length, "every purchase has a person and a time");
  assert(
    amountOf === undefined || amountOf.length === timeOf.length,
    "every purchase has a value, or none has",
  );
  const dayOf = timeOf.map((timeMs) => Math.floor(timeMs / dayMs));
  const rows = Int32Array.from(timeOf.keys())
    .filter((row) => timeOf[row]! < untilMs)
    .sort((a, b) => personOf[a]! - personOf[b]! || dayOf[a]! - dayOf[b]!);
  const endDay = untilMs / dayMs;
  const units = (days: number) => (days * dayMs) / unitMs;
  const out: Record<"person" | "repeats" | "recency" | "age" | "lnGaps" | "value", number[]> = {
    person: [],
    repeats: [],
    recency: [],
    age: [],
    lnGaps: [],
    value: [],
  };
  let lastDay = 0;
  let at = -1;
  for (const row of rows) {
    const day = dayOf[row]!;
    const isNewPerson = out.person[at] !== personOf[row];
    if (isNewPerson) {
      at++;
      out.person.push(personOf[row]!);
      out.age.push(units(endDay - day));
      for (const list of [out.repeats, out.recency, out.lnGaps, out.value]) list.push(0);
    } else if (day > lastDay) {
      out.repeats[at]!++;
      out.recency[at]! += units(day - lastDay);
      out.lnGaps[at]! += Math.log(units(day - lastDay));
    }
    lastDay = day;
    if (out.repeats[at]! > 0) out.value[at]! += amountOf?.[row] ?? 0;
  }
  return {
    personOf: Int32Array.from(out.person),
    repeats: Float64Array.from(out.repeats),
    recency: Float64Array.from(out.recency),
    age: Float64Array.from(out.age),
    sumLnGaps: Float64Array.from(out.lnGaps),
    meanValue: Float64Array.from(out.value, (sum, i) => sum / Math.max(1, out.repeats[i]!)),
  };
}

/** Equal buyers together: `times[i]` buyers are as the i-th of `buyers`. */
export type Kinds = { readonly buyers: Buyers; readonly times: Float64Array };

/**
 * Checks the arrays and counts equal buyers once: half of a cohort never came back and differs in age alone.
 * Throws, naming what is wrong; also when nobody ever came back, because nothing can be learnt from that.
 */
export function kindsOf(buyers: Buyers): Kinds {
  const { repeats, recency, age } = buyers;
  assert(recency.length === repeats.length && age.length === repeats.length, "every buyer has three numbers");
  const found = new Map<string, number>();
  const times: number[] = [];
  const first: number[] = [];
  for (let i = 0; i < repeats.length; i++) {
    checkBuyer({ repeats: repeats[i]!, recency: recency[i]!, age: age[i]! });
    const key = `${repeats[i]} ${recency[i]} ${age[i]}`;
    const at = found.get(key) ?? times.length;
    if (at === times.length) {
      found.set(key, at);
      times.push(0);
      first.push(i);
    }
    times[at]!++;
  }
  if (!repeats.some((count) => count > 0))
    throw new Error("Nobody came back: a lifetime is learnt from repeats.");
  const pick = (from: Float64Array) => Float64Array.from(first, (i) => from[i]!);
  return {
    buyers: { repeats: pick(repeats), recency: pick(recency), age: pick(age) },
    times: Float64Array.from(times),
  };
}

/** Every so many-th buyer, about `most` in all; all of them when none of those came back. */
export function someBuyers(buyers: Buyers, most: number): Buyers {
  const stride = Math.ceil(buyers.repeats.length / most);
  const pick = (from: Float64Array) => from.filter((_, i) => i % stride === 0);
  const some = { repeats: pick(buyers.repeats), recency: pick(buyers.recency), age: pick(buyers.age) };
  return some.repeats.some((count) => count > 0) ? some : buyers;
}

/** Throws, naming what is wrong, when no history could give these numbers. */
export function checkBuyer({ repeats, recency, age }: Buyer): void {
  assert(Number.isInteger(repeats) && repeats >= 0, "repeats are counted from 0");
  assert(recency >= 0 && recency <= age && age < Number.POSITIVE_INFINITY, "recency is from 0 to age");
  assert(repeats > 0 || recency === 0, "without repeats the last purchase is the first");
}
