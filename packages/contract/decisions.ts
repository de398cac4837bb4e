import type { Words } from "./words.ts";

/** What a decision was allowed to look at, and what the person is told about it. */
export const bases = {
  personal: {
    es: "Un sistema automático lo eligió para usted según sus compras y visitas. Puede pedirnos que no lo hagamos.",
    en: "An automatic system chose this for you from your purchases and visits. You can ask us not to.",
  },
  no_consent: {
    es: "Un sistema automático eligió lo mismo que ve todo el mundo: no usamos sus datos porque no nos ha dado permiso.",
    en: "An automatic system chose what everybody sees: we do not use your data because you have not allowed it.",
  },
  nobody: {
    es: "Un sistema automático eligió lo mismo que ve todo el mundo: no sabemos quién es usted.",
    en: "An automatic system chose what everybody sees: we do not know who you are.",
  },
  holdout: {
    es: "Un sistema automático eligió lo mismo que ve todo el mundo, para comparar si elegir para cada persona ayuda.",
    en: "An automatic system chose what everybody sees, to compare whether choosing for each person helps.",
  },
} as const satisfies Record<string, Words>;
export type Basis = keyof typeof bases;

/** Why a candidate was refused, in order of precedence: when several apply, the first one is reported. */
export const refusalReasons = {
  unknown_item: { es: "El artículo no está en el catálogo.", en: "The item is not in the catalogue." },
  not_sellable: { es: "El artículo no está a la venta.", en: "The item is not for sale." },
  out_of_stock: { es: "No hay existencias.", en: "It is out of stock." },
  outside_window: { es: "La oferta no está vigente.", en: "The offer is not running now." },
  wrong_placement: {
    es: "Este espacio no muestra esta clase.",
    en: "This placement does not show this kind.",
  },
  not_eligible: { es: "La oferta no es para esta persona.", en: "The offer is not for this person." },
  consent_missing: {
    es: "La persona no ha aceptado recibir ofertas por este canal.",
    en: "The person has not agreed to offers on this channel.",
  },
  objected: { es: "La persona pidió no recibir ofertas.", en: "The person asked not to receive offers." },
  cap_person: { es: "La persona ya vio suficiente por hoy.", en: "The person has seen enough for today." },
  cap_placement: {
    es: "Este espacio ya se mostró suficiente hoy.",
    en: "This placement was shown enough today.",
  },
  already_in_cart: { es: "Ya está en el carrito.", en: "It is in the cart already." },
  bought_recently: { es: "Lo compró hace poco.", en: "It was bought a short while ago." },
  budget_spent: { es: "Se agotó el presupuesto de la oferta.", en: "The offer's budget is spent." },
  duplicate_subject: {
    es: "La respuesta ya muestra este artículo.",
    en: "The answer shows this item already.",
  },
  exclusive_group: {
    es: "Se mostró otra oferta del mismo grupo.",
    en: "Another offer of its group was shown.",
  },
  below_floor: { es: "Su valor esperado no alcanza.", en: "Its expected value is too low." },
} as const satisfies Record<string, Words>;
export type RefusalReason = keyof typeof refusalReasons;
export const allRefusalReasons = Object.keys(refusalReasons) as readonly RefusalReason[];

type Part = Words & { readonly personal: boolean };

/** The parts a score is the sum of. `personal` parts look at the person; the others are the same for everybody. */
export const scoreParts = {
  popularity: { personal: false, es: "lo que se compra en la tienda", en: "what the shop's customers buy" },
  context: {
    personal: false,
    es: "lo que hay en la página o el carrito",
    en: "what is on the page or in the cart",
  },
  affinity: {
    personal: true,
    es: "lo que la persona vio y compró",
    en: "what the person looked at and bought",
  },
  rhythm: { personal: true, es: "cada cuánto lo compra la persona", en: "how often the person buys it" },
  moment: { personal: true, es: "un momento oportuno", en: "a fitting moment" },
  lever: { personal: false, es: "lo que la tienda suma a la oferta", en: "what the shop adds to the offer" },
  pressure: { personal: true, es: "cuántas veces ya lo vio", en: "how often the person saw it already" },
  variety: { personal: false, es: "no repetir lo parecido", en: "not repeating what is alike" },
} as const satisfies Record<string, Part>;
export type ScorePart = keyof typeof scoreParts;

/** What the shopper is told, by what spoke most for the item. `{title}` and `{gap}` are filled in. */
export const reasonWords = {
  popular: { es: "Popular esta semana en la tienda", en: "Popular in the shop this week" },
  shop: { es: "De nuestra tienda", en: "From our shop" },
  page: { es: "Combina con {title}", en: "Goes well with {title}" },
  basket: { es: "Combina con {title}, que está en el carrito", en: "Goes well with {title} in the cart" },
  cart: { es: "Combina con {title}, que tiene en su carrito", en: "Goes well with {title} in your cart" },
  next: { es: "Quienes ven {title} siguen con esto", en: "People who look at {title} go on to this" },
  view: { es: "Porque vio {title}", en: "Because you looked at {title}" },
  bought: { es: "Porque compró {title}", en: "Because you bought {title}" },
  rhythm: { es: "Suele comprarlo {gap}; ya casi le toca", en: "You buy it {gap}; it is nearly time" },
  again: { es: "Ya lo ha comprado antes", en: "You have bought it before" },
  runs_out: { es: "Se le puede estar acabando", en: "You may be running out of it" },
  cart_left: { es: "Dejó esto en su carrito", en: "You left this in your cart" },
  may_leave: { es: "Hace tiempo que no lo compra", en: "You have not bought this for a while" },
  needs_care: { es: "Lo que tiene en casa puede necesitar cuidado", en: "What you own may need care" },
  moment: { es: "Es un buen momento para esto", en: "It is a good moment for this" },
  offer: { es: "Una oferta de la tienda", en: "An offer from the shop" },
} as const satisfies Record<string, Words>;
export type ReasonCode = keyof typeof reasonWords;

/** "Every three weeks", from a number of days. */
export function gapWords(days: number): Words {
  if (days < 1.5) return { es: "cada día", en: "every day" };
  if (days < 6) return { es: `cada ${Math.round(days)} días`, en: `every ${Math.round(days)} days` };
  const weeks = Math.round(days / 7);
  if (weeks <= 1) return { es: "cada semana", en: "every week" };
  if (days < 26) return { es: `cada ${weeks} semanas`, en: `every ${weeks} weeks` };
  const months = Math.round(days / 30.44);
  if (months <= 1) return { es: "cada mes", en: "every month" };
  if (months < 12) return { es: `cada ${months} meses`, en: `every ${months} months` };
  return { es: "cada año o más", en: "every year or longer" };
}
