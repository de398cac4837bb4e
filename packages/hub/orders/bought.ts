import { limits } from "@trato/base";
import type { ReadLine } from "@trato/contract";
import { addPurchase, intervalDays, isNewDay, noPurchases } from "@trato/predict";
import { roundQuantity } from "./cart.ts";
import type { Bought, OrdersState, RememberedOrder } from "./state.ts";

/** Pieces by sku; a receipt that names an item on two lines bought it once. */
export function sumLines(lines: readonly ReadLine[]): ReadLine[] {
  const bySku = new Map<string, number>();
  for (const { sku, quantity } of lines) bySku.set(sku, roundQuantity((bySku.get(sku) ?? 0) + quantity));
  return [...bySku].map(([sku, quantity]) => ({ sku, quantity }));
}

const boughtOf = ({ bought }: OrdersState, sku: string): Bought | undefined =>
  bought.find((one) => one.sku === sku);

/** Adds a purchase of one item; returns when the item was bought before, or null. */
export function buy(state: OrdersState, line: ReadLine, timeMs: number): number | null {
  const known = boughtOf(state, line.sku);
  const beforeMs = known?.lastMs ?? null;
  const item: Bought = known ?? { sku: line.sku, ...noPurchases(), quantity: 0 };
  addPurchase(item, timeMs);
  item.quantity = roundQuantity(item.quantity + line.quantity);
  if (known === undefined) state.bought.push(item);
  return beforeMs;
}

/** More pieces of what was bought: the purchase itself is counted already. */
export function addPieces(state: OrdersState, line: ReadLine): void {
  const item = boughtOf(state, line.sku);
  if (item !== undefined) item.quantity = roundQuantity(item.quantity + line.quantity);
}

/** Takes pieces back; the purchase itself happened, so the rhythm stays. */
export function giveBack(state: OrdersState, line: ReadLine): void {
  const item = boughtOf(state, line.sku);
  if (item !== undefined) item.quantity = Math.max(0, roundQuantity(item.quantity - line.quantity));
}

/**
 * Undoes one line of a cancelled order. The rhythm is put back when the order is still the item's last purchase;
 * when the item was bought again since, only the pieces are taken back.
 */
export function unbuy(
  state: OrdersState,
  line: RememberedOrder["lines"][number],
  order: RememberedOrder,
): void {
  giveBack(state, line);
  const item = boughtOf(state, line.sku);
  if (item === undefined || item.lastMs !== order.timeMs) return;
  if (line.beforeMs === null) {
    if (item.count === 1) state.bought.splice(state.bought.indexOf(item), 1);
    return;
  }
  item.lastMs = line.beforeMs;
  if (!isNewDay(item, order.timeMs)) return;
  const log = Math.log(intervalDays(item, order.timeMs));
  item.count -= 1;
  item.sumLogDays = item.count === 1 ? 0 : item.sumLogDays - log;
  item.sumLogDays2 = item.count === 1 ? 0 : Math.max(0, item.sumLogDays2 - log * log);
}

/** Keeps the items bought last; of two bought at the same time the one whose sku comes first. */
export function forgetOldest(state: OrdersState): void {
  if (state.bought.length <= limits.boughtItemsKept) return;
  const latestFirst = [...state.bought].sort((a, b) => b.lastMs - a.lastMs || (a.sku < b.sku ? -1 : 1));
  const forgotten = new Set(latestFirst.slice(limits.boughtItemsKept));
  state.bought = state.bought.filter((item) => !forgotten.has(item));
}
