import { limits } from "@trato/base";
import { ok, type ProblemCode, type Result, refuse } from "@trato/contract";
import type { PricedCart } from "../../catalog/index.ts";
import type { Doing, ReturnAsked } from "./acts.ts";
import type { Order, OrderPart } from "./order.ts";
import { withState } from "./rules.ts";

export type ExchangeWanted = { readonly sku: string; readonly quantity: number };
export type Exchanged = { readonly after: Order; readonly refundMinor: number };

/**
 * What the buyer takes instead of what came back: priced as of now, taken from the place where they stand, added to the
 * order as lines that have left. Only the difference is money: refunded when it costs less, paid when it costs more.
 */
export async function exchange(
  one: Doing,
  asked: ReturnAsked,
  back: { readonly order: Order; readonly backMinor: number },
): Promise<Result<Exchanged, ProblemCode>> {
  const wanted = asked.exchange ?? [];
  if (wanted.length === 0) {
    if (asked.tenders.length > 0) {
      const errors = [
        {
          pointer: "/body/tenders",
          detail: { en: "nothing is taken that has to be paid", es: "no se lleva nada que haya que pagar" },
        },
      ];
      return refuse("request_invalid", { errors });
    }
    return ok({ after: back.order, refundMinor: back.backMinor });
  }
  const priced = priceWanted(one, asked, wanted);
  const missing = priced.unpriced[0];
  if (missing !== undefined) {
    const problem = missing.problem === "amount_too_large" ? "cart_full" : missing.problem;
    return refuse(problem, { detail: missing.sku });
  }
  const paid = await pay(one, asked, priced.totalMinor - back.backMinor);
  if (!paid.ok) return paid;
  const parts = await takeAlong(one, asked, wanted);
  if (!parts.ok) return parts;
  const lines = priced.lines.map(({ sku, quantity, totalMinor }, i) => ({
    ...{ line: back.order.lines.length + i + 1, sku, quantity, totalMinor },
    ...{ shipped: quantity, cancelled: 0, returned: 0 },
  }));
  const { order } = back;
  const after = withState({
    ...order,
    totalMinor: order.totalMinor + priced.totalMinor,
    lines: [...order.lines, ...lines],
    parts: [...order.parts, ...parts.value.map((part) => ({ ...part, sinceLine: lines[0]!.line }))],
    priced: [...order.priced, priced],
  });
  return ok({ after, refundMinor: Math.max(0, back.backMinor - priced.totalMinor) });
}

function priceWanted(
  { needs, order, nowMs }: Doing,
  asked: ReturnAsked,
  wanted: readonly ExchangeWanted[],
): PricedCart {
  const lines = wanted.map(({ sku, quantity }, i) => ({ lineId: `${i + 1}`, sku, quantity }));
  const { placeId, channel } = asked;
  return needs.price({ lines, placeId, channel, currency: order.currency, groups: [], atMs: nowMs });
}

async function pay(
  { needs, tx, order, nowMs, actId }: Doing,
  { tenders }: ReturnAsked,
  differenceMinor: number,
): Promise<Result<unknown, ProblemCode>> {
  if (differenceMinor <= 0) {
    const errors = [
      {
        pointer: "/body/tenders",
        detail: {
          en: "what is taken does not cost more; leave them out",
          es: "lo que se lleva no cuesta más; quítelos",
        },
      },
    ];
    return tenders.length === 0 ? ok(null) : refuse("request_invalid", { errors });
  }
  const { orderId, currency } = order;
  const where = { place: order.placeId, personId: order.personId };
  const more = { orderId, currency, totalMinor: differenceMinor, tenders, commandId: actId, ...where };
  return (await needs.payments.bind(tx, [more], nowMs))[0]!;
}

/** Holds, allocates and ships in one go: the buyer stands there. */
async function takeAlong(
  { needs, tx, order, nowMs, actId }: Doing,
  { placeId, channel }: ReturnAsked,
  wanted: readonly ExchangeWanted[],
): Promise<Result<OrderPart[], ProblemCode>> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of wanted) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  const lines = [...sums]
    .map(([sku, quantity]) => ({ sku, quantity }))
    .filter(({ sku }) => needs.isStocked(sku));
  if (lines.length === 0) return ok([]);
  const { orderId } = order;
  const expiresMs = nowMs + limits.cartHoldMs;
  const want = { holdId: actId, owner: `order/${actId}`, expiresMs, channel, placeIds: [placeId], lines };
  const held = (await needs.stock.hold(tx, [want], nowMs))[0]!;
  if (!held.ok) return held;
  const allocated = (await needs.stock.allocate(tx, [{ holdId: actId, orderId }], nowMs))[0]!;
  if (!allocated.ok) return allocated;
  const parts = allocated.value;
  const shipped = await needs.stock.ship(tx, [{ orderId, commandId: `${actId}/taken`, lines: parts }], nowMs);
  if (!shipped[0]!.ok) return shipped[0]!;
  return ok(parts.map((part) => ({ ...part, left: 0 })));
}
