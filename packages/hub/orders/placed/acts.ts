import { uuid7 } from "@trato/base";
import { type OrderAnswer, ok, type ProblemCode, type Result, refuse, type Tender } from "@trato/contract";
import { ownSource } from "../../events/index.ts";
import { announce, type Queries } from "../../platform/index.ts";
import type { ToldEvent } from "../carts/index.ts";
import { orderAnswerOf } from "./answer.ts";
import { type ExchangeWanted, exchange } from "./exchange.ts";
import type { OrderNeeds } from "./needs.ts";
import type { Act, LineQuantity, Order } from "./order.ts";
import { count, leavingFrom, meant, refundOf, takeGoods, unpaidOf } from "./rules.ts";
import { changeOf, orderEvent, returnedLines, saleOf } from "./says.ts";
import { countLines, insertActs, insertLines, lockOrder, updateOrder } from "./store.ts";

/** What the acts share: the transaction, the order that is locked in it, and a name for what is done. */
export type Doing = {
  readonly needs: OrderNeeds;
  readonly tx: Queries;
  readonly nowMs: number;
  readonly order: Order;
  readonly actId: string;
};
type Done = Promise<Result<OrderAnswer>>;

/** Locks an order of the hub's own for something to be done with it. */
export async function doing(
  needs: OrderNeeds,
  { tx, orderId, nowMs }: { readonly tx: Queries; readonly orderId: string; readonly nowMs: number },
  act: (one: Doing) => Done,
): Done {
  const order = await lockOrder(tx, orderId);
  if (order === undefined) return refuse("order_unknown");
  if (order.origin !== "hub") return refuse("order_foreign");
  return act({ needs, tx, nowMs, order, actId: uuid7(nowMs) });
}

/** Goods left: all that is still to leave, that of one place, or the lines that are named. */
export async function ship(
  one: Doing,
  asked: {
    readonly placeId?: string | undefined;
    readonly lines?: readonly LineQuantity[] | undefined;
    readonly tracking?: string | undefined;
  },
): Done {
  const { order, needs, tx, nowMs, actId } = one;
  const { placeId } = asked;
  const unpaidMinor = unpaidOf(order, await needs.payments.voidedMinor(tx, order.orderId));
  if (unpaidMinor > 0) return refuse("order_unpaid", { detail: `${unpaidMinor} ${order.currency}` });
  const there = asked.lines ?? (placeId === undefined ? undefined : leavingFrom(order, placeId));
  const by = meant(order, "shipped", there);
  if (!by.ok) return by;
  const goods = takeGoods(order, by.value, placeId);
  if (!goods.ok) return goods;
  const { taken, parts } = goods.value;
  if (taken.length > 0) {
    const [moved] = await needs.stock.ship(
      tx,
      [{ orderId: order.orderId, commandId: actId, lines: taken }],
      nowMs,
    );
    if (!moved!.ok) return moved!;
  }
  const data = { deliveryId: actId, ...(asked.tracking === undefined ? {} : { tracking: asked.tracking }) };
  return settle(one, {
    after: { ...count(order, "shipped", by.value), parts },
    ...{ what: "shipped", by: by.value, refundMinor: 0, told: { ...asked, lines: by.value } },
    events: [said(one, "delivery.dispatched", data, { placeId: placeId ?? order.placeId })],
  });
}

/** Calls off what has not left yet. Its goods are free again, and its money goes back. */
export async function cancel(
  one: Doing,
  asked: { readonly lines?: readonly LineQuantity[] | undefined; readonly reason?: string | undefined },
): Done {
  const { order, needs, tx, nowMs, actId } = one;
  const { orderId } = order;
  const by = meant(order, "cancelled", asked.lines);
  if (!by.ok) return by;
  const goods = takeGoods(order, by.value, undefined);
  if (!goods.ok) return goods;
  // What was never paid is called off first: what was paid goes on paying for what is left.
  const unpaidMinor = unpaidOf(order, await needs.payments.voidedMinor(tx, orderId));
  const refunded = await refund(one, Math.max(0, refundOf(order, by.value) - unpaidMinor));
  if (!refunded.ok) return refunded;
  const refundMinor = refunded.value;
  const { taken, parts } = goods.value;
  if (taken.length > 0) {
    const [moved] = await needs.stock.deallocate(tx, [{ orderId, commandId: actId, lines: taken }], nowMs);
    if (!moved!.ok) return moved!;
  }
  const after = { ...count(order, "cancelled", by.value), parts };
  const because = asked.reason === undefined ? {} : { reason: asked.reason };
  const event =
    after.state === "cancelled"
      ? said(one, "order.cancelled", because)
      : said(one, "order.updated", { ...saleOf(after), ...because });
  return settle(one, {
    ...{ after, what: "cancelled", by: by.value, refundMinor, told: { ...because, lines: by.value } },
    events: [event],
  });
}

export type ReturnAsked = {
  readonly placeId: string;
  readonly channel: string;
  readonly lines: readonly LineQuantity[];
  readonly restock: boolean;
  readonly reason?: string | undefined;
  readonly exchange?: readonly ExchangeWanted[] | undefined;
  readonly tenders: readonly Tender[];
};

/** Goods came back, wherever they were bought. What is taken in exchange is added to the order. */
export async function takeReturn(one: Doing, asked: ReturnAsked): Done {
  const { order, needs, tx, actId } = one;
  const { placeId } = asked;
  if (!needs.isPlace(placeId)) return refuse("place_unknown");
  const by = meant(order, "returned", asked.lines);
  if (!by.ok) return by;
  const backMinor = refundOf(order, by.value);
  const swapped = await exchange(one, asked, { order: count(order, "returned", by.value), backMinor });
  if (!swapped.ok) return swapped;
  const { after } = swapped.value;
  const refunded = await refund(one, swapped.value.refundMinor);
  if (!refunded.ok) return refunded;
  const refundMinor = refunded.value;
  if (asked.restock) await restock(one, placeId, by.value);
  const because = asked.reason === undefined ? {} : { reason: asked.reason };
  const { currency } = order;
  const data = { returnId: actId, currency, totalMinor: backMinor, lines: returnedLines(order, by.value) };
  const where = { placeId, channel: asked.channel };
  const events = [said(one, "order.returned", { ...data, ...because }, where)];
  if (after.lines.length > order.lines.length) {
    events.push(said(one, "order.updated", saleOf(after), where));
    await insertLines(tx, [after], order.lines.length + 1);
  }
  const { tenders: _, ...told } = asked;
  return settle(one, { ...{ after, what: "returned", by: by.value, refundMinor, told, events } });
}

/** What came back is on hand where it came back; a bundle as the parts it is made of. */
async function restock(one: Doing, placeId: string, by: readonly LineQuantity[]): Promise<void> {
  const { order, needs, tx, nowMs, actId } = one;
  const all = order.parts.map((part) => ({ ...part, left: part.quantity }));
  const came = takeGoods({ ...order, parts: all }, by, undefined);
  if (!came.ok) throw new Error("Invariant broken: what came back had left");
  const back = new Map<string, number>();
  for (const { sku, quantity } of came.value.taken) back.set(sku, (back.get(sku) ?? 0) + quantity);
  if (back.size === 0) return;
  const about = { placeId, reason: "return" as const, ref: order.orderId };
  const goods = [...back].map(([sku, quantity]) => ({
    ...about,
    sku,
    quantity,
    commandId: `${actId}/${sku}`,
  }));
  await needs.stock.receive(tx, goods, nowMs);
}

/** Gives back what is due, or what is left: some may have gone back before, or was never taken. Tells how much. */
async function refund(
  { needs, tx, order, actId, nowMs }: Doing,
  amountMinor: number,
): Promise<Result<number, ProblemCode>> {
  if (amountMinor === 0) return ok(0);
  const { orderId } = order;
  const asked = [{ orderId, amountMinor, commandId: actId, orLeft: true as const }];
  const refunded = (await needs.payments.refund(tx, asked, nowMs))[0]!;
  if (!refunded.ok) return refunded;
  return ok(refunded.value.parts.reduce((sum, part) => sum + part.amountMinor, 0));
}

const said = (
  { order, actId, nowMs }: Doing,
  type: string,
  data: ToldEvent["event"]["data"],
  where: { readonly placeId?: string | null; readonly channel?: string } = {},
): ToldEvent =>
  orderEvent(order, {
    ...{
      nth: `${actId}/${type}`,
      type,
      data,
      receivedAtMs: nowMs,
      timeMs: Math.max(nowMs, order.placedMs + 1),
    },
    channel: where.channel ?? order.channel,
    placeId: where.placeId === undefined ? order.placeId : where.placeId,
  });

type Settled = {
  readonly after: Order;
  readonly what: "shipped" | "cancelled" | "returned";
  readonly by: readonly LineQuantity[];
  readonly refundMinor: number;
  readonly told: Act["told"];
  readonly events: readonly ToldEvent[];
};

/** Writes what was done, and tells the log and the subscribers. */
async function settle({ needs, tx, nowMs, order, actId }: Doing, done: Settled): Done {
  const { after, what, by, refundMinor, told } = done;
  const { orderId, personId } = order;
  await countLines(tx, orderId, { what, by });
  await updateOrder(tx, after, refundMinor);
  const act = { orderId, actId, kind: what, source: ownSource, personId, atMs: nowMs, refundMinor, told };
  await insertActs(tx, [act]);
  await needs.record(tx, done.events);
  const now = { ...after, refundedMinor: order.refundedMinor + refundMinor };
  await announce(tx, [changeOf(now)], nowMs);
  return ok(orderAnswerOf(now));
}
