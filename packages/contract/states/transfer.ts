import type { States } from "./states.ts";

export type TransferState = "in_transit" | "arrived";

/** Goods on the way arrive, all of them, or some while the rest is given up; nothing leads back. */
export const transferStates: States<TransferState> = {
  in_transit: { es: "En camino", en: "On the way", next: ["arrived"] },
  arrived: { es: "Llegó", en: "Arrived", next: [] },
};
