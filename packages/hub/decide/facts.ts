import { dayMs, inShare, type PersonId } from "@trato/base";
import type { Basis, DecisionContext, Placement } from "@trato/contract";
import { momentsAt } from "../moments/index.ts";
import { type ConsentState, hasConsent, hasObjected } from "../people/index.ts";
import { type Habits, readHabits } from "./habits.ts";
import type { Bought, Exposure, OpenMoment, SeenProfile, SeenSlices } from "./needs.ts";
import type { Policy } from "./policy.ts";

/** A person's word on one purpose: yes, no, or none yet. */
export type Word = "given" | "refused" | "unasked";

/** What is known of a person, present only when it may be used to choose for them. */
export type Known = {
  readonly cart: readonly string[];
  readonly views: readonly { readonly sku: string; readonly timeMs: number }[];
  readonly lastOrder: readonly string[];
  readonly bought: ReadonlyMap<string, Bought>;
  readonly habits: Habits;
  readonly moments: readonly OpenMoment[];
  readonly traits: Readonly<Record<string, string>>;
};

/** What one decision may look at. Rules see a person only through this. */
export type Facts = {
  readonly nowMs: number;
  readonly basis: Basis;
  readonly personId: PersonId | null;
  readonly consent: { readonly personalise: Word; readonly marketing: Word };
  readonly context: DecisionContext;
  readonly known: Known | null;
  /** What the person was shown in the last day; protects them, so it counts whatever the basis. */
  readonly touchesToday: readonly Exposure[];
  /** How many messages were sent today (UTC), by channel; counted for the same reason. */
  readonly messagesToday: ReadonlyMap<string, number>;
  /** How often each thing was seen lately; empty unless the basis is personal. */
  readonly sights: ReadonlyMap<string, number>;
};

/** A no beats every yes. */
export function wordOn(consent: ConsentState, purpose: string, channel: string): Word {
  if (hasObjected(consent, purpose, channel)) return "refused";
  return hasConsent(consent, purpose, channel) ? "given" : "unasked";
}

/** Decides what may be looked at, and looks at that. Cost: one pass over the exposures kept. */
export function readFacts(given: {
  readonly nowMs: number;
  readonly profile: SeenProfile | null;
  readonly placement: Placement;
  readonly context: DecisionContext;
  readonly policy: Policy;
}): Facts {
  const { nowMs, profile, placement, context, policy } = given;
  const slices = profile?.slices ?? {};
  const said = slices.consent ?? {};
  const consent = {
    personalise: wordOn(said, "personalise", placement.channel),
    marketing: wordOn(said, "marketing", placement.channel),
  };
  const basis = basisOf(profile, consent.personalise, policy);
  const exposures = slices.pressure?.exposures ?? [];
  return {
    nowMs,
    basis,
    personId: profile?.personId ?? null,
    consent,
    context,
    known: basis === "personal" ? known(slices, nowMs, policy) : null,
    touchesToday: exposures.filter((touch) => touch.timeMs > nowMs - dayMs && touch.timeMs <= nowMs),
    messagesToday: messagesToday(slices.pressure?.messages ?? {}, nowMs),
    sights: basis === "personal" ? sightsOf(exposures, nowMs, policy.pressure.days) : noSights,
  };
}

const noSights: ReadonlyMap<string, number> = new Map();

function basisOf(profile: SeenProfile | null, personalise: Word, policy: Policy): Basis {
  if (profile === null) return "nobody";
  if (personalise !== "given") return "no_consent";
  return inShare("trato.holdout", profile.personId, policy.holdoutShare) ? "holdout" : "personal";
}

function known(slices: SeenSlices, nowMs: number, policy: Policy): Known {
  const orders = slices.orders;
  const bought = new Map((orders?.bought ?? []).map((one) => [one.sku, one]));
  return {
    cart: orders?.cart ? orders.cart.lines.map(({ sku }) => sku) : [],
    views: slices.interest?.views ?? [],
    lastOrder: orders?.lastOrder?.skus ?? [],
    bought,
    habits: readHabits(bought, nowMs, policy),
    moments: momentsAt(slices, nowMs),
    traits: slices.traits?.said ?? {},
  };
}

function messagesToday(
  messages: Readonly<Record<string, { readonly dayMs: number; readonly count: number }>>,
  nowMs: number,
): ReadonlyMap<string, number> {
  const today = Math.floor(nowMs / dayMs) * dayMs;
  const sent = Object.entries(messages).filter(([, last]) => last.dayMs === today);
  return new Map(sent.map(([channel, last]) => [channel, last.count]));
}

function sightsOf(exposures: readonly Exposure[], nowMs: number, days: number): ReadonlyMap<string, number> {
  const sights = new Map<string, number>();
  for (const { timeMs, key } of exposures) {
    if (timeMs > nowMs - days * dayMs && timeMs <= nowMs) sights.set(key, (sights.get(key) ?? 0) + 1);
  }
  return sights;
}
