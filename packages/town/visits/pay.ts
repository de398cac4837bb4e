import { goodOf } from "../goods/shelf.ts";
import type { CartLine } from "../homes/life.ts";
import { priceOf } from "./cart.ts";
import { afterwards } from "./later.ts";
import type { Shown } from "./shown.ts";
import type { Visit } from "./visit.ts";

export type Order = {
  readonly orderId: string;
  readonly totalMinor: number;
  readonly lines: readonly CartLine[];
};

/** Buys the lines: the order, what came of the things shown, and what may follow days later. Null for no lines. */
export function pay(visit: Visit, lines: readonly CartLine[], shown: readonly Shown[]): Order | null {
  if (lines.length === 0) return null;
  const { life, scribe, channel } = visit;
  const totalMinor = priceOf(lines);
  if (channel !== "pos") {
    scribe.wait(20);
    scribe.say("checkout.started", { currency: "USD", totalMinor });
  }
  scribe.wait(40);
  const orderId = `o-${life.household.number}-${visit.startMs.toString(36)}`;
  scribe.say("order.placed", { orderId, currency: "USD", totalMinor, lines: lines.map(orderLine) });
  for (const { decisionId, key, sku } of shown) {
    const line = lines.find((one) => one.sku === sku);
    if (line === undefined) continue;
    const amountMinor = priceOf([line]);
    scribe.say("decision.outcome", { decisionId, outcome: "bought", key, amountMinor, currency: "USD" });
  }
  takeOutOfCart(visit, lines);
  const order = { orderId, totalMinor, lines };
  afterwards(visit, order);
  return order;
}

function takeOutOfCart({ life, member, startMs }: Visit, bought: readonly CartLine[]): void {
  const cart = life.carts.get(member);
  if (cart === undefined) return;
  const left = cart.lines.filter((line) => !bought.some((one) => one.sku === line.sku));
  if (left.length === 0) life.carts.delete(member);
  else life.carts.set(member, { lines: left, changedMs: startMs });
}

export function orderLine({ sku, quantity }: CartLine) {
  const { es: title, category, priceMinor } = goodOf(sku);
  return { sku, quantity, amountMinor: priceMinor * quantity, title, category };
}
