import { dayMs } from "@trato/base";
import type { Offer } from "@trato/contract";

const instant = (ms: number): string => new Date(ms).toISOString();

const pages = ["web.home", "web.product", "app.card"];
const everywhere = [...pages, "pos.screen", "email.slot"];

/** What the shop has to offer around `nowMs`: one is long over, one begins later, all the others run. */
export function makeOffers(nowMs: number): readonly Offer[] {
  const window = { from: instant(nowMs - 200 * dayMs), until: instant(nowMs + 200 * dayMs) };
  return running.map((offer) => ({ ...offer, window: windows(nowMs)[offer.id] ?? window }));
}

const windows = (nowMs: number): Readonly<Record<string, { from: string; until: string }>> => ({
  "regreso-a-clases": { from: instant(nowMs - 90 * dayMs), until: instant(nowMs - 60 * dayMs) },
  "dia-de-la-madre": { from: instant(nowMs + 60 * dayMs), until: instant(nowMs + 75 * dayMs) },
});

const running: readonly Offer[] = [
  {
    id: "cafe-10",
    kind: "discount",
    text: { es: "10 % menos en café", en: "10 % off coffee" },
    placements: everywhere,
    categories: ["coffee"],
    leverMinor: 5,
    capPerPersonPerDay: 3,
    exclusiveGroup: "breakfast",
  },
  {
    id: "desayuno-2x1",
    kind: "discount",
    text: { es: "Mermelada a mitad de precio con el pan", en: "Jam at half price with bread" },
    placements: everywhere,
    skus: ["MER-FRE-300"],
    leverMinor: 4,
    eligibility: {
      anyOf: [
        { fact: "cartHasSku", is: "PAN-MOL-600" },
        { fact: "boughtSku", is: "PAN-MOL-600" },
      ],
    },
    capPerPersonPerDay: 2,
    exclusiveGroup: "breakfast",
  },
  {
    id: "limpieza-total",
    kind: "discount",
    text: { es: "Segundo detergente al 50 %", en: "Second detergent at 50 %" },
    placements: [...pages, "email.slot"],
    categories: ["cleaning"],
    leverMinor: 3,
    capPerPersonPerDay: 2,
  },
  {
    id: "mascotas-feliz",
    kind: "discount",
    text: { es: "Galletas de regalo con el alimento para perro", en: "Free treats with dog food" },
    placements: everywhere,
    skus: ["PER-8K"],
    leverMinor: 12,
    eligibility: { allOf: [{ fact: "boughtSku", is: "PER-8K" }] },
    capPerPersonPerDay: 2,
  },
  {
    id: "se-le-acaba",
    kind: "delivery",
    text: {
      es: "Envío gratis de lo que se le está acabando",
      en: "Free delivery of what you are running out of",
    },
    placements: ["push", "email.slot", "app.card"],
    leverMinor: 15,
    eligibility: { allOf: [{ fact: "momentKind", is: "runs_out" }] },
    capPerPersonPerDay: 1,
  },
  {
    id: "su-carrito",
    kind: "delivery",
    text: { es: "Su carrito llega hoy mismo", en: "Your cart arrives today" },
    placements: ["push", "email.slot", "web.home"],
    leverMinor: 15,
    eligibility: { allOf: [{ fact: "momentKind", is: "cart_left" }] },
    capPerPersonPerDay: 1,
  },
  {
    id: "filtro-recordatorio",
    kind: "service",
    text: { es: "Cambiamos el filtro de su refrigeradora", en: "We change your refrigerator's filter" },
    placements: pages,
    skus: ["FIL-REF", "SER-REF"],
    leverMinor: 6,
    eligibility: { allOf: [{ fact: "ownsCategory", is: "refrigeration" }] },
    capPerPersonPerDay: 1,
  },
  {
    id: "doce-cuotas",
    kind: "credit",
    text: { es: "12 cuotas sin intereses en línea blanca", en: "12 interest-free instalments on appliances" },
    placements: [...pages, "pos.screen"],
    categories: ["refrigeration", "laundry", "kitchen"],
    leverMinor: 2,
    capPerPersonPerDay: 2,
  },
  {
    id: "receta-de-la-semana",
    kind: "content",
    text: { es: "Receta: seco de pollo para cuatro", en: "Recipe: chicken stew for four" },
    placements: ["web.home", "email.slot", "app.card"],
    leverMinor: 1,
    capPerPersonPerDay: 1,
  },
  {
    id: "cata-de-cafe",
    kind: "experience",
    text: { es: "Cata de café el sábado en su tienda", en: "Coffee tasting on Saturday in your store" },
    placements: ["web.home", "app.card", "pos.screen"],
    leverMinor: 2,
    budgetUnits: 200,
    eligibility: { anyOf: [{ fact: "boughtSku", is: "CAF-MOL-400" }] },
    capPerPersonPerDay: 1,
  },
  {
    id: "regreso-a-clases",
    kind: "discount",
    text: { es: "Regreso a clases: avena al 2x1", en: "Back to school: two oats for one" },
    placements: pages,
    skus: ["AVE-500"],
    leverMinor: 8,
  },
  {
    id: "dia-de-la-madre",
    kind: "discount",
    text: { es: "Día de la madre: 20 % en licuadoras", en: "Mother's day: 20 % off blenders" },
    placements: everywhere,
    skus: ["LIC-600"],
    leverMinor: 8,
  },
];
