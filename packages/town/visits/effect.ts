import type { Basis } from "@trato/contract";

/**
 * The truth about showing: whoever sees what they are about to run out of is more likely to buy it then and there.
 * Chances are added to; nothing else a decision does changes what a household needs.
 */
export const effect = {
  /** So long before it runs out it counts as about to. */
  aheadDays: 2,
  /** Added for somebody who came to shop. */
  shop: 0.2,
  /** For somebody who only came to look around, and what they would do without. */
  look: 0.15,
  lookBase: 0.03,
  /** The chance that something shown that nobody needs is taken along. */
  whim: 0.015,
} as const;

/** The chances that one need is met here on one visit: without the item being shown, and with it. */
export function chancesOf(visit: { readonly intent: "shop" | "look"; readonly hereShare: number }): {
  readonly unshown: number;
  readonly shown: number;
} {
  const shops = visit.intent === "shop";
  const unshown = shops ? visit.hereShare : effect.lookBase;
  return { unshown, shown: Math.min(1, unshown + (shops ? effect.shop : effect.look)) };
}

/** What became of one need on one visit. Both outcomes are known, because one draw settles them. */
export type NeedOutcome = {
  readonly basis: Basis | "unasked";
  readonly wasShown: boolean;
  readonly wouldBuyUnshown: boolean;
  readonly wouldBuyShown: boolean;
  readonly addedChance: number;
};

export type Tally = {
  needs: number;
  bought: number;
  /** Bought, and would not have been had it not been shown. */
  boughtBecause: number;
  /** The sum of the chances that showing added: what `boughtBecause` is expected to be. */
  addedChance: number;
};

/** Needs by what the decision was based on, and whether the item was shown. */
export type Truth = Record<Basis | "unasked", { readonly shown: Tally; readonly unshown: Tally }>;

const emptyTally = (): Tally => ({ needs: 0, bought: 0, boughtBecause: 0, addedChance: 0 });
const emptyRow = () => ({ shown: emptyTally(), unshown: emptyTally() });

export function startTruth(): Truth {
  return {
    personal: emptyRow(),
    no_consent: emptyRow(),
    nobody: emptyRow(),
    holdout: emptyRow(),
    unasked: emptyRow(),
  };
}

export function count(truth: Truth, outcomes: readonly NeedOutcome[]): void {
  for (const one of outcomes) {
    const tally = truth[one.basis][one.wasShown ? "shown" : "unshown"];
    tally.needs += 1;
    if (one.wasShown ? one.wouldBuyShown : one.wouldBuyUnshown) tally.bought += 1;
    if (!one.wasShown) continue;
    tally.addedChance += one.addedChance;
    if (!one.wouldBuyUnshown && one.wouldBuyShown) tally.boughtBecause += 1;
  }
}
