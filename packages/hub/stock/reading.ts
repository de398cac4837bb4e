import type { Queries } from "../platform/index.ts";
import { type Line, openBundles, type Parts } from "./choose.ts";
import { readExpired } from "./hold-store.ts";
import { afterExpiry, availableOf, type Level, pairKey } from "./ledger.ts";
import { readLevels, readLevelsOf } from "./store.ts";

/** Levels as they are at an instant: what is in holds that are over by then is free, tidied away or not. */
export async function atInstant(queries: Queries, levels: readonly Level[], nowMs: number): Promise<Level[]> {
  const skus = [...new Set(levels.filter(({ held }) => held > 0).map(({ sku }) => sku))];
  if (skus.length === 0) return [...levels];
  // Read after the levels: what is tidied away in between is told as held a moment longer, never as free twice.
  const over = new Map((await readExpired(queries, skus, nowMs)).map((one) => [pairKey(one), one.quantity]));
  return levels.map((level) => afterExpiry(level, Math.min(level.held, over.get(pairKey(level)) ?? 0)));
}

export type Available = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * What may be promised of each item at this instant, by place: sku → place → units, places without any left out. Of a
 * bundle, as many as all its parts allow. Two statements whatever the number of items.
 */
export async function availableAt(
  queries: Queries,
  asked: {
    readonly skus: readonly string[];
    readonly placeIds?: readonly string[];
    readonly channel?: string;
  },
  at: { readonly items: Parts; readonly nowMs: number },
): Promise<Available> {
  const { skus, placeIds, channel } = asked;
  const partsOf = new Map(skus.map((sku) => [sku, openBundles([{ sku, quantity: 1 }], at.items)]));
  const wanted = [...new Set([...partsOf.values()].flat().map(({ sku }) => sku))];
  if (wanted.length === 0) return new Map();
  const levels =
    placeIds === undefined
      ? await readLevelsOf(queries, wanted)
      : await readLevels(queries, wanted, placeIds);
  const rooms = new Map<string, Map<string, number>>();
  for (const level of await atInstant(queries, levels, at.nowMs)) {
    const units = availableOf(level, channel);
    const room = rooms.get(level.sku) ?? new Map<string, number>();
    rooms.set(level.sku, units > 0 ? room.set(level.placeId, units) : room);
  }
  return new Map([...partsOf].map(([sku, parts]) => [sku, bundleRoom(parts, rooms)]));
}

function bundleRoom(
  parts: readonly Line[],
  rooms: ReadonlyMap<string, ReadonlyMap<string, number>>,
): ReadonlyMap<string, number> {
  const [first, ...rest] = parts;
  const room = new Map<string, number>();
  for (const [placeId, units] of rooms.get(first!.sku) ?? []) {
    const whole = rest.reduce(
      (fewest, { sku, quantity }) =>
        Math.min(fewest, Math.floor((rooms.get(sku)?.get(placeId) ?? 0) / quantity)),
      Math.floor(units / first!.quantity),
    );
    if (whole > 0) room.set(placeId, whole);
  }
  return room;
}
