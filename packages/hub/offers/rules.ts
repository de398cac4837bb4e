import { limits } from "@trato/base";
import type { FieldError, JsonObject, Offer } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";

/** What a schema cannot say of an offer: its placements exist, and its window is one. */
export function offerErrors(offer: Offer, placements: ReadonlyMap<string, unknown>): FieldError[] {
  const errors = offer.placements.flatMap((name, i): FieldError[] =>
    placements.has(name)
      ? []
      : [
          {
            pointer: `/placements/${i}`,
            detail: { en: `there is no placement "${name}"`, es: `no hay espacio "${name}"` },
          },
        ],
  );
  const { from, until } = offer.window ?? {};
  if (from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until)) {
    errors.push({
      pointer: "/window/until",
      detail: { en: "use a time after `from`", es: "use una hora posterior a `from`" },
    });
  }
  return errors;
}

/** How many of these new offers still fit; the rest are refused. */
export function roomForOffers(there: number): number {
  return Math.max(0, limits.offersMax - there);
}

/** Outcomes that mean an offer was taken up, and so use a unit of its budget. */
const takenUp: ReadonlySet<unknown> = new Set(["accepted", "bought", "used"]);

export type OfferUse = { readonly offerId: string; readonly decisionId: string; readonly usedMs: number };

/** What an event uses of an offer's budget, if anything. One decision uses an offer once, however often it is told. */
export function useOf(event: KeptEvent): OfferUse | undefined {
  if (event.type !== "decision.outcome") return undefined;
  const { decisionId, outcome, key } = event.data as JsonObject;
  if (typeof decisionId !== "string" || typeof key !== "string" || !takenUp.has(outcome)) return undefined;
  if (!key.startsWith("offer:")) return undefined;
  return { offerId: key.slice("offer:".length), decisionId, usedMs: event.timeMs };
}
