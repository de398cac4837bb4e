import type { Basis, MomentKind, TakenAnswer } from "@trato/contract";
import { startTruth, type Truth } from "../visits/effect.ts";

export type Share = { visits: number; bought: number };

/** What a demonstration came to, counted as it ran. */
export type DemoResult = {
  /** What became of the events sent: accepted is the sum of the others. */
  readonly events: { accepted: number; applied: number; repeat: number; quarantined: number; erased: number };
  /** Households' members who did something. */
  people: number;
  readonly decisions: Record<Basis, number>;
  /** Decisions that showed nothing: no consent for messages, or enough for today. */
  quiet: number;
  readonly moments: Record<MomentKind, number>;
  /** Open at the end; `momentsOpenMore` when there were more than one page of them. */
  momentsOpen: number;
  momentsOpenMore: boolean;
  messages: number;
  exposures: number;
  clicks: number;
  /** Visits to the site or the app for which a decision was made, and how many ended with an order. */
  readonly conversions: { readonly treated: Share; readonly holdout: Share };
  /** What only the town knows: what people would have bought anyway. */
  readonly truth: Truth;
  /** Calls that failed although they were tried again. */
  failures: number;
  /** A personal decision of this run, to look at. */
  example: { decisionId: string; email: string; personId: string; firstName: string } | null;
};

export function startResult(): DemoResult {
  return {
    events: { accepted: 0, applied: 0, repeat: 0, quarantined: 0, erased: 0 },
    people: 0,
    decisions: { personal: 0, no_consent: 0, nobody: 0, holdout: 0 },
    quiet: 0,
    moments: { runs_out: 0, cart_left: 0, may_leave: 0, needs_care: 0 },
    momentsOpen: 0,
    momentsOpenMore: false,
    messages: 0,
    exposures: 0,
    clicks: 0,
    conversions: { treated: { visits: 0, bought: 0 }, holdout: { visits: 0, bought: 0 } },
    truth: startTruth(),
    failures: 0,
    example: null,
  };
}

export function addTaken(events: DemoResult["events"], taken: TakenAnswer): void {
  for (const fate of ["accepted", "applied", "repeat", "quarantined", "erased"] as const) {
    events[fate] += taken[fate];
  }
}
