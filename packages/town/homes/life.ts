import { type Chance, chance, dayMs, hash32 } from "@trato/base";
import { nextVisitMs } from "../calendar.ts";
import { logNormal } from "../draw.ts";
import type { WireEvent } from "../visits/scribe.ts";
import type { Shown } from "../visits/shown.ts";
import type { Household, Need } from "./household.ts";
import type { Member } from "./member.ts";

export type CartLine = { readonly sku: string; readonly quantity: number };

/** What goes on in a household: what runs out when, what lies in carts, who comes next. */
export type Life = {
  readonly household: Household;
  /** By the place of the need in the household. */
  readonly dueMs: number[];
  nextShopMs: number;
  nextLookMs: number;
  /** How many visits there were: it seeds the next one, so that what is shown changes no later chance. */
  visits: number;
  readonly carts: Map<Member, { lines: readonly CartLine[]; changedMs: number }>;
  /** Who is known to the shop, and whose browser has been signed in. */
  readonly registered: Set<Member>;
  /** The appliance somebody has an eye on, until they have it. */
  dream: string | null;
  /** What a message showed a short while ago. */
  reminders: readonly { readonly shown: Shown; readonly untilMs: number }[];
  /** Returns and answers to surveys that are to come, soonest first. */
  later: readonly { readonly atMs: number; readonly events: readonly WireEvent[] }[];
};

/** Puts the household in the middle of its habits at `fromMs`. */
export function startLife(household: Household, fromMs: number): Life {
  const draw = chance(hash32(`${household.seed}/start`));
  const soon = (medianDays: number) => fromMs + draw() * medianDays * dayMs;
  return {
    household,
    dueMs: household.needs.map((need) => soon(need.medianDays)),
    nextShopMs: nextVisit(household, draw, { intent: "shop", lastMs: fromMs }),
    nextLookMs: nextVisit(household, draw, { intent: "look", lastMs: fromMs }),
    visits: 0,
    carts: new Map(),
    registered: new Set(),
    dream: household.dream,
    reminders: [],
    later: [],
  };
}

/** When somebody of the household comes to shop, or to look around, after `lastMs`. */
export function nextVisit(
  household: Household,
  draw: Chance,
  last: { readonly intent: "shop" | "look"; readonly lastMs: number },
): number {
  const shops = last.intent === "shop";
  return nextVisitMs(draw, {
    lastMs: last.lastMs,
    medianDays: shops ? household.shopDays : household.lookDays,
    sigma: shops ? 0.25 : 0.5,
    where: shops ? "store" : "online",
  });
}

/** When what was bought at `boughtMs` is used up. */
export function usedUpMs(draw: Chance, need: Need, boughtMs: number): number {
  return boughtMs + logNormal(draw, { median: need.medianDays, sigma: need.sigma }) * dayMs;
}
