import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { cartAnswer, exampleCart, promisedBy, saleCurrency, soldSku, wholeQuantity } from "./cart-shapes.ts";
import { ifVersion } from "./carts.ts";
import { placeId } from "./places.ts";

const closed = { additionalProperties: false };
const token = Type.String({
  minLength: 1,
  maxLength: 100,
  description: "The cart's token, as its opening answered. Whoever has it has the cart.",
});
const quantity = (minimum: number) =>
  Type.Integer({ minimum, maximum: limits.ownCartQuantityMax, description: "Whole units of the item." });

/** A page says where its shopper is, not who they are or whose prices they get. */
const where = {
  channel: Type.Optional(Type.Enum(["web", "app"])),
  placeId: Type.Optional(placeId),
};

/** A cart as its own page sees it: without whose it is, and what groups of customers they belong to. */
export const ownCartAnswer = Type.Omit(cartAnswer, ["personId", "groups"]);
export type OwnCartAnswer = Static<typeof ownCartAnswer>;

const { personId, groups, ...exampleOwnCart } = exampleCart;

export const openOwnCart = endpoint({
  name: "openOwnCart",
  method: "POST",
  path: "/v1/own-cart",
  tag: "carts",
  says: "Opens the cart whose token is shown, or makes one of nobody: for pages and apps, with a public key.",
  more: "Keep the token where a reload finds it. The shop's server gives the cart to a person with `signInCart`; the token goes on to open it, or the cart it was merged into. Who is signed in, with prices of their own, is said by the server only. To make one, `channel` and `currency` are needed; an `Idempotency-Key` does not count for that, since all shoppers share the page's key. An address on the network makes so many an hour and no more.",
  needs: "carts:own",
  body: Type.Object({ token: Type.Optional(token), ...where, currency: Type.Optional(saleCurrency) }, closed),
  gives: ownCartAnswer,
  problems: [
    "request_invalid",
    "place_unknown",
    "cart_unknown",
    "carts_too_many",
    "idempotency_running",
    "idempotency_mismatch",
    "overloaded",
  ],
  idempotent: true,
  example: { body: { channel: "web", placeId: "GYE-01", currency: "USD" }, gives: exampleOwnCart },
});

const ownChange = Type.Union([
  Type.Object({ do: Type.Literal("add"), sku: soldSku, quantity: quantity(1) }, closed),
  Type.Object({ do: Type.Literal("take"), sku: soldSku, quantity: wholeQuantity(1) }, closed),
  Type.Object({ do: Type.Literal("set"), sku: soldSku, quantity: quantity(0) }, closed),
  Type.Object({ do: Type.Literal("empty") }, closed),
]);

export const changeOwnCart = endpoint({
  name: "changeOwnCart",
  method: "POST",
  path: "/v1/own-cart/changes",
  tag: "carts",
  says: "Changes lines of the cart whose token is shown, all of the changes or none, and sets the goods aside.",
  more: `As \`changeCart\`, with a public key. A line grows to ${limits.ownCartQuantityMax} units at most: who buys more asks the shop.`,
  needs: "carts:own",
  body: Type.Object(
    {
      token,
      changes: Type.Array(ownChange, { maxItems: limits.cartChangesMax }),
      ifVersion,
      decisionId: promisedBy,
      ...where,
    },
    closed,
  ),
  gives: ownCartAnswer,
  problems: [
    "request_invalid",
    "place_unknown",
    "cart_unknown",
    "cart_closed",
    "cart_changed",
    "cart_full",
    "item_unknown",
    "price_unknown",
    "out_of_stock",
    "idempotency_running",
    "idempotency_mismatch",
    "overloaded",
  ],
  idempotent: true,
  example: {
    body: { token: exampleCart.token, changes: [{ do: "add", sku: "CAF-500", quantity: 2 }] },
    gives: exampleOwnCart,
  },
});
