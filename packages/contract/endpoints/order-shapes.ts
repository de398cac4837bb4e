import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { type OrderState, orderStates } from "../states/order.ts";
import { minorAmount, saleCurrency, soldSku, wholeQuantity } from "./cart-shapes.ts";
import { channelName, placeId } from "./places.ts";
import { instant, uuid } from "./shapes.ts";

/** The shop's own number of an order, such as a till's receipt. */
export const orderIdGiven = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[A-Za-z0-9][A-Za-z0-9._~/-]*$",
});
export const orderState = Type.Enum(Object.keys(orderStates) as OrderState[]);
const quantity = Type.Number({ minimum: 0 });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

export const lineNo = Type.Integer({
  minimum: 1,
  maximum: limits.linesPerOrderMax,
  description: "1 is the first line.",
});
export const orderLine = Type.Object({
  line: lineNo,
  sku: Type.String(),
  quantity,
  totalMinor: minorAmount,
  shipped: quantity,
  cancelled: quantity,
  returned: quantity,
});

/** What of an order is to leave which place. `forSku` is what was bought: the item itself, or the bundle it is in. */
export const orderPart = Type.Object({
  placeId,
  forSku: soldSku,
  sku: soldSku,
  quantity: wholeQuantity(1),
  left: wholeQuantity(0),
  sinceLine: Type.Optional(lineNo),
});

export const orderAnswer = Type.Object({
  orderId: Type.String(),
  origin: Type.Enum(["hub", "event"], {
    description: "hub: placed here. event: another system keeps it, and tells by events.",
  }),
  state: orderState,
  personId: orNull(uuid),
  cartId: orNull(uuid),
  channel: orNull(channelName),
  placeId: orNull(Type.String()),
  currency: saleCurrency,
  version: Type.Integer(),
  lines: Type.Array(orderLine),
  parts: Type.Array(orderPart, { description: "Where the goods come from, and what is still to leave." }),
  totalMinor: minorAmount,
  refundedMinor: Type.Integer({
    minimum: 0,
    description:
      "What its cancellations and returns gave back, in whole minor units. A refund asked of a payment itself is told by the payment.",
  }),
  unpaidMinor: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        "What its provider did not take after all; it does not ship. Told when the order is read by its id.",
    }),
  ),
  placedAt: instant,
});
export type OrderAnswer = Static<typeof orderAnswer>;

export const exampleOrder: OrderAnswer = {
  orderId: "001-004-000012345",
  origin: "hub",
  state: "placed",
  personId: null,
  cartId: "0198c0de-0000-7000-8000-0000000000c1",
  channel: "pos",
  placeId: "GYE-01",
  currency: "USD",
  version: 1,
  lines: [{ line: 1, sku: "CAF-500", quantity: 2, totalMinor: 1_078, shipped: 0, cancelled: 0, returned: 0 }],
  parts: [{ placeId: "GYE-01", forSku: "CAF-500", sku: "CAF-500", quantity: 2, left: 2 }],
  totalMinor: 1_078,
  refundedMinor: 0,
  placedAt: "2026-11-22T15:10:00.000Z",
};
