import { assert } from "@trato/base";
import { appliances } from "./appliances.ts";
import type { Good } from "./good.ts";
import { groceries } from "./groceries.ts";
import { allNeeds, type NeedName } from "./needs.ts";

/** Everything the town's shop sells. */
export const goods: readonly Good[] = [...groceries, ...appliances];

const bySku = new Map(goods.map((good) => [good.sku, good]));
assert(bySku.size === goods.length, "no two goods share a sku");

/** The good of a sku that the town's shop sells. */
export function goodOf(sku: string): Good {
  const good = bySku.get(sku);
  assert(good !== undefined, `the shop sells ${sku}`);
  return good;
}

/** The same, or undefined for what it does not sell. */
export function findGood(sku: string): Good | undefined {
  return bySku.get(sku);
}

const inStock = goods.filter((good) => good.outOfStock !== true);
const byNeed = new Map(allNeeds.map((need) => [need, inStock.filter((good) => good.need === need)]));

/** What meets a need and can be bought, the usual choice first. */
export function goodsFor(need: NeedName): readonly Good[] {
  const found = byNeed.get(need) ?? [];
  assert(found.length > 0, `something meets the need for ${need}`);
  return found;
}

const treats = new Map(allNeeds.map((need) => [need, inStock.filter((good) => good.goesWith === need)]));

/** What is taken along when this need is met. */
export function treatsWith(need: NeedName): readonly Good[] {
  return treats.get(need) ?? [];
}

export const durables: readonly Good[] = inStock.filter((good) => good.lifeDays !== undefined);
