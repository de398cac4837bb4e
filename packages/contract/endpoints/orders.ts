import { limits } from "@trato/base";
import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { exampleCart, soldSku, wholeQuantity } from "./cart-shapes.ts";
import { exampleOrder, lineNo, orderAnswer, orderIdGiven, orderState } from "./order-shapes.ts";
import { refundProblems, tender, tenderProblems } from "./payment-shapes.ts";
import { channelName, placeId } from "./places.ts";
import { cursor, instant, pageLimit, uuid } from "./shapes.ts";

const closed = { additionalProperties: false };
const params = Type.Object({ orderId: Type.String({ minLength: 1, maxLength: 200 }) });
const { orderId } = exampleOrder;
const { cartId } = exampleCart;
const example = { orderId };
const reason = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }));
const some = Type.Array(Type.Object({ line: lineNo, quantity: wholeQuantity(1) }, closed), {
  minItems: 1,
  maxItems: limits.cartLinesMax,
});
const once = ["idempotency_running", "idempotency_mismatch"] as const;

export const placeOrder = endpoint({
  name: "placeOrder",
  method: "POST",
  path: "/v1/carts/{cartId}/order",
  tag: "orders",
  says: "Buys a cart: goods are allocated, tenders taken and the order told of, all in one transaction or none of it.",
  more: "The tenders add up to the cart's total, to the minor unit; a price that changed since it was shown makes them not, and nothing happens. `handOver` says that the buyer takes the goods along: they must be at the cart's place, and have left with the answer. `orderId` is your own number of the order, if you have one; the same number twice is refused.",
  needs: "orders:write",
  params: Type.Object({ cartId: uuid }),
  body: Type.Object(
    {
      tenders: Type.Array(tender, { maxItems: limits.tendersPerOrderMax }),
      orderId: Type.Optional(orderIdGiven),
      ifVersion: Type.Optional(Type.Integer({ minimum: 0 })),
      handOver: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  gives: orderAnswer,
  status: 201,
  problems: [
    "request_invalid",
    "cart_unknown",
    "cart_closed",
    "cart_changed",
    "cart_empty",
    "item_unknown",
    "price_unknown",
    "out_of_stock",
    "hold_expired",
    "holds_too_many",
    "order_exists",
    ...tenderProblems,
    ...once,
    "overloaded",
  ],
  idempotent: true,
  example: {
    params: { cartId },
    body: { tenders: [{ kind: "cash", amountMinor: 1_078, givenMinor: 2_000 }] },
    gives: exampleOrder,
  },
});

export const readOrder = endpoint({
  name: "readOrder",
  method: "GET",
  path: "/v1/orders/{orderId}",
  tag: "orders",
  says: "Reads an order: what was bought, where it comes from, what left, was called off and came back.",
  needs: "orders:read",
  params,
  gives: orderAnswer,
  problems: ["order_unknown"],
  example: { params: example, gives: exampleOrder },
});

export const listOrders = endpoint({
  name: "listOrders",
  method: "GET",
  path: "/v1/orders",
  tag: "orders",
  says: "Lists orders of every channel and system, latest first, a page at a time.",
  needs: "orders:read",
  query: Type.Object({
    personId: Type.Optional(uuid),
    placeId: Type.Optional(placeId),
    state: Type.Optional(orderState),
    after: Type.Optional(cursor),
    limit: Type.Optional(pageLimit),
  }),
  gives: Type.Object({ orders: Type.Array(orderAnswer), next: Type.Optional(Type.String()) }),
  problems: ["request_invalid", "person_unknown", "person_erased"],
  example: { query: { limit: 1 }, gives: { orders: [exampleOrder] } },
});

export const explainOrder = endpoint({
  name: "explainOrder",
  method: "GET",
  path: "/v1/orders/{orderId}/why",
  tag: "orders",
  says: "What made an order: the prices and promotions of its lines, its goods and tenders, and all that was done with it.",
  needs: "orders:read",
  params,
  gives: Type.Object({
    orderId: Type.String(),
    priced: Type.Unknown({ description: "The cart as it was priced; null for another system's order." }),
    tenders: Type.Unknown({ description: "The order's payments as the payments room tells them." }),
    acts: Type.Array(
      Type.Object({
        actId: Type.String(),
        kind: Type.Enum(["placed", "updated", "shipped", "cancelled", "returned"]),
        at: instant,
        refundMinor: Type.Integer(),
        told: Type.Unknown({ description: "What was asked for, or the event that told of it." }),
      }),
    ),
  }),
  problems: ["order_unknown"],
  example: { params: example, gives: { orderId, priced: null, tenders: null, acts: [] } },
});

export const shipOrder = endpoint({
  name: "shipOrder",
  method: "POST",
  path: "/v1/orders/{orderId}/shipments",
  tag: "orders",
  says: "Goods of an order left: all that is still to leave, that of one place, or some.",
  needs: "orders:write",
  params,
  body: Type.Object(
    {
      placeId: Type.Optional(placeId),
      lines: Type.Optional(some),
      tracking: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    },
    closed,
  ),
  gives: orderAnswer,
  status: 201,
  problems: [
    "request_invalid",
    "order_unknown",
    "order_foreign",
    "order_unpaid",
    "quantity_not_open",
    "not_allocated",
    ...once,
  ],
  idempotent: true,
  example: {
    params: example,
    body: { placeId: "GYE-01" },
    gives: {
      ...exampleOrder,
      state: "shipped",
      version: 2,
      lines: exampleOrder.lines.map((line) => ({ ...line, shipped: line.quantity })),
      parts: exampleOrder.parts.map((part) => ({ ...part, left: 0 })),
    },
  },
});

export const cancelOrder = endpoint({
  name: "cancelOrder",
  method: "POST",
  path: "/v1/orders/{orderId}/cancellations",
  tag: "orders",
  says: "Calls off what has not left yet, all of it or some: the goods are free again, and their money goes back.",
  needs: "orders:write",
  params,
  body: Type.Object({ lines: Type.Optional(some), reason }, closed),
  gives: orderAnswer,
  status: 201,
  problems: [
    "request_invalid",
    "order_unknown",
    "order_foreign",
    "quantity_not_open",
    "not_allocated",
    ...refundProblems,
    ...once,
  ],
  idempotent: true,
  example: {
    params: example,
    body: { reason: "found it at home" },
    gives: {
      ...exampleOrder,
      state: "cancelled",
      version: 2,
      lines: exampleOrder.lines.map((line) => ({ ...line, cancelled: line.quantity })),
      parts: exampleOrder.parts.map((part) => ({ ...part, left: 0 })),
      refundedMinor: 1_078,
    },
  },
});

export const returnOrder = endpoint({
  name: "returnOrder",
  method: "POST",
  path: "/v1/orders/{orderId}/returns",
  tag: "orders",
  says: "Goods of an order come back, in whatever store or channel; their money goes back to the tenders that paid.",
  more: "The goods are on hand where they came back, unless `restock` is false: what is broken is not sold again. `exchange` names what the buyer takes instead, from that place: it is added to the order at today's price. What it costs less is refunded; what it costs more is paid with `tenders`.",
  needs: "orders:write",
  params,
  body: Type.Object(
    {
      placeId,
      channel: channelName,
      lines: some,
      restock: Type.Optional(Type.Boolean()),
      exchange: Type.Optional(
        Type.Array(Type.Object({ sku: soldSku, quantity: wholeQuantity(1) }, closed), {
          minItems: 1,
          maxItems: limits.cartLinesMax,
        }),
      ),
      tenders: Type.Optional(Type.Array(tender, { maxItems: limits.tendersPerOrderMax })),
      reason,
    },
    closed,
  ),
  gives: orderAnswer,
  status: 201,
  problems: [
    "request_invalid",
    "order_unknown",
    "order_foreign",
    "place_unknown",
    "quantity_not_open",
    "item_unknown",
    "price_unknown",
    "out_of_stock",
    ...tenderProblems,
    ...refundProblems,
    ...once,
  ],
  idempotent: true,
  example: {
    params: example,
    body: { placeId: "UIO-02", channel: "pos", lines: [{ line: 1, quantity: 1 }], reason: "too many" },
    gives: {
      ...exampleOrder,
      state: "partly_returned",
      version: 3,
      lines: exampleOrder.lines.map((line) => ({ ...line, shipped: 2, returned: 1 })),
      parts: exampleOrder.parts.map((part) => ({ ...part, left: 0 })),
      refundedMinor: 539,
    },
  },
});
