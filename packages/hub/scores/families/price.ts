import { assert } from "@trato/base";
import { fitPriceResponse, groupingOf, type PriceResponse, priceResponseFromBytes } from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import type { Collected } from "../training/collect.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import type { Family } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { priceChanges, pricedWeeks } from "./priced-weeks.ts";

type Recipe = "together" | "items";

/** What becomes of an item's units when its price becomes another. */
export type PriceAnswers = {
  readonly recipe: Recipe;
  readonly skus: readonly string[];
  /** Its elasticity, and its units as a multiple of those at the usual price, both with an 80 % interval. */
  of(sku: string, priceRatio: number): Readonly<Record<"elasticity" | "units", Ranged>>;
};
type Ranged = { readonly value: number; readonly low: number; readonly high: number };

/** Of fewer weeks at another price, the luck of a few would be learnt. */
const changesMin = 20;
/** So many standard errors to both sides hold the truth eight times in ten. */
const errors80 = 1.2816;

/** How many more or fewer are sold when a price changes. */
export const price: Family = {
  name: "price",
  reads: "orders",
  lack({ orders }) {
    const { fromMs } = orders;
    // Learning is first tried on four fifths of what lies before the split.
    const firstMs = splitOf(orders) - (splitOf(orders) - fromMs) / 5;
    const changes = orders.itemOf.length === 0 ? 0 : priceChanges(orders, fromMs, firstMs).length;
    if (changes >= changesMin) return null;
    return {
      en: `It needs ${changesMin} weeks in which an item cost something else than usual, and lines that say what they cost; there are ${changes}.`,
      es: `Hacen falta ${changesMin} semanas en que un artículo costara otra cosa que lo usual, y líneas que digan su importe; hay ${changes}.`,
    };
  },
  train: ({ orders }, champion, onProgress) => runContest(contestOf(orders), champion, onProgress),
  inputs: ({ orders }) =>
    Float64Array.from(priceChanges(orders, splitOf(orders), orders.untilMs + 1), ({ lnPriceRatio }) =>
      Math.exp(lnPriceRatio),
    ),
  since: ({ orders }, champion) => sinceOf(contestOf(orders), champion),
};

/** The elasticity of an item; `skus` and the model are there when something was learnt. */
type Response = { slopeOf(sku: string): number; readonly learnt?: { skus: string[]; model: PriceResponse } };

function contestOf(orders: Collected): Contest<Response> {
  const { fromMs, untilMs, personCount, basketCount, skus } = orders;
  const learn = (ms: number) => responseOf(orders, ms);
  return {
    family: "price",
    ...{ fromMs, untilMs, splitMs: splitOf(orders) },
    counts: { people: personCount, orders: basketCount, items: skus.length },
    recipes: {
      together: (ms) => byRecipe("together", learn(ms)),
      items: (ms) => byRecipe("items", learn(ms)),
    },
    yardsticks: { "price does nothing": () => ({ slopeOf: () => 0 }) },
    measure: ({ slopeOf }, from, until) =>
      Float64Array.from(priceChanges(orders, from, until), ({ item, lnPriceRatio, lnUnitsRatio }) =>
        Math.abs(lnUnitsRatio - slopeOf(skus[item]!) * lnPriceRatio),
      ),
    labels(from, until) {
      const changes = priceChanges(orders, from, until);
      return (at) => {
        const country = orders.countryOfPlace[changes[at]!.place] ?? null;
        return country === null ? {} : { country };
      };
    },
    toBytes({ learnt }, recipe) {
      assert(learnt !== undefined, "what is kept has learnt something");
      return packParts({ head: { recipe, skus: learnt.skus }, parts: [learnt.model.toBytes()] });
    },
    standing({ bytes }) {
      const { recipe, learnt } = readLearnt(bytes);
      return byRecipe(recipe, learnt);
    },
    settings: ({ learnt }) => (learnt === undefined ? {} : { elasticity: learnt.model.slope }),
  };
}

function responseOf(orders: Collected, untilMs: number) {
  const weeks = pricedWeeks(orders, untilMs);
  const item = groupingOf(weeks.map((one) => one.item));
  const names: string[] = [];
  for (const [row, group] of item.of.entries()) names[group] = orders.skus[weeks[row]!.item]!;
  const model = fitPriceResponse({
    units: Float64Array.from(weeks, ({ lnUnits }) => Math.exp(lnUnits)),
    price: Float64Array.from(weeks, ({ lnPrice }) => Math.exp(lnPrice)),
    item,
    others: [groupingOf(weeks.map((one) => one.series)), groupingOf(weeks.map((one) => one.week))],
  });
  return { skus: names, model };
}

function byRecipe(recipe: Recipe, learnt: ReturnType<typeof responseOf>): Response {
  const { skus, model } = learnt;
  if (recipe === "together") return { learnt, slopeOf: () => model.slope };
  const itemOf = new Map(skus.map((sku, item) => [sku, item]));
  return { learnt, slopeOf: (sku) => model.slopeOf(itemOf.get(sku) ?? -1).slope };
}

function readLearnt(bytes: Uint8Array) {
  const { head, parts } = unpackParts(bytes);
  const { recipe, skus } = head;
  assert(
    (recipe === "together" || recipe === "items") && Array.isArray(skus) && parts.length === 1,
    "a model of prices has a recipe, its items and their slopes",
  );
  return { recipe, learnt: { skus: skus as string[], model: priceResponseFromBytes(parts[0]!) } } as const;
}

/** What a kept model of this family says. */
export function readPrice(bytes: Uint8Array): PriceAnswers {
  const { recipe, learnt } = readLearnt(bytes);
  const { skus, model } = learnt;
  const itemOf = new Map(skus.map((sku, item) => [sku, item]));
  return {
    ...{ recipe, skus },
    of(sku, priceRatio) {
      const item = recipe === "items" ? (itemOf.get(sku) ?? -1) : -1;
      const { slope, error } = model.slopeOf(item);
      const { ratio, low, high } = model.unitsRatio(item, priceRatio, 0.8);
      const away = errors80 * error;
      return {
        elasticity: { value: slope, low: slope - away, high: slope + away },
        units: { value: ratio, low, high },
      };
    },
  };
}
