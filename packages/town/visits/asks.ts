import type { DecisionContext } from "@trato/contract";
import { between, happens } from "../draw.ts";
import { type Ask, plainBasket, type Visit } from "./visit.ts";

type Depth = readonly [low: number, high: number];
const depths: Readonly<Record<"web.home" | "web.product" | "app.card" | "pos.screen", Depth>> = {
  "web.home": [2, 7],
  "web.product": [1, 4],
  "app.card": [1, 4],
  "pos.screen": [1, 3],
};

/** Where on this visit the shop decides what to show, and what it knows there. */
export function asksOf(visit: Omit<Visit, "asks">, identities: Readonly<Record<string, string>>): Ask[] {
  const { channel, draw, member, life } = visit;
  const context: DecisionContext = { channel, language: member.language, country: "EC" };
  const ask = (placement: keyof typeof depths, more: DecisionContext = {}): Ask => ({
    placement,
    identities,
    context: { ...context, ...more },
    depth: Math.floor(between(draw, ...depths[placement])),
  });
  if (channel === "pos") {
    const cart = plainBasket(visit).map(({ sku, quantity }) => ({ sku, quantity }));
    return [ask("pos.screen", { cart, store: life.household.store })];
  }
  if (channel === "app") return [ask("app.card")];
  const [sku] = visit.looksAt;
  return sku !== undefined && happens(draw, 0.5)
    ? [ask("web.home"), ask("web.product", { sku })]
    : [ask("web.home")];
}
