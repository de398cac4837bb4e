import { type Chance, chance, dayMs, normal, pickInt } from "@trato/base";
import type { Purchase } from "../training/collect.ts";
import type { Sources } from "../training/sources.ts";

/** A small shop: coffee, bought every few weeks by each person's own rhythm, mostly with filters; and odds and ends. */
export function smallShop(options: {
  readonly people: number;
  readonly days: number;
  readonly seed: number;
}): Purchase[] {
  const draw = chance(options.seed);
  const untilMs = shopStartMs + options.days * dayMs;
  const purchases: Purchase[] = [];
  for (let person = 0; person < options.people; person++) {
    const gapDays = 8 + 22 * draw();
    let atMs = shopStartMs + gapDays * draw() * dayMs;
    for (let order = 0; atMs < untilMs; order++) {
      const lines = linesOf(draw).map((sku) => ({ sku, quantity: 1 }));
      purchases.push({
        personId: personNo(person),
        orderId: `${person}-${order}`,
        timeMs: Math.round(atMs),
        lines,
      });
      atMs += gapDays * Math.exp(0.15 * normal(draw)) * dayMs;
    }
  }
  return purchases;
}

export const personNo = (person: number): string =>
  `00000000-0000-7000-8000-${String(person).padStart(12, "0")}`;

export const shopStartMs = Date.UTC(2026, 0, 1);

function linesOf(draw: Chance): string[] {
  const skus = ["coffee"];
  if (draw() < 0.7) skus.push("filters");
  for (let other = pickInt(draw, 3); other > 0; other--) skus.push(`other-${pickInt(draw, 30)}`);
  return [...new Set(skus)];
}

/** Hands facts out in pages, as a store does. */
export async function* pagesOf<Fact = Purchase>(
  facts: readonly Fact[],
  size = 100,
): AsyncGenerator<readonly Fact[]> {
  for (let at = 0; at < facts.length; at += size) yield facts.slice(at, at + size);
}

/** These purchases as all that is known. */
export function sourcesOf(pages: () => AsyncIterable<readonly Purchase[]>): Sources {
  return { ...noSources, purchases: pages };
}

const noSources: Sources = {
  async *purchases() {},
  async *traits() {},
  async *assets() {},
  async *browsed() {},
  async *decided() {},
  countryOfPlace: () => undefined,
};
