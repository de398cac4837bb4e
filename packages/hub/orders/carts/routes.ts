import {
  type CartAnswer,
  changeCart,
  explainCart,
  ok,
  openCart,
  readCart,
  refuse,
  signInCart,
} from "@trato/contract";
import { type Acted, type Route, route, type SharedCall, sharedCommand } from "../../platform/index.ts";
import type { CartContext } from "./cart.ts";
import type { Carts } from "./carts.ts";
import type { CartNeeds } from "./needs.ts";
import { newCartId } from "./open.ts";
import { nowhereOf } from "./places.ts";
import { type NamedByCaller, whoIs } from "./who.ts";

export type CartRouteNeeds = { readonly carts: Carts } & Pick<
  CartNeeds,
  "find" | "take" | "country" | "mayBePlace"
>;

export function cartRoutes(needs: CartRouteNeeds): Route[] {
  return [openRoute(needs), readRoute(needs), whyRoute(needs), changeRoute(needs), signInRoute(needs)];
}

const contextOf = ({ channel, placeId, currency, groups }: CartContext): CartContext => ({
  channel,
  placeId,
  currency,
  groups,
});

type OpenBody = NamedByCaller & CartContext & { code?: string | undefined; token?: string | undefined };

const openRoute = (needs: CartRouteNeeds): Route =>
  sharedCommand(openCart, async (call) => openByName(needs, call));

async function openByName(
  needs: CartRouteNeeds,
  { body, nowMs, once }: SharedCall<unknown, unknown, OpenBody>,
): Promise<Acted<CartAnswer>> {
  const { carts } = needs;
  const context = contextOf(body);
  const nowhere = nowhereOf(needs, context);
  if (nowhere !== undefined) return nowhere;
  const fresh = newCartId(nowMs);
  const isNamed = body.code !== undefined || body.token !== undefined;
  const cartId = isNamed ? await carts.idOf(body) : fresh;
  if (cartId === undefined) return refuse("cart_unknown");
  const who = await whoIs(needs, body, { cartId: fresh, channel: body.channel, nowMs });
  if (who?.ok === false) return who;
  if (!isNamed)
    return carts.act({ command: { kind: "open", cartId, who: who?.value ?? null, context }, once });
  if (who !== null) return carts.act({ command: { kind: "sign_in", cartId, who: who.value, context }, once });
  if (Object.values(context).some((value) => value !== undefined)) {
    const asked = { changes: [], ifVersion: undefined, context };
    return carts.act({ command: { kind: "change", cartId, asked }, once });
  }
  const read = await carts.read(cartId, nowMs);
  return read.ok ? { ...read, replayed: false } : read;
}

const readRoute = ({ carts }: CartRouteNeeds): Route =>
  route(readCart, ({ params, nowMs }) => carts.read(params.cartId, nowMs));

const whyRoute = ({ carts }: CartRouteNeeds): Route =>
  route(explainCart, async ({ params, nowMs }) => {
    const found = await carts.find(params.cartId, nowMs);
    if (!found.ok) return found;
    const { cart, priced } = found.value;
    return ok({ cartId: cart.cartId, version: cart.version, priced });
  });

const changeRoute = (needs: CartRouteNeeds): Route =>
  sharedCommand(changeCart, async ({ params, body, once }) => {
    const nowhere = nowhereOf(needs, body);
    if (nowhere !== undefined) return nowhere;
    const { changes, ifVersion, decisionId } = body;
    const asked = { changes, ifVersion, decisionId, context: contextOf(body) };
    return needs.carts.act({ command: { kind: "change", cartId: params.cartId, asked }, once });
  });

const signInRoute = (needs: CartRouteNeeds): Route =>
  sharedCommand(signInCart, async ({ params, body, once, nowMs }) => {
    const { cartId } = params;
    const nowhere = nowhereOf(needs, body);
    if (nowhere !== undefined) return nowhere;
    const who = await whoIs(needs, body, { cartId, channel: body.channel, nowMs });
    if (who === null) {
      const errors = [
        {
          pointer: "/body/identities",
          detail: { en: "name the person who signed in", es: "nombre a la persona que inició sesión" },
        },
      ];
      return refuse("request_invalid", { errors });
    }
    if (!who.ok) return who;
    const context = contextOf(body);
    return needs.carts.act({ command: { kind: "sign_in", cartId, who: who.value, context }, once });
  });
