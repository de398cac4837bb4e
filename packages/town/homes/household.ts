import { type Chance, chance, hash32, pick } from "@trato/base";
import { between, happens, logNormal, pickSome, pickWeighted } from "../draw.ts";
import { allNeeds, type NeedName, needs } from "../goods/needs.ts";
import { durables, goodsFor } from "../goods/shelf.ts";
import { type Member, makeMember } from "./member.ts";
import { lastNames } from "./names.ts";

export const stores = ["quito-norte", "quito-sur", "guayaquil-centro", "cuenca"] as const;
const cities = {
  "quito-norte": "Quito",
  "quito-sur": "Quito",
  "guayaquil-centro": "Guayaquil",
  cuenca: "Cuenca",
} as const;

/** Something the household uses up: the truth that a rhythm model has to find from purchases. */
export type Need = {
  readonly name: NeedName;
  /** Days one purchase lasts: half of the times less than `medianDays`; `sigma` is the spread of the logarithm. */
  readonly medianDays: number;
  readonly sigma: number;
  readonly quantity: number;
  /** What they usually take, and how often they take it when there is a choice. */
  readonly sku: string;
  readonly loyalty: number;
  /** The chance that they buy it here, not elsewhere, on a visit to shop, when nobody reminded them. */
  readonly hereShare: number;
};

/** A household as it is; what happens to it is its `Life`. */
export type Household = {
  readonly number: number;
  readonly seed: number;
  readonly name: string;
  readonly size: number;
  readonly store: (typeof stores)[number];
  readonly city: string;
  readonly members: readonly [Member, ...Member[]];
  readonly needs: readonly Need[];
  /** How much a lower price moves them, 0 to 1. */
  readonly priceSense: number;
  readonly shopDays: number;
  readonly lookDays: number;
  /** The appliance they have an eye on. */
  readonly dream: string | null;
};

/** The same household for the same seed and number, however many others there are. */
export function makeHousehold(town: { readonly seed: number; readonly number: number }): Household {
  const seed = hash32(`${town.seed}/household/${town.number}`);
  const draw = chance(seed);
  const size = pickWeighted(draw, [[1, 2], [2, 4], [3, 5], [4, 5], [5, 2], [6, 1]]); // biome-ignore format: a table
  const name = pick(draw, lastNames);
  const store = pick(draw, stores);
  const priceSense = draw();
  const adults = size === 1 ? 1 : pickWeighted(draw, [[1, 4], [2, 5], [3, 1]]); // biome-ignore format: a table
  const member = (memberNumber: number) =>
    makeMember(draw, { householdNumber: town.number, memberNumber, lastName: name });
  return {
    number: town.number,
    seed,
    name,
    size,
    store,
    city: cities[store],
    members: [member(0), ...Array.from({ length: adults - 1 }, (_, i) => member(i + 1))],
    needs: makeNeeds(draw, { size, priceSense }),
    priceSense,
    shopDays: logNormal(draw, { median: 2.6, sigma: 0.3 }),
    lookDays: logNormal(draw, { median: 3.5, sigma: 0.5 }),
    dream: happens(draw, 0.4) ? pick(draw, durables).sku : null,
  };
}

const needsMax = 16;

function makeNeeds(draw: Chance, home: { size: number; priceSense: number }): Need[] {
  const wanted = allNeeds.filter((name) => happens(draw, needs[name].share));
  const pace = logNormal(draw, { median: 1.5 / (0.6 + 0.3 * home.size), sigma: 0.15 });
  return pickSome(draw, wanted, needsMax).map((name) => {
    const [usual, ...others] = goodsFor(name);
    const cheapest = [usual!, ...others].reduce((a, b) => (b.priceMinor < a.priceMinor ? b : a));
    const other = others.length > 0 && happens(draw, 0.35) ? pick(draw, others) : usual!;
    return {
      name,
      medianDays: Math.max(3, needs[name].days * logNormal(draw, { median: pace, sigma: 0.2 })),
      sigma: between(draw, 0.12, 0.35),
      quantity: needs[name].days < 10 && home.size > 3 ? 2 : 1,
      sku: happens(draw, home.priceSense * 0.4) ? cheapest.sku : other.sku,
      loyalty: between(draw, 0.75, 0.99),
      hereShare: between(draw, 0.55, 0.92),
    };
  });
}
