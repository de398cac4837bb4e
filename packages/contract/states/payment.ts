import type { States } from "./states.ts";

export type PaymentState =
  | "created"
  | "action_needed"
  | "declined"
  | "authorised"
  | "captured"
  | "partly_refunded"
  | "refunded"
  | "voided";

/**
 * What a payment is follows from where its money is, so that the two cannot disagree. A provider that fails after it
 * was asked moves money back: a capture that failed leaves the payment voided, a
 * void that failed authorised, a refund that failed captured.
 */
export const paymentStates: States<PaymentState> = {
  created: {
    es: "Iniciado",
    en: "Begun",
    next: ["action_needed", "declined", "authorised", "captured", "voided"],
  },
  action_needed: {
    es: "Espera al comprador",
    en: "Waits for the buyer",
    next: ["declined", "authorised", "voided"],
  },
  declined: { es: "Rechazado", en: "Declined", next: ["action_needed", "authorised", "voided"] },
  authorised: { es: "Autorizado", en: "Authorised", next: ["captured", "voided"] },
  captured: { es: "Cobrado", en: "Captured", next: ["partly_refunded", "refunded", "voided"] },
  partly_refunded: {
    es: "Devuelto en parte",
    en: "Refunded in part",
    next: ["captured", "refunded"],
  },
  refunded: { es: "Devuelto", en: "Refunded", next: ["captured", "partly_refunded"] },
  voided: { es: "Anulado", en: "Voided", next: ["authorised"] },
};
