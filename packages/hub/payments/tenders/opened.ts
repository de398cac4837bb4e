import { ok, refuse } from "@trato/contract";
import { lockPayments } from "../payment-store.ts";
import { stateWords } from "../says.ts";
import type { TenderKind } from "../tender.ts";

/** A payment that was opened and authorised before the order was placed; it pays with all that was set aside. */
export const opened: TenderKind<"payment"> = {
  kind: "payment",
  open: async (tx, wants) => {
    const locked = await lockPayments(
      tx,
      wants.map(({ tender }) => tender.paymentId),
    );
    const byId = new Map(locked.map((payment) => [payment.paymentId, payment]));
    const taken = new Set<string>();
    return {
      take({ tender: { paymentId }, currency, orderId }) {
        const payment = byId.get(paymentId);
        if (payment === undefined) return refuse("payment_unknown");
        const isOthers = payment.orderId !== null && payment.orderId !== orderId;
        if (taken.has(paymentId) || isOthers) return refuse("payment_bound");
        if (payment.currency !== currency) return refuse("currency_mismatch");
        const isBound = payment.state === "captured" && payment.orderId !== null;
        if (!["authorised", "captured"].includes(payment.state) || isBound) {
          return refuse("payment_state", { detail: stateWords(payment.state) });
        }
        taken.add(paymentId);
        const amountMinor = payment.authorisedMinor + payment.capturedMinor;
        return ok({ is: "opened", payment, amountMinor });
      },
      undo: ({ tender }) => void taken.delete(tender.paymentId),
      close: async () => undefined,
    };
  },
};
