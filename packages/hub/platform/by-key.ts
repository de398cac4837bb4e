import { assert } from "@trato/base";
import type { Coalesced } from "./coalesce.ts";

/**
 * Spreads calls over lanes so that no two lanes work on the same key at once and wait for each other's locks: a call
 * follows those of its key that are under way. Else it takes the first lane in which fewer than `fullAt` wait, so that
 * one lane does all the work until it is full: two half-empty transactions cost more than a full one. When all are
 * full, it takes the shortest.
 */
export function byKey<In, Out>(options: {
  readonly lanes: readonly Coalesced<In, Out>[];
  readonly keyOf: (one: In) => string;
  readonly fullAt: number;
}): (one: In) => Promise<Out> {
  const { lanes, keyOf, fullAt } = options;
  const underWay = new Map<string, { readonly lane: Coalesced<In, Out>; count: number }>();

  const freeLane = (): Coalesced<In, Out> => {
    let shortest = lanes[0];
    assert(shortest !== undefined, "there is a lane");
    for (const lane of lanes) {
      if (lane.waiting() < fullAt) return lane;
      if (lane.waiting() < shortest.waiting()) shortest = lane;
    }
    return shortest;
  };

  return async (one) => {
    const key = keyOf(one);
    const there = underWay.get(key) ?? { lane: freeLane(), count: 0 };
    there.count += 1;
    underWay.set(key, there);
    try {
      return await there.lane(one);
    } finally {
      there.count -= 1;
      if (there.count === 0) underWay.delete(key);
    }
  };
}
