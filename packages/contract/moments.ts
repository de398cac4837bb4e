/**
 * The kinds of moment Trato finds by itself. `windowMs` is how long one stays open when nothing says otherwise;
 * what it is about (`subject`) is an item's sku, "cart", or "person".
 */
export const momentKinds = {
  runs_out: {
    en: "runs out",
    es: "se acaba",
    says: "This person will soon need this item again, by the rhythm of their own purchases.",
    windowMs: 14 * 24 * 3_600_000,
  },
  cart_left: {
    en: "cart left",
    es: "carrito abandonado",
    says: "This person filled a cart and has done nothing with it for half an hour.",
    windowMs: 3 * 24 * 3_600_000,
  },
  may_leave: {
    en: "may be leaving",
    es: "puede estar dejando de venir",
    says: "This person came regularly and has been silent so long that they may not come again.",
    windowMs: 21 * 24 * 3_600_000,
  },
  needs_care: {
    en: "needs care",
    es: "necesita cuidado",
    says: "A thing this person registered will soon need service, by its age, its use and how others fared.",
    windowMs: 45 * 24 * 3_600_000,
  },
} as const satisfies Record<string, { en: string; es: string; says: string; windowMs: number }>;

export type MomentKind = keyof typeof momentKinds;
export const allMomentKinds = Object.keys(momentKinds) as readonly MomentKind[];
