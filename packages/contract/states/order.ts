import type { States } from "./states.ts";

export type OrderState =
  | "placed"
  | "partly_shipped"
  | "shipped"
  | "partly_returned"
  | "returned"
  | "cancelled";

/**
 * What an order is follows from its lines: how many of them left, were called off and came back. An exchange adds a
 * line, which may take a returned order back to one that is still to be shipped.
 */
export const orderStates: States<OrderState> = {
  placed: { es: "Confirmado", en: "Placed", next: ["partly_shipped", "shipped", "cancelled"] },
  partly_shipped: {
    es: "Entregado en parte",
    en: "Partly handed over",
    next: ["shipped", "partly_returned", "returned"],
  },
  shipped: { es: "Entregado", en: "Handed over", next: ["partly_shipped", "partly_returned", "returned"] },
  partly_returned: { es: "Devuelto en parte", en: "Partly returned", next: ["partly_shipped", "returned"] },
  returned: { es: "Devuelto", en: "Returned", next: ["partly_shipped", "partly_returned"] },
  cancelled: { es: "Cancelado", en: "Cancelled", next: [] },
};
