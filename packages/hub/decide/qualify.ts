import { dayMs } from "@trato/base";
import type { Item, Placement, RefusalReason } from "@trato/contract";
import { isEligible } from "./eligible.ts";
import type { Facts } from "./facts.ts";
import { type Candidate, subjectsOf } from "./gather.ts";
import type { Policy } from "./policy.ts";
import type { Refusals } from "./refusals.ts";
import type { LiveOffer, PlacementShelf, Shelf, Stocked } from "./shelf.ts";

/** Channels that go out to the person: nothing is sent there without a yes to marketing. */
const outbound: ReadonlySet<string> = new Set(["email", "sms", "push", "whatsapp"]);

/** What holds for a whole placement at this instant, worked out once. */
export type Gate = {
  /** Why nothing may be shown here, and why no offer may; undefined when it may. */
  readonly shut: RefusalReason | undefined;
  readonly shutToOffers: RefusalReason | undefined;
  /** How many things may still be shown. */
  readonly room: number;
};

/**
 * Consent, objection and the caps. On a channel that goes out they shut the placement; on a page, which the person
 * opened, an objection or a spent fatigue budget shuts out offers and leaves the items.
 */
export function gateOf(facts: Facts, placement: Placement, policy: Policy): Gate {
  const goesOut = outbound.has(placement.channel);
  const touches = facts.touchesToday;
  const here = touches.filter((touch) => touch.placement === placement.name);
  const lastMs = here.reduce((last, touch) => Math.max(last, touch.timeMs), Number.NEGATIVE_INFINITY);
  const tooSoon = facts.nowMs - lastMs < (placement.minGapMs ?? 0);
  const roomHere = tooSoon
    ? 0
    : (placement.exposuresPerPersonPerDayMax ?? Number.POSITIVE_INFINITY) - here.length;
  const budgetLeft = policy.fatigue.budgetPerDay - spentToday(facts, policy);
  const roomInBudget = Math.floor(budgetLeft / costOf(placement.channel, policy));

  const reasons: RefusalReason[] = [];
  if (goesOut && facts.consent.marketing === "unasked") reasons.push("consent_missing");
  if (facts.consent.marketing === "refused") reasons.push("objected");
  if (roomInBudget <= 0) reasons.push("cap_person");
  const shutToOffers = reasons[0] ?? (roomHere <= 0 ? "cap_placement" : undefined);
  const shut = goesOut ? shutToOffers : roomHere <= 0 ? "cap_placement" : undefined;
  return { shut, shutToOffers, room: Math.max(0, goesOut ? Math.min(roomHere, roomInBudget) : roomHere) };
}

/** What today's touches took from the budget. A message and what was seen in it are one touch: the larger counts. */
function spentToday({ touchesToday, messagesToday }: Facts, policy: Policy): number {
  const touches = new Map(messagesToday);
  for (const channel of new Set(touchesToday.map((one) => one.channel))) {
    const seen = touchesToday.filter((one) => one.channel === channel).length;
    touches.set(channel, Math.max(seen, messagesToday.get(channel) ?? 0));
  }
  let spent = 0;
  for (const [channel, count] of touches) spent += count * costOf(channel, policy);
  return spent;
}

/** What one touch takes from the budget; a channel that has no cost of its own costs what a page does. */
function costOf(channel: string, { fatigue }: Policy): number {
  return Object.hasOwn(fatigue.cost, channel)
    ? fatigue.cost[channel as keyof typeof fatigue.cost]
    : fatigue.cost.web;
}

/** The offers that may be shown; `flags` says which, by their place in the placement's list. */
export type OffersAtHand = {
  /** Those that stand highest by themselves, at most `gather.offers`. */
  readonly best: readonly LiveOffer[];
  readonly flags: Uint8Array;
  readonly count: number;
};

/** The offers of the placement that are for this person now. */
export function qualifyOffers(
  given: { facts: Facts; shelf: Shelf; here: PlacementShelf; gate: Gate; spent: ReadonlySet<string> },
  refusals: Refusals,
): OffersAtHand {
  const { facts, shelf, here, gate, spent } = given;
  const most = shelf.policy.gather.offers;
  const best: LiveOffer[] = [];
  const flags = new Uint8Array(here.offers.length);
  let count = 0;
  const whyNot = (one: LiveOffer): RefusalReason | undefined => {
    const { offer } = one;
    if (facts.nowMs < one.fromMs || facts.nowMs >= one.untilMs) return "outside_window";
    if (!here.allows.has(offer.kind)) return "wrong_placement";
    if (!isEligible(offer, facts, shelf)) return "not_eligible";
    if (gate.shutToOffers !== undefined && gate.shutToOffers !== "cap_placement") return gate.shutToOffers;
    const cap = offer.capPerPersonPerDay;
    if (cap !== undefined && timesToday(facts, one.key) >= cap) return "cap_person";
    if (gate.shutToOffers !== undefined) return gate.shutToOffers;
    return spent.size > 0 && spent.has(offer.id) ? "budget_spent" : undefined;
  };
  for (let place = 0; place < here.offers.length; place++) {
    const one = here.offers[place]!;
    const reason = whyNot(one);
    if (reason !== undefined) {
      refusals.add(reason, one.key);
      continue;
    }
    flags[place] = 1;
    count += 1;
    if (best.length < most) best.push(one);
  }
  return { best, flags, count };
}

function timesToday(facts: Facts, key: string): number {
  let times = 0;
  for (const touch of facts.touchesToday) if (touch.key === key) times += 1;
  return times;
}

export type QualifiedItems = {
  readonly qualified: readonly Candidate[];
  readonly refused: ReadonlyMap<string, RefusalReason>;
};

/** The items that may be shown, and why the others may not. */
export function qualifyItems(
  candidates: readonly Candidate[],
  given: { facts: Facts; here: PlacementShelf; gate: Gate; soldOut: ReadonlySet<string> },
  refusals: Refusals,
): QualifiedItems {
  const { facts, here, gate, soldOut } = given;
  const carts = cartsOf(facts);
  const due = new Set(
    facts.known?.moments.filter((one) => one.kind === "runs_out").map((one) => one.subject),
  );
  const whyNot = ({ sku, item }: Stocked): RefusalReason | undefined => {
    if (item === undefined) return "unknown_item";
    if (!item.sellable) return "not_sellable";
    if (!item.inStock || soldOut.has(sku)) return "out_of_stock";
    if (!here.allows.has(item.kind)) return "wrong_placement";
    if (gate.shut !== undefined) return gate.shut;
    if (carts.has(sku)) return "already_in_cart";
    if (boughtRecently(item, facts, due)) return "bought_recently";
    return sku === facts.context.sku ? "duplicate_subject" : undefined;
  };
  const qualified: Candidate[] = [];
  const refused = new Map<string, RefusalReason>();
  for (const one of candidates) {
    const reason = whyNot(one.stocked);
    if (reason === undefined) qualified.push(one);
    else {
      refused.set(one.stocked.sku, reason);
      refusals.add(reason, one.stocked.key);
    }
  }
  return { qualified, refused };
}

/** What is in a cart. A cart the person left is meant to be shown, unless the page that asks has one of its own. */
function cartsOf(facts: Facts): ReadonlySet<string> {
  const skus = new Set(facts.context.cart?.map((line) => line.sku));
  for (const sku of facts.known?.cart ?? []) skus.add(sku);
  if (facts.context.cart !== undefined) return skus;
  for (const moment of facts.known?.moments ?? []) {
    if (moment.kind === "cart_left") for (const sku of subjectsOf(moment)) skus.delete(sku);
  }
  return skus;
}

/** A durable good is not suggested while it lasts; what is used up, not until it is about due or a moment says so. */
function boughtRecently({ sku, lifeDays }: Item, facts: Facts, due: ReadonlySet<string>): boolean {
  const { known } = facts;
  if (known === null) return false;
  if (lifeDays === undefined) return known.habits.resting.has(sku) && !due.has(sku);
  const bought = known.bought.get(sku);
  return bought !== undefined && facts.nowMs - bought.lastMs < lifeDays * dayMs;
}
