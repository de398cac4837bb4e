import { ok, refuse } from "@trato/contract";
import type { Queries } from "../../platform/index.ts";
import { findReferences } from "../payment-store.ts";
import type { Desk, TenderKind, Want } from "../tender.ts";

type Kind = "card" | "transfer";

/**
 * What was paid elsewhere and is known by its reference: a card at a terminal of the bank's, a transfer to an account.
 * A reference pays once.
 */
const byReference = (kind: Kind): TenderKind<Kind> => ({
  kind,
  open: async (tx: Queries, wants: readonly Want<Kind>[]): Promise<Desk<Kind>> => {
    const asked = wants.map(({ tender: { reference } }) => ({ method: kind, reference }));
    const used = new Set(await findReferences(tx, asked));
    const keyOf = ({ tender: { reference } }: Want<Kind>) => `${kind}\n${reference}`;
    return {
      take(want) {
        const { kind: _, amountMinor, reference, ...details } = want.tender;
        if (used.has(keyOf(want))) return refuse("reference_used");
        used.add(keyOf(want));
        return ok({ is: "new", method: kind, provider: "reference", reference, amountMinor, details });
      },
      undo: (want) => void used.delete(keyOf(want)),
      close: async () => undefined,
    };
  },
});

export const cardByReference = byReference("card");
export const transferByReference = byReference("transfer");
