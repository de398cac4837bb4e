import { limits } from "@trato/base";
import { type CartAnswer, changeOwnCart, type OwnCartAnswer, openOwnCart, refuse } from "@trato/contract";
import { type Acted, createRateLimit, type Route, sharedCommand } from "../../platform/index.ts";
import type { CartContext } from "./cart.ts";
import type { Carts } from "./carts.ts";
import type { CartNeeds } from "./needs.ts";
import { newCartId } from "./open.ts";
import { nowhereOf } from "./places.ts";
import type { ChangeAsked } from "./rules.ts";

/**
 * The cart of whoever shows its token: what a page may do that everybody can read. It names no person, no group and no
 * id of a cart, so a key out of a page reaches no cart but those whose tokens it was given. How many carts an address
 * makes is bounded, and how much a line holds: a script cannot set all goods aside (trust.md C4). Addresses are
 * remembered in memory only.
 */
export function ownCartRoutes(needs: { readonly carts: Carts } & Pick<CartNeeds, "mayBePlace">): Route[] {
  const { carts } = needs;
  const mayMake = createRateLimit(
    { perSecond: limits.ownCartsPerAddressHour / 3_600, saved: limits.ownCartsPerAddressHour },
    () => performance.now(),
  );
  return [
    sharedCommand(openOwnCart, async ({ body, nowMs, once, address }) => {
      const { token, ...context } = body;
      const nowhere = nowhereOf(needs, context);
      if (nowhere !== undefined) return nowhere;
      if (token === undefined) {
        if (!mayMake(address)) return refuse("carts_too_many", { detail: tooMany });
        const command = {
          kind: "open",
          cartId: newCartId(nowMs),
          who: null,
          context: where(context),
        } as const;
        // Shoppers share the page's key: an answer kept under a key of theirs would hand one's cart to another.
        return owned(await carts.act({ command, once: undefined }));
      }
      const cartId = await carts.idOf({ token });
      if (cartId === undefined) return refuse("cart_unknown");
      if (Object.values(context).every((value) => value === undefined)) {
        const read = await carts.read(cartId, nowMs);
        return owned(read.ok ? { ...read, replayed: false } : read);
      }
      return owned(await carts.act({ command: changeOf(cartId, { changes: [], ...context }), once }));
    }),
    sharedCommand(changeOwnCart, async ({ body, once }) => {
      const { token, ...asked } = body;
      const nowhere = nowhereOf(needs, asked);
      if (nowhere !== undefined) return nowhere;
      const cartId = await carts.idOf({ token });
      if (cartId === undefined) return refuse("cart_unknown");
      return owned(await carts.act({ command: changeOf(cartId, asked), once }));
    }),
  ];
}

const most = limits.ownCartsPerAddressHour;
const tooMany = `${most} an hour; a hub behind a proxy needs TRATO_TRUST_PROXY to see who asks.`;

type Where = Partial<Pick<CartContext, "channel" | "placeId" | "currency">>;
const where = ({ channel, placeId, currency }: Where): CartContext => ({
  ...{ channel, placeId, currency },
  groups: undefined,
});

const changeOf = (
  cartId: string,
  asked: Where & Pick<ChangeAsked, "changes" | "decisionId"> & { readonly ifVersion?: number | undefined },
) => {
  const { changes, ifVersion, decisionId } = asked;
  const lineMax = limits.ownCartQuantityMax;
  return {
    kind: "change",
    cartId,
    asked: { changes, ifVersion, decisionId, context: where(asked), lineMax },
  } as const;
};

function owned(acted: Acted<CartAnswer>): Acted<OwnCartAnswer> {
  if (!acted.ok) return acted;
  const { personId, groups, ...own } = acted.value;
  return { ...acted, value: own };
}
