import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { cartAnswer, cartContext, exampleCart, promisedBy, soldSku, wholeQuantity } from "./cart-shapes.ts";
import { namedIdentities } from "./decision-shapes.ts";
import { uuid } from "./shapes.ts";

const closed = { additionalProperties: false };
const params = Type.Object({ cartId: uuid });
const { cartId } = exampleCart;
const code = Type.String({ minLength: 1, maxLength: 20 });
const token = Type.String({ minLength: 1, maxLength: 100 });
export const ifVersion = Type.Optional(
  Type.Integer({ minimum: 0, description: "Refuse when the cart has changed since this version." }),
);

export const openCart = endpoint({
  name: "openCart",
  method: "POST",
  path: "/v1/carts",
  tag: "carts",
  says: "Opens the cart of a person, or one that a code or a token names; makes it when there is none.",
  more: "A person has one open cart, whatever the channel: ask with `identities` or `personId` and the same cart comes back. Without any of them a cart of nobody is made; `signInCart` gives it to a person later. A currency is needed only to make one.",
  needs: "carts:write",
  body: Type.Object(
    {
      personId: Type.Optional(uuid),
      identities: Type.Optional(namedIdentities),
      code: Type.Optional(code),
      token: Type.Optional(token),
      ...cartContext,
    },
    closed,
  ),
  gives: cartAnswer,
  problems: [
    "request_invalid",
    "place_unknown",
    "person_unknown",
    "person_erased",
    "cart_unknown",
    "idempotency_running",
    "idempotency_mismatch",
    "overloaded",
  ],
  idempotent: true,
  example: {
    body: { identities: { email: "ana@example.com" }, channel: "app", placeId: "GYE-01", currency: "USD" },
    gives: exampleCart,
  },
});

export const readCart = endpoint({
  name: "readCart",
  method: "GET",
  path: "/v1/carts/{cartId}",
  tag: "carts",
  says: "Reads a cart with the prices of this instant; one that was merged answers with the cart it went into.",
  needs: "orders:read",
  params,
  gives: cartAnswer,
  problems: ["cart_unknown"],
  example: { params: { cartId }, gives: exampleCart },
});

export const explainCart = endpoint({
  name: "explainCart",
  method: "GET",
  path: "/v1/carts/{cartId}/why",
  tag: "carts",
  says: "Why the cart costs what it does: the price row, promotions and taxes of every line.",
  needs: "orders:read",
  params,
  gives: Type.Object({
    cartId: uuid,
    version: Type.Integer(),
    priced: Type.Unknown({ description: "Every line as it was priced, with the rules that made it so." }),
  }),
  problems: ["cart_unknown"],
  example: {
    params: { cartId },
    gives: {
      cartId,
      version: 1,
      priced: {
        currency: "USD",
        lines: [
          {
            lineId: "CAF-500",
            sku: "CAF-500",
            quantity: 2,
            unitMinor: 599,
            price: { placeId: null, channel: "app", group: null, fromMs: 1_793_318_400_000 },
          },
        ],
      },
    },
  },
});

/** One change of a cart. `add` and `take` count from what is there, so that two channels at once lose nothing. */
export const cartChange = Type.Union([
  Type.Object({ do: Type.Literal("add"), sku: soldSku, quantity: wholeQuantity(1) }, closed),
  Type.Object({ do: Type.Literal("take"), sku: soldSku, quantity: wholeQuantity(1) }, closed),
  Type.Object({ do: Type.Literal("set"), sku: soldSku, quantity: wholeQuantity(0) }, closed),
  Type.Object({ do: Type.Literal("empty") }, closed),
]);
export type CartChange = Static<typeof cartChange>;

export const changeCart = endpoint({
  name: "changeCart",
  method: "POST",
  path: "/v1/carts/{cartId}/changes",
  tag: "carts",
  says: "Changes lines of a cart, all of the changes or none, and sets the goods aside.",
  more: "`add` and `take` count from what is there, so any number of channels may change one cart at once; with `set`, send `ifVersion` when it matters. Goods are held for the whole cart, at the cart's place first; when more is asked for than there is, the change is refused with `out_of_stock` and nothing has changed. Taking out is never refused for want of goods. A change of channel, place, currency or groups prices the cart anew.",
  needs: "carts:write",
  params,
  body: Type.Object(
    {
      changes: Type.Array(cartChange, { maxItems: limits.cartChangesMax }),
      ifVersion,
      decisionId: promisedBy,
      ...cartContext,
    },
    closed,
  ),
  gives: cartAnswer,
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
    params: { cartId },
    body: { changes: [{ do: "add", sku: "CAF-500", quantity: 2 }], channel: "app" },
    gives: exampleCart,
  },
});

export const signInCart = endpoint({
  name: "signInCart",
  method: "POST",
  path: "/v1/carts/{cartId}/sign-in",
  tag: "carts",
  says: "Gives a cart to the person who signed in; if they have one already, the two become one.",
  more: "Every line of both is kept. An item in both keeps the larger of its two quantities: nothing is lost, and nobody buys twice what they put in twice. Asking again changes nothing. The older cart stays; the other one's id, code and token lead to it.",
  needs: "carts:write",
  params,
  body: Type.Object(
    { personId: Type.Optional(uuid), identities: Type.Optional(namedIdentities), ...cartContext },
    closed,
  ),
  gives: cartAnswer,
  problems: [
    "request_invalid",
    "place_unknown",
    "person_unknown",
    "person_erased",
    "cart_unknown",
    "cart_closed",
    "cart_of_another",
    "cart_full",
    "idempotency_running",
    "idempotency_mismatch",
    "overloaded",
  ],
  idempotent: true,
  example: {
    params: { cartId },
    body: { identities: { email: "ana@example.com" } },
    gives: exampleCart,
  },
});
