import type { Item } from "@trato/contract";

export type Line = { readonly sku: string; readonly quantity: number };

/** Units of an item on the shelf, for a line that asked for `forSku`: the item itself, or a bundle it is a part of. */
export type Part = Line & { readonly forSku: string };

/** Parts taken from one place. */
export type Taken = Part & { readonly placeId: string };

export type Parts = ReadonlyMap<string, { readonly parts?: Item["parts"] }>;

/**
 * What lines take from the shelf: the items themselves, and all parts of bundles. A bundle is opened once: a part
 * counts as an item of its own, also when it has parts. Lines of one sku are one.
 */
export function openBundles(lines: readonly Line[], items: Parts): Part[] {
  const asked = new Map<string, number>();
  for (const { sku, quantity } of lines) asked.set(sku, (asked.get(sku) ?? 0) + quantity);
  return [...asked].flatMap(([forSku, quantity]): Part[] => {
    const parts = items.get(forSku)?.parts;
    if (parts === undefined) return [{ forSku, sku: forSku, quantity }];
    return parts.map((part) => ({ forSku, sku: part.sku, quantity: part.quantity * quantity }));
  });
}

export type Chosen =
  | { readonly ok: true; readonly taken: readonly Taken[] }
  | { readonly ok: false; readonly sku: string; readonly asked: number; readonly available: number };

/**
 * Chooses the places that serve all parts, or says what is missing; nothing is taken in part. The first place that has
 * everything serves everything. When none has, each item comes from the first place that has enough of it, and is
 * split over places only when none has. `room` says how many units a place can still promise.
 */
export function choosePlaces(
  parts: readonly Part[],
  placeIds: readonly string[],
  room: (sku: string, placeId: string) => number,
): Chosen {
  const need = new Map<string, number>();
  for (const { sku, quantity } of parts) need.set(sku, (need.get(sku) ?? 0) + quantity);
  const hasEnough = (placeId: string) => [...need].every(([sku, quantity]) => room(sku, placeId) >= quantity);
  const only = placeIds.find(hasEnough);
  if (only !== undefined) return { ok: true, taken: parts.map((part) => ({ ...part, placeId: only })) };

  const from = new Map<string, { placeId: string; left: number }[]>();
  for (const [sku, asked] of need) {
    const sources = sourcesOf(asked, placeIds, (placeId) => room(sku, placeId));
    const available = sources.reduce((sum, { left }) => sum + left, 0);
    if (available < asked) return { ok: false, sku, asked, available };
    from.set(sku, sources);
  }
  return { ok: true, taken: parts.flatMap((part) => takeFrom(from.get(part.sku)!, part)) };
}

/** The places one item comes from, and how much of it: one if one has enough, else in their order until it is enough. */
function sourcesOf(asked: number, placeIds: readonly string[], room: (placeId: string) => number) {
  const enough = placeIds.find((placeId) => room(placeId) >= asked);
  if (enough !== undefined) return [{ placeId: enough, left: asked }];
  const sources: { placeId: string; left: number }[] = [];
  let missing = asked;
  for (const placeId of placeIds) {
    const left = Math.min(missing, room(placeId));
    if (left <= 0) continue;
    sources.push({ placeId, left });
    missing -= left;
    if (missing === 0) break;
  }
  return sources;
}

function takeFrom(sources: { placeId: string; left: number }[], part: Part): Taken[] {
  const taken: Taken[] = [];
  let missing = part.quantity;
  for (const source of sources) {
    const quantity = Math.min(missing, source.left);
    if (quantity === 0) continue;
    taken.push({ ...part, quantity, placeId: source.placeId });
    source.left -= quantity;
    missing -= quantity;
  }
  return taken;
}
