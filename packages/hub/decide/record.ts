import type { Basis, DecisionContext } from "@trato/contract";
import type { Slate } from "./arbitrate.ts";
import type { Facts, Word } from "./facts.ts";
import type { Clicked } from "./needs.ts";
import type { RefusedList } from "./refusals.ts";
import type { Part } from "./score.ts";

/** Raised with every change of the rules that can change a decision; replay refuses another version's records. */
export const codeVersion = "2";

/** What was asked, as it is kept. */
export type DecisionRequest = {
  readonly placement: string;
  readonly limit?: number;
  readonly context?: DecisionContext;
};

export type Versions = {
  readonly code: string;
  readonly policy: string;
  readonly fold: string;
  readonly scores: string;
  readonly catalogue: string;
  readonly offers: string;
};

export type ShownRecord = {
  readonly key: string;
  readonly sku?: string;
  readonly offerId?: string;
  readonly propensity: number;
  readonly score: number;
  readonly parts: readonly Part[];
};

/**
 * Everything needed to answer, explain and replay a decision, and no more: words, titles and prices are looked up by
 * the versions. Its JSON text is the unit of comparison, so the names stand in one fixed order.
 */
export type DecisionRecord = {
  readonly decisionId: string;
  readonly decidedAtMs: number;
  readonly freshUntilMs: number;
  readonly request: DecisionRequest;
  readonly personId: string | null;
  readonly members: readonly string[];
  /** The last position of the event log that was folded in. */
  readonly position: string;
  readonly basis: Basis;
  readonly consent: { readonly personalise: Word; readonly marketing: Word };
  readonly seed: number;
  readonly versions: Versions;
  /** Offers of the placement whose budget was spent at that instant. */
  readonly spent: readonly string[];
  /** Items that were looked for at that instant and could not be promised where the person can be served. */
  readonly soldOut: readonly string[];
  /** What the index of visits said at that instant would be looked at next; no log tells that. */
  readonly clicked?: readonly Clicked[];
  readonly exploration: { readonly share: number; readonly among: number; readonly explored: boolean };
  readonly shown: readonly ShownRecord[];
  readonly refused: RefusedList;
  readonly next: readonly (readonly [key: string, score: number])[];
  readonly counts: {
    readonly items: number;
    readonly offers: number;
    readonly refused: number;
    readonly outranked: number;
    readonly leftOut: number;
  };
  /** Units that are held for the person until then, one of each item shown. Beside what was decided, not part of it. */
  readonly promise?: { readonly holdId: string; readonly expiresMs: number };
  /** What a unit of an item that is shown cost then, where that was not the item's own price. Beside it as well. */
  readonly prices?: Readonly<Record<string, number>>;
};

export function shownRecord({ card, parts, score, propensity }: Slate["placed"][number]): ShownRecord {
  return {
    key: card.key,
    ...(card.stocked === undefined ? {} : { sku: card.stocked.sku }),
    ...(card.offer === undefined ? {} : { offerId: card.offer.offer.id }),
    propensity,
    score,
    parts,
  };
}

/** The request with what was left out left out, in one order, so that the same request has the same text. */
export function requestRecord(request: DecisionRequest): DecisionRequest {
  const { placement, limit, context } = request;
  return {
    placement,
    ...(limit === undefined ? {} : { limit }),
    ...(context === undefined ? {} : { context }),
  };
}

export function consentRecord(facts: Facts): DecisionRecord["consent"] {
  return { personalise: facts.consent.personalise, marketing: facts.consent.marketing };
}
