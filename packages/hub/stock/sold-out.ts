import type { Queries } from "../platform/index.ts";
import { openBundles, type Parts } from "./choose.ts";
import { availableOf } from "./ledger.ts";
import { atInstant } from "./reading.ts";
import { readLevelsOf } from "./store.ts";

/**
 * Which of these items cannot be promised at this instant at any of the places, though stock is kept of them. An item
 * of which no place ever had a level is nobody's to say: it is not in the answer. Of a bundle one part missing at every
 * place is enough. Two statements whatever the number of items.
 */
export async function soldOutAt(
  queries: Queries,
  asked: { readonly skus: readonly string[]; readonly placeIds: readonly string[]; readonly channel: string },
  at: { readonly items: Parts; readonly nowMs: number },
): Promise<Set<string>> {
  const partsOf = new Map(asked.skus.map((sku) => [sku, openBundles([{ sku, quantity: 1 }], at.items)]));
  const wanted = [...new Set([...partsOf.values()].flat().map(({ sku }) => sku))];
  const levels = wanted.length === 0 ? [] : await readLevelsOf(queries, wanted);
  const kept = new Set(levels.map(({ sku }) => sku));
  const serving = new Set(asked.placeIds);
  const most = new Map<string, number>();
  for (const level of await atInstant(queries, levels, at.nowMs)) {
    if (!serving.has(level.placeId)) continue;
    most.set(level.sku, Math.max(most.get(level.sku) ?? 0, availableOf(level, asked.channel)));
  }
  const isMissing = ({ sku, quantity }: { sku: string; quantity: number }) =>
    kept.has(sku) && (most.get(sku) ?? 0) < quantity;
  return new Set([...partsOf].filter(([, parts]) => parts.some(isMissing)).map(([sku]) => sku));
}

/** Those of these items of which stock is kept, of a bundle of all its parts: only they can be held. */
export async function keptAmong(
  queries: Queries,
  skus: readonly string[],
  items: Parts,
): Promise<Set<string>> {
  const partsOf = new Map(skus.map((sku) => [sku, openBundles([{ sku, quantity: 1 }], items)]));
  const levels = await readLevelsOf(queries, [
    ...new Set([...partsOf.values()].flat().map(({ sku }) => sku)),
  ]);
  const kept = new Set(levels.map(({ sku }) => sku));
  return new Set(skus.filter((sku) => partsOf.get(sku)!.every((part) => kept.has(part.sku))));
}
