import { dayMs, isObject, limits } from "@trato/base";
import type { ScorePart } from "@trato/contract";
import type { Facts, Known } from "./facts.ts";
import { usualGapDays } from "./habits.ts";
import type { Clicked, OpenMoment } from "./needs.ts";
import type { Policy } from "./policy.ts";
import type { LiveOffer, Shelf, Stocked } from "./shelf.ts";
import type { Visit } from "./visit.ts";

/** One thing that speaks for an item: the chance of buying that it adds, and what it rests on. */
export type Hint = { readonly part: ScorePart; readonly propensity: number; readonly evidence: string };

/** An item that might be shown, and what speaks for it besides being popular. */
export type Candidate = { readonly stocked: Stocked; readonly hints: readonly Hint[] };

/** Items with what speaks for them, by sku, while they are being found. */
type Found = Map<string, { readonly stocked: Stocked; readonly hints: Hint[] }>;

const noHints: readonly Hint[] = [];

/**
 * Finds the items that might be shown: what goes with the page and the cart, what goes with what the person did, what
 * they buy again, what their open moments are about, what sells, and the best item of each offer at hand. Bounded by
 * the policy. Cost: about one map lookup for each hint.
 */
export function gather(
  facts: Facts,
  shelf: Shelf,
  offers: readonly LiveOffer[],
  browsing: Browsing = { visit: null, clicked: [] },
): Candidate[] {
  const found: Found = new Map();
  gatherContext(found, facts, shelf);
  gatherClicked(found, shelf, browsing);
  if (facts.known !== null) {
    gatherAffinity(found, facts, facts.known, shelf);
    gatherRhythm(found, facts, facts.known, shelf);
    gatherMoments(found, facts.known, shelf);
  }
  const candidates: Candidate[] = [...found.values()];
  for (const stocked of shelf.popular) {
    if (!found.has(stocked.sku)) candidates.push({ stocked, hints: noHints });
  }
  const leads = new Set<Stocked>();
  for (const { lead } of offers) {
    if (lead === undefined || found.has(lead.sku) || shelf.popular.has(lead) || leads.has(lead)) continue;
    leads.add(lead);
    candidates.push({ stocked: lead, hints: noHints });
  }
  return candidates;
}

function hint(found: Found, stocked: Stocked, one: Hint): void {
  const there = found.get(stocked.sku);
  if (there === undefined) found.set(stocked.sku, { stocked, hints: [one] });
  else there.hints.push(one);
}

type SeedKind = keyof Policy["seeds"];

/** Adds what goes with the seed; its own item is not added by this. */
function sow(found: Found, shelf: Shelf, kind: SeedKind, sku: string, weight: number): void {
  const part: ScorePart = kind === "page" || kind === "basket" ? "context" : "affinity";
  const evidence = `${kind}:${sku}`;
  for (const { stocked, lift } of shelf.neighboursOf(sku)) {
    hint(found, stocked, { part, propensity: lift * weight, evidence });
  }
}

function gatherContext(found: Found, facts: Facts, shelf: Shelf): void {
  const { page, basket } = shelf.policy.seeds;
  const { sku, cart } = facts.context;
  if (sku !== undefined && page.most > 0) sow(found, shelf, "page", sku, page.weight);
  if (cart === undefined || basket.most === 0) return;
  for (const line of cart.slice(-basket.most)) sow(found, shelf, "basket", line.sku, basket.weight);
}

/** The visit under way, and what others who looked at the same looked at next. */
type Browsing = { readonly visit: Visit | null; readonly clicked: readonly Clicked[] };

/** Not for what goes with the page already: the two chances are about the same purchase. */
function gatherClicked(found: Found, shelf: Shelf, { visit, clicked }: Browsing): void {
  const last = visit?.recent.at(-1);
  if (visit === null || last === undefined) return;
  const part: ScorePart = visit.personal ? "affinity" : "context";
  for (const { sku, chance } of clicked.slice(0, limits.sessionNextMax)) {
    if (found.has(sku) || visit.recent.includes(sku)) continue;
    hint(found, shelf.find(sku), { part, propensity: chance, evidence: `next:${last}` });
  }
}

/** Each thing the person did counts once, as the strongest of: on this page, in the cart, bought, looked at. */
function gatherAffinity(found: Found, facts: Facts, known: Known, shelf: Shelf): void {
  const { seeds, viewHalfLifeDays } = shelf.policy;
  const sown = new Set(facts.context.cart?.map((line) => line.sku));
  if (facts.context.sku !== undefined) sown.add(facts.context.sku);
  const lately = (skus: readonly string[], kind: "cart" | "bought") => {
    for (let i = skus.length - 1, left = seeds[kind].most; i >= 0 && left > 0; i--) {
      const sku = skus[i]!;
      if (sown.has(sku)) continue;
      sown.add(sku);
      sow(found, shelf, kind, sku, seeds[kind].weight);
      left -= 1;
    }
  };
  lately(known.cart, "cart");
  lately(known.lastOrder, "bought");
  for (let i = known.views.length - 1, left = seeds.view.most; i >= 0 && left > 0; i--) {
    const { sku, timeMs } = known.views[i]!;
    if (sown.has(sku)) continue;
    sown.add(sku);
    const ageDays = Math.max(0, facts.nowMs - timeMs) / dayMs;
    sow(found, shelf, "view", sku, seeds.view.weight * 0.5 ** (ageDays / viewHalfLifeDays));
    left -= 1;
  }
}

/** The items the person buys again that are about due, each with its chance by the model. */
function gatherRhythm(found: Found, facts: Facts, known: Known, shelf: Shelf): void {
  const { policy, scores } = shelf;
  const { nowMs } = facts;
  const { horizonDays } = policy;
  const { aboutDue } = known.habits;
  const again = scores.again?.(aboutDue, known, { nowMs, horizonDays });
  for (const sku of aboutDue) {
    const bought = known.bought.get(sku)!;
    const propensity = again?.get(sku) ?? scores.rhythm(sku, bought, nowMs, horizonDays).propensity;
    if (propensity < policy.rhythm.propensityMin) continue;
    const gap = usualGapDays(bought);
    const evidence = gap === undefined ? "once" : `gap:${Math.round(gap * 10) / 10}`;
    hint(found, shelf.find(sku), { part: "rhythm", propensity, evidence });
  }
}

function gatherMoments(found: Found, known: Known, shelf: Shelf): void {
  const { momentLift, gather } = shelf.policy;
  let left = gather.moments;
  for (const moment of known.moments) {
    const kind = moment.kind === "runs_out" || moment.kind === "cart_left" ? moment.kind : "other";
    const lift = momentLift[kind];
    for (const stocked of stockedFor(moment, known, shelf)) {
      if (left === 0) return;
      left -= 1;
      hint(found, stocked, { part: "moment", propensity: moment.confidence * lift, evidence: moment.kind });
    }
  }
}

/** Of what somebody used to buy, so much is shown to them when they may be leaving. */
const missedMost = 3;

/**
 * What a moment speaks for: the items it is about; when a thing of theirs needs care, what goes with it, since they own
 * the thing itself; when they may be leaving, what they used to buy.
 */
function stockedFor(moment: OpenMoment, known: Known, shelf: Shelf): readonly Stocked[] {
  if (moment.kind === "needs_care") return shelf.neighboursOf(moment.subject).map((one) => one.stocked);
  const skus = moment.kind === "may_leave" ? known.habits.aboutDue.slice(0, missedMost) : subjectsOf(moment);
  return skus.map((sku) => shelf.find(sku));
}

/** The items a moment is about: its subject, or what was left in the cart. */
export function subjectsOf(moment: OpenMoment): readonly string[] {
  if (moment.subject !== "cart") return [moment.subject];
  const { lines } = moment.evidence;
  return isObject(lines) ? Object.keys(lines) : [];
}
