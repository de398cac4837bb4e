import { explainGiftCard, findGiftCard, issueGiftCard, ok, readGiftCard, refuse } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import { giftCardAnswer } from "../gift-cards.ts";
import type { Payments } from "../payments.ts";

/** Gift cards: issue, what they are worth, and why. */
export const giftCardRoutes = ({ giftCards }: Payments): Route[] => [
  // A route, not a command: an answer stored for its Idempotency-Key would keep the code.
  route(issueGiftCard, ({ body, nowMs }) => giftCards.issue(body, nowMs)),
  route(readGiftCard, async ({ params }) => {
    const card = await giftCards.find(params.giftCardId);
    return card === undefined ? refuse("gift_card_unknown") : ok(giftCardAnswer(card));
  }),
  route(findGiftCard, async ({ body }) => {
    const card = await giftCards.findByCode(body.code);
    return card === undefined ? refuse("gift_card_unknown") : ok(giftCardAnswer(card));
  }),
  route(explainGiftCard, async ({ params }) => {
    const card = await giftCards.find(params.giftCardId);
    if (card === undefined) return refuse("gift_card_unknown");
    const movements = await giftCards.movements(card.giftCardId);
    return ok({
      giftCard: giftCardAnswer(card),
      movements: movements.map(({ atMs, ...one }) => ({ ...one, at: new Date(atMs).toISOString() })),
    });
  }),
];
