import { dayMs } from "@trato/base";
import { happens } from "../draw.ts";
import { goodOf } from "../goods/shelf.ts";
import type { CartLine } from "../homes/life.ts";
import type { Visit } from "./visit.ts";

const staleMs = 3 * dayMs;
/** So many things are put in the cart one by one; the site then says the whole cart. */
const saidSinglyMax = 3;

/** Puts the basket in the cart that the site or the app kept; returns all that is in it then. */
export function fillCart(visit: Visit, basket: readonly CartLine[]): readonly CartLine[] {
  const { life, member, scribe, draw } = visit;
  let kept = life.carts.get(member)?.lines ?? [];
  const changedMs = life.carts.get(member)?.changedMs ?? 0;
  if (kept.length > 0 && visit.startMs - changedMs > staleMs && happens(draw, 0.6)) {
    kept = [];
    scribe.say("cart.updated", { lines: [] });
    life.carts.delete(member);
  }
  if (basket.length === 0) return kept;
  const added = basket.filter((line) => !kept.some((one) => one.sku === line.sku));
  const lines = [...kept, ...added];
  for (const { sku, quantity } of added.slice(0, saidSinglyMax)) {
    scribe.wait(8 + 25 * draw());
    scribe.say("cart.item_added", { sku, quantity, priceMinor: goodOf(sku).priceMinor, currency: "USD" });
  }
  if (added.length > saidSinglyMax) {
    scribe.wait(30);
    scribe.say("cart.updated", { lines: [...lines], currency: "USD", totalMinor: priceOf(lines) });
  }
  return lines;
}

/** They walk away; the cart waits for them. */
export function leaveCart({ life, member, scribe }: Visit, lines: readonly CartLine[]): readonly CartLine[] {
  life.carts.set(member, { lines, changedMs: scribe.nowMs });
  return lines;
}

export function priceOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, { sku, quantity }) => sum + goodOf(sku).priceMinor * quantity, 0);
}
