import { dayMs } from "@trato/base";
import fc from "fast-check";
import { type Baskets, basketsFrom } from "../arrays/baskets.ts";

/** A basket as anybody would write it, for the slow obvious versions. */
export type PlainBasket = { person: number; timeMs: number; items: number[] };

/** Flat baskets of plain ones. */
export function flatten(plain: readonly PlainBasket[], personCount: number, itemCount: number): Baskets {
  const lines = plain.flatMap((basket, number) => basket.items.map((item) => ({ ...basket, item, number })));
  return basketsFrom(
    {
      personOf: Int32Array.from(lines, (line) => line.person),
      basketOf: Int32Array.from(lines, (line) => line.number),
      itemOf: Int32Array.from(lines, (line) => line.item),
      timeOf: Float64Array.from(lines, (line) => line.timeMs),
    },
    { personCount, itemCount },
  );
}

/** Flat baskets written out again, sorted by person and time. */
export function unflatten(baskets: Baskets): PlainBasket[] {
  return Array.from(baskets.timeOfBasket, (timeMs, b) => ({
    person: baskets.personOfBasket[b]!,
    timeMs,
    items: [...baskets.itemOf.subarray(baskets.basketStart[b]!, baskets.basketStart[b + 1]!)],
  }));
}

export const smallWorld = { personCount: 5, itemCount: 8 } as const;

/** A few baskets of a few people within some months; the same item may stand twice on a receipt. */
export const anyPlainBaskets: fc.Arbitrary<PlainBasket[]> = fc.array(
  fc.record({
    person: fc.nat(smallWorld.personCount - 1),
    timeMs: fc.integer({ min: 0, max: 400 * 24 }).map((hour) => 15_000 * dayMs + hour * (dayMs / 24)),
    items: fc.array(fc.nat(smallWorld.itemCount - 1), { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 30 },
);

export const anyBaskets: fc.Arbitrary<Baskets> = anyPlainBaskets.map((plain) =>
  flatten(plain, smallWorld.personCount, smallWorld.itemCount),
);
