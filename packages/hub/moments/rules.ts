import { createHash } from "node:crypto";
import { dayMs, type JsonObject, limits, type PersonId } from "@trato/base";
import { type MomentKind, momentKinds } from "@trato/contract";
import type { OpenMoment } from "./slice.ts";

/** A moment as rules find it; it becomes an event and a row. */
export type FoundMoment = OpenMoment & { readonly personId: PersonId; readonly kind: MomentKind };

export type Cart = {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly changedMs: number;
  readonly told: boolean;
};

/** When an item is expected to be needed again, in wall-clock milliseconds, and how sure that is. */
export type Due = {
  readonly medianMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** How likely the person buys it in (fromMs, untilMs], given that they have not since the last time. */
  readonly probability: (fromMs: number, untilMs: number) => number;
};

export const runsOutRules = {
  /** So long before the window begins it may be spoken of: time to bring it home. */
  leadMs: 3 * dayMs,
  /** A rhythm so loose that its window is wider than this says little about now. */
  windowMsMax: momentKinds.runs_out.windowMs,
  confidenceMin: 0.3,
  /** What was bought once has no rhythm of its own; everybody's must speak clearly. */
  confidenceMinFirst: 0.5,
} as const;

/** How many of a cart's items a moment names; the cart itself is in the profile. */
const cartItemsNamed = 20;

/**
 * A cart that was filled, left for `limits.cartIdleMs` and not spoken of yet. One that was left longer ago than the
 * window is old news, such as a cart out of an import, and is no moment.
 */
export function findCartLeft(personId: PersonId, cart: Cart | null, nowMs: number): FoundMoment | null {
  if (cart === null || cart.told) return null;
  const windowStartMs = cart.changedMs + limits.cartIdleMs;
  const windowEndMs = windowStartMs + momentKinds.cart_left.windowMs;
  if (cart.lines.length === 0 || nowMs < windowStartMs || nowMs > windowEndMs) return null;
  const named = cart.lines.slice(0, cartItemsNamed);
  const lines = Object.fromEntries(named.map(({ sku, quantity }) => [sku, quantity]));
  return {
    momentId: momentIdOf(personId, "cart_left", "cart", cart.changedMs),
    personId,
    kind: "cart_left",
    subject: "cart",
    windowStartMs,
    windowEndMs,
    confidence: 1,
    evidence: { changedMs: cart.changedMs, items: cart.lines.length, lines },
  };
}

export type Bought = { readonly sku: string; readonly count: number; readonly lastMs: number };

/**
 * An item that runs out now or within three days by the person's rhythm. `due` is null when there is too little to
 * go by. The confidence is the chance that it is needed while the moment is open.
 */
export function findRunsOut(
  personId: PersonId,
  bought: Bought,
  due: Due | null,
  at: { readonly nowMs: number; readonly modelVersion: string },
): FoundMoment | null {
  if (due === null) return null;
  const { leadMs, windowMsMax, confidenceMin, confidenceMinFirst } = runsOutRules;
  const windowStartMs = Math.floor(due.lowMs);
  const windowEndMs = Math.ceil(Math.min(due.highMs, Math.max(windowStartMs, at.nowMs) + windowMsMax));
  if (at.nowMs < windowStartMs - leadMs || at.nowMs > windowEndMs) return null;
  const confidence = due.probability(at.nowMs, windowEndMs);
  if (!(confidence >= (bought.count < 2 ? confidenceMinFirst : confidenceMin))) return null;
  const evidence: JsonObject = {
    lastMs: bought.lastMs,
    count: bought.count,
    medianMs: Math.round(due.medianMs),
    lowMs: windowStartMs,
    highMs: Math.ceil(due.highMs),
    modelVersion: at.modelVersion,
  };
  return {
    momentId: momentIdOf(personId, "runs_out", bought.sku, bought.lastMs),
    personId,
    kind: "runs_out",
    subject: bought.sku,
    windowStartMs,
    windowEndMs,
    confidence: Math.min(1, Math.round(confidence * 1_000) / 1_000),
    evidence,
  };
}

/** The same person, kind, subject and cause always give the same id, so that a moment is found once. */
export function momentIdOf(personId: PersonId, kind: MomentKind, subject: string, causeMs: number): string {
  const hash = createHash("sha256").update(`${personId}\n${kind}\n${subject}\n${causeMs}`).digest("hex");
  // A version 8 UUID (RFC 9562): bits of our own choice.
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
