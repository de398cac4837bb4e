import type { Condition, Offer } from "@trato/contract";
import type { Facts } from "./facts.ts";
import type { Shelf } from "./shelf.ts";

/** True when the person meets the offer's conditions: all of `allOf`, and one of `anyOf` when there are any. */
export function isEligible(offer: Offer, facts: Facts, shelf: Shelf): boolean {
  if (offer.eligibility === undefined) return true;
  const { allOf, anyOf } = offer.eligibility;
  for (const condition of allOf ?? []) if (!meets(condition, facts, shelf)) return false;
  return anyOf === undefined || anyOf.length === 0 || anyOf.some((one) => meets(one, facts, shelf));
}

/** True when choosing by the offer's conditions means looking at the person. */
export function looksAtPerson(offer: Offer): boolean {
  const { allOf = [], anyOf = [] } = offer.eligibility ?? {};
  return [...allOf, ...anyOf].some((condition) => condition.fact !== "cartHasSku");
}

/** What is not known, or may not be looked at, is not met. What the request itself says may always be looked at. */
function meets({ fact, is }: Condition, facts: Facts, shelf: Shelf): boolean {
  const { known, context } = facts;
  switch (fact) {
    case "country":
      return (context.country ?? known?.traits["country"]) === is;
    case "language":
      return sameLanguage(context.language ?? known?.traits["language"], is);
    case "cartHasSku":
      return context.cart?.some((line) => line.sku === is) === true || known?.cart.includes(is) === true;
    case "boughtSku":
      return known?.bought.has(is) === true;
    case "ownsCategory":
      return known !== null && bought(known.bought, shelf, is);
    case "momentKind":
      return known?.moments.some((moment) => moment.kind === is) === true;
  }
}

/** "es" covers "es-EC"; "es-EC" does not cover "es". */
function sameLanguage(spoken: unknown, wanted: string): boolean {
  return typeof spoken === "string" && (spoken === wanted || spoken.startsWith(`${wanted}-`));
}

function bought(skus: ReadonlyMap<string, unknown>, shelf: Shelf, category: string): boolean {
  for (const sku of skus.keys()) if (shelf.stock.get(sku)?.item?.category === category) return true;
  return false;
}
