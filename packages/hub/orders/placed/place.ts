import { uuid7 } from "@trato/base";
import {
  type OrderAnswer,
  ok,
  type ProblemCode,
  type Refusal,
  type Result,
  refuse,
  type Tender,
} from "@trato/contract";
import type { PricedCart } from "../../catalog/index.ts";
import { announce, BeginAgain, type Queries } from "../../platform/index.ts";
import {
  asOrdered,
  type CartNeeds,
  cartChangeOf,
  type Desk,
  holdGoods,
  isOpen,
  layOut,
  priceOf,
  putAway,
  type ToldEvent,
  type Work,
  workOf,
} from "../carts/index.ts";
import { orderAnswerOf } from "./answer.ts";
import type { OrderNeeds } from "./needs.ts";
import type { Order, OrderPart } from "./order.ts";
import { stateOf } from "./rules.ts";
import { changeOf, orderEvent, saleOf } from "./says.ts";
import { findTaken, insertOrders } from "./store.ts";

export type PlaceCommand = {
  readonly cartId: string;
  readonly orderId: string | undefined;
  readonly ifVersion: number | undefined;
  readonly handOver: boolean;
  readonly tenders: readonly Tender[];
};

/** What cannot be undone for one member alone: the batch begins again without those that were refused. */
export class BeginWithout extends Error {
  readonly refused: ReadonlyMap<PlaceCommand, Refusal>;
  constructor(refused: ReadonlyMap<PlaceCommand, Refusal>) {
    super("some of a batch were refused");
    this.refused = refused;
  }
}

/** A purchase under way: its cart, what it costs, and the order it becomes. */
type Sale = {
  readonly command: PlaceCommand;
  readonly work: Work;
  readonly priced: PricedCart;
  readonly orderId: string;
};

/**
 * Buys many carts in one transaction: tenders are bound, holds become allocations, orders are written and told of.
 * About fifteen statements, whatever the number of carts. Throws `BeginWithout` when some were refused after others
 * of their statements had taken effect; nothing has happened then.
 *
 * Locks, in this order: carts by id, then payments, then stock, then people.
 */
export async function placeOrders(
  needs: OrderNeeds & CartNeeds,
  tx: Queries,
  commands: readonly PlaceCommand[],
  at: { readonly nowMs: number; readonly refused: ReadonlyMap<PlaceCommand, Refusal> },
): Promise<readonly Result<OrderAnswer>[]> {
  const { nowMs } = at;
  const tried = commands.filter((command) => !at.refused.has(command));
  const desk = await layOut(
    { needs, tx, nowMs },
    { cartIds: tried.map(({ cartId }) => cartId), members: [] },
  );
  const taken = await findTaken(
    tx,
    tried.flatMap(({ orderId }) => (orderId === undefined ? [] : [orderId])),
  );
  const done = new Map<PlaceCommand, Result<OrderAnswer>>(at.refused);
  const sales: Sale[] = [];
  const carts = new Set<Work>();
  for (const command of tried) {
    const sale = beginSale(desk, command, taken);
    if (!sale.ok) done.set(command, sale);
    else if (carts.has(sale.value.work)) done.set(command, refuse("cart_closed"));
    else {
      carts.add(sale.value.work);
      taken.add(sale.value.orderId);
      sales.push(sale.value);
    }
  }
  const bound = await bindTenders(needs, tx, sales, nowMs);
  const paid = sales.filter((sale) => {
    const one = bound.get(sale)!;
    if (!one.ok) done.set(sale.command, one);
    return one.ok;
  });
  const orders = await takeGoodsOf(desk, needs, paid);
  await keep(desk, needs, orders);
  for (const [sale, order] of orders) done.set(sale.command, ok(orderAnswerOf(order)));
  return commands.map((command) => done.get(command)!);
}

function beginSale(desk: Desk, command: PlaceCommand, taken: ReadonlySet<string>): Result<Sale> {
  const work = workOf(desk, command.cartId);
  if (work === undefined) return refuse("cart_unknown");
  const { cart } = work;
  if (cart.state === "ordered")
    return refuse("cart_closed", {
      detail: { en: `It became order ${cart.orderId}.`, es: `Se convirtió en el pedido ${cart.orderId}.` },
    });
  if (!isOpen(cart, desk.nowMs)) return refuse("cart_unknown");
  if (command.ifVersion !== undefined && command.ifVersion !== cart.version) {
    return refuse("cart_changed", {
      detail: {
        en: `It is at version ${cart.version} now.`,
        es: `Ahora está en la versión ${cart.version}.`,
      },
    });
  }
  if (cart.lines.length === 0) return refuse("cart_empty");
  if (command.orderId !== undefined && taken.has(command.orderId)) return refuse("order_exists");
  if (command.handOver && cart.placeId === null) {
    const errors = [
      {
        pointer: "/body/handOver",
        detail: {
          en: "first say at which place the cart is",
          es: "primero diga en qué lugar está el carrito",
        },
      },
    ];
    return refuse("request_invalid", { errors });
  }
  const priced = priceOf(desk, cart);
  const missing = priced.unpriced[0];
  if (missing !== undefined) {
    const problem = missing.problem === "amount_too_large" ? "cart_full" : missing.problem;
    return refuse(problem, { detail: missing.sku });
  }
  return ok({ command, work, priced, orderId: command.orderId ?? uuid7(desk.nowMs) });
}

async function bindTenders(
  { payments }: OrderNeeds,
  tx: Queries,
  sales: readonly Sale[],
  nowMs: number,
): Promise<Map<Sale, Result<unknown, ProblemCode>>> {
  if (sales.length === 0) return new Map();
  const bound = await payments.bind(
    tx,
    sales.map(({ orderId, priced, command, work: { cart } }) => ({
      orderId,
      currency: priced.currency,
      totalMinor: priced.totalMinor,
      tenders: command.tenders,
      commandId: orderId,
      place: cart.placeId,
      personId: cart.personId,
    })),
    nowMs,
  );
  return new Map(sales.map((sale, i) => [sale, bound[i]!]));
}

/** Turns what is held into allocations, and hands over what the buyer takes along. */
async function takeGoodsOf(desk: Desk, needs: OrderNeeds, sales: readonly Sale[]): Promise<Map<Sale, Order>> {
  const { tx, nowMs } = desk;
  const toHold = sales.filter((sale) => !isHeld(desk, sale));
  const refused = await holdFor(desk, toHold);
  const partsOf = new Map<Sale, readonly OrderPart[]>();
  const allocate = async (some: readonly Sale[]): Promise<Sale[]> => {
    const stocked = some.filter(({ command, work }) => !refused.has(command) && work.cart.held.length > 0);
    if (stocked.length === 0) return [];
    const holds = stocked.map(({ work, orderId }) => ({ holdId: work.cart.cartId, orderId }));
    const allocated = await needs.stock.allocate(tx, holds, nowMs);
    return stocked.filter((sale, i) => {
      const one = allocated[i]!;
      if (!one.ok) return true;
      partsOf.set(
        sale,
        one.value.map((part) => ({ ...part, left: part.quantity })),
      );
      return false;
    });
  };
  // A hold that ended without the cart's knowing, such as by another hub's clock: what is free is held once more.
  const over = await allocate(sales);
  for (const [command, refusal] of await holdFor(desk, over)) refused.set(command, refusal);
  const gone = await allocate(over);
  for (const { command } of gone) refused.set(command, refuse("hold_expired"));
  if (refused.size > 0) throw new BeginWithout(refused);
  const orders = new Map(sales.map((sale) => [sale, orderOf(sale, partsOf.get(sale) ?? [], nowMs)]));
  await handOver(needs, tx, orders, nowMs);
  return orders;
}

/** Holds the goods of sales where they are wanted; returns those that cannot have them. */
async function holdFor(desk: Desk, sales: readonly Sale[]): Promise<Map<PlaceCommand, Refusal>> {
  const refused = new Map<PlaceCommand, Refusal>();
  const held = await holdGoods(
    desk,
    sales.map(({ work, command }) => ({
      cart: work.cart,
      strict: true,
      ...(command.handOver ? { onlyAt: work.cart.placeId! } : {}),
    })),
  );
  for (const [i, sale] of sales.entries()) {
    const one = held[i]!;
    if (one.ok) sale.work.cart = one.value;
    else refused.set(sale.command, one);
  }
  return refused;
}

/** True when all the cart's goods are held now, and where they are wanted. */
function isHeld({ needs, nowMs }: Desk, { work, command }: Sale): boolean {
  const { cart } = work;
  const stocked = cart.lines.filter(({ sku }) => needs.isStocked(sku));
  if (stocked.length === 0) return true;
  if (cart.heldUntilMs <= nowMs) return false;
  const isThere = (sku: string) => cart.held.some(({ forSku }) => forSku === sku);
  if (!stocked.every(({ sku }) => isThere(sku))) return false;
  return !command.handOver || cart.held.every(({ placeId }) => placeId === cart.placeId);
}

async function handOver(
  needs: OrderNeeds,
  tx: Queries,
  orders: ReadonlyMap<Sale, Order>,
  nowMs: number,
): Promise<void> {
  const asked = [...orders].flatMap(([{ command }, { orderId, parts }]) =>
    command.handOver && parts.length > 0
      ? [{ orderId, commandId: `${orderId}/handed-over`, lines: parts.map(({ left: _, ...part }) => part) }]
      : [],
  );
  if (asked.length === 0) return;
  for (const moved of await needs.stock.ship(tx, asked, nowMs)) {
    if (!moved.ok) throw new Error(`Invariant broken: what was just allocated can leave (${moved.problem})`);
  }
}

function orderOf(
  { command, work, priced, orderId }: Sale,
  parts: readonly OrderPart[],
  nowMs: number,
): Order {
  const { cart } = work;
  const lines = priced.lines.map(({ sku, quantity, totalMinor }, i) => ({
    ...{ line: i + 1, sku, quantity, totalMinor, cancelled: 0, returned: 0 },
    shipped: command.handOver ? quantity : 0,
  }));
  const { personId, cartId, channel, placeId, currency } = cart;
  return {
    ...{ orderId, origin: "hub", state: stateOf(lines), personId, cartId, channel, placeId, currency },
    ...{ totalMinor: priced.totalMinor, refundedMinor: 0, version: 1, lines, priced: [priced] },
    parts: command.handOver ? parts.map((part) => ({ ...part, left: 0 })) : parts,
    placedMs: Math.max(nowMs, cart.changedMs + 1),
  };
}

async function keep(desk: Desk, needs: OrderNeeds, orders: ReadonlyMap<Sale, Order>): Promise<void> {
  if (orders.size === 0) return;
  const { tx, nowMs } = desk;
  const placed = [...orders.values()];
  if ((await insertOrders(tx, placed)) < placed.length)
    throw new BeginAgain("an order id was taken meanwhile");
  for (const [{ work }, { orderId }] of orders) work.cart = asOrdered(work.cart, orderId, nowMs);
  await putAway(desk);
  await needs.record(
    tx,
    [...orders].flatMap(([sale, order]) => eventsOf(sale, order, nowMs)),
  );
  const carts = [...orders.keys()].map(({ work, priced }) => cartChangeOf(work.cart, priced));
  await announce(tx, [...carts, ...placed.map(changeOf)], nowMs);
}

function eventsOf({ command, work, priced }: Sale, order: Order, receivedAtMs: number): ToldEvent[] {
  const about = { timeMs: order.placedMs, receivedAtMs, channel: order.channel, placeId: order.placeId };
  const sums = {
    taxMinor: priced.includedTaxMinor + priced.addedTaxMinor,
    discountMinor: priced.discountMinor,
  };
  const data = { ...saleOf(order), ...sums, cartId: work.cart.cartId };
  const placed = orderEvent(order, { ...about, nth: "placed", type: "order.placed", data });
  if (!command.handOver) return [placed];
  return [placed, orderEvent(order, { ...about, nth: "handed-over", type: "order.handed_over", data: {} })];
}
