import { limits } from "@trato/base";
import type { Item } from "@trato/contract";

export type Line = { readonly sku: string; readonly quantity: number };

/** Units of an item on the shelf, for a line that asked for `forSku`: the item itself, or a bundle it is a part of. */
export type Part = Line & { readonly forSku: string };

/** Parts taken from one place. */
export type Taken = Part & { readonly placeId: string };

export type Parts = ReadonlyMap<string, { readonly parts?: Item["parts"] }>;

/**
 * What lines take from the shelf: the items themselves, and all parts of bundles, also of bundles that are parts, down
 * to `limits.bundleDepthMax`; what is deeper counts as an item. Lines of one sku are one.
 */
export const openBundles = (lines: readonly Line[], items: Parts): Part[] =>
  openEach(lines, items).flatMap(({ parts }) => parts);

/** An item or a bundle that is asked for, and what all of it takes from the shelf. */
type Opened = { readonly forSku: string; readonly asked: number; readonly parts: readonly Part[] };

function openEach(lines: readonly Line[], items: Parts): Opened[] {
  const asked = new Map<string, number>();
  for (const { sku, quantity } of lines) asked.set(sku, (asked.get(sku) ?? 0) + quantity);
  return [...asked].map(([forSku, quantity]): Opened => {
    if (items.get(forSku)?.parts === undefined)
      return { forSku, asked: quantity, parts: [{ forSku, sku: forSku, quantity }] };
    const sums = new Map<string, number>();
    sumParts(sums, { sku: forSku, quantity }, { items, depth: 0 });
    return {
      forSku,
      asked: quantity,
      parts: [...sums].map(([sku, sum]) => ({ forSku, sku, quantity: sum })),
    };
  });
}

function sumParts(sums: Map<string, number>, line: Line, at: { items: Parts; depth: number }): void {
  const { sku, quantity } = line;
  const parts = at.depth < limits.bundleDepthMax ? at.items.get(sku)?.parts : undefined;
  if (parts === undefined) return void sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  for (const part of parts) {
    const units = part.quantity * quantity;
    sumParts(sums, { sku: part.sku, quantity: units }, { ...at, depth: at.depth + 1 });
  }
}

export type Chosen =
  | { readonly ok: true; readonly taken: readonly Taken[] }
  | { readonly ok: false; readonly sku: string; readonly asked: number; readonly available: number };

type Room = (sku: string, placeId: string) => number;

/**
 * Chooses the places that serve all parts, or says what is missing; nothing is taken in part. The first place that has
 * everything serves everything. When none has, each item comes from the first place that has enough of it, and is
 * split over places only when none has: by whole units, a bundle's parts from one place, since it is handed over as
 * one. What takes most of the shelf chooses first. `room` says how many units a place can still promise.
 */
export function choosePlaces(
  wanted: { readonly lines: readonly Line[]; readonly items: Parts },
  placeIds: readonly string[],
  room: Room,
): Chosen {
  const opened = openEach(wanted.lines, wanted.items);
  const parts = opened.flatMap((one) => one.parts);
  const need = new Map<string, number>();
  for (const { sku, quantity } of parts) need.set(sku, (need.get(sku) ?? 0) + quantity);
  const hasEnough = (placeId: string) => [...need].every(([sku, quantity]) => room(sku, placeId) >= quantity);
  const only = placeIds.find(hasEnough);
  if (only !== undefined) return { ok: true, taken: parts.map((part) => ({ ...part, placeId: only })) };

  const used = new Map<string, number>();
  const left: Room = (sku, placeId) => room(sku, placeId) - (used.get(`${placeId}\n${sku}`) ?? 0);
  const taken = new Map<Opened, readonly Taken[]>();
  for (const one of opened.toSorted((a, b) => unitsOf(b) - unitsOf(a))) {
    const chosen = splitUnits(one, placeIds, left);
    if (!chosen.ok) return chosen;
    for (const { placeId, sku, quantity } of chosen.taken) {
      const name = `${placeId}\n${sku}`;
      used.set(name, (used.get(name) ?? 0) + quantity);
    }
    taken.set(one, chosen.taken);
  }
  return { ok: true, taken: opened.flatMap((one) => taken.get(one)!) };
}

/** How much of the shelf one of it takes: what takes more is harder to place. */
const unitsOf = ({ asked, parts }: Opened): number =>
  parts.reduce((sum, { quantity }) => sum + quantity, 0) / asked;

/** What is asked for of one item or bundle: from one place if one has enough, else in their order until it is enough. */
function splitUnits({ forSku, asked, parts }: Opened, placeIds: readonly string[], left: Room): Chosen {
  const wholeAt = (placeId: string): number =>
    Math.min(...parts.map(({ sku, quantity }) => Math.floor(left(sku, placeId) / (quantity / asked))));
  const enough = placeIds.find((placeId) => wholeAt(placeId) >= asked);
  if (enough !== undefined) return { ok: true, taken: parts.map((part) => ({ ...part, placeId: enough })) };
  const taken: Taken[] = [];
  let missing = asked;
  for (const placeId of placeIds) {
    const units = Math.min(missing, wholeAt(placeId));
    if (units <= 0) continue;
    for (const part of parts) taken.push({ ...part, placeId, quantity: (part.quantity / asked) * units });
    missing -= units;
    if (missing === 0) return { ok: true, taken };
  }
  return { ok: false, sku: forSku, asked, available: asked - missing };
}
