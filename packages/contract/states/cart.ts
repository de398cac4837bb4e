import type { States } from "./states.ts";

export type CartState = "open" | "ordered" | "merged" | "expired";

/** Whether the time of an open cart is over is judged when somebody asks; its row may say so later. */
export const cartStates: States<CartState> = {
  open: { es: "Abierto", en: "Open", next: ["ordered", "merged", "expired"] },
  ordered: { es: "Comprado", en: "Bought", next: [] },
  merged: { es: "Unido a otro carrito", en: "Merged into another cart", next: [] },
  expired: { es: "Vencido", en: "Expired", next: [] },
};
