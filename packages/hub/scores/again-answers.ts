import { limits } from "@trato/base";
import { againScores } from "./families/again.ts";
import { readBasket } from "./families/basket.ts";
import { scoresHorizonDays } from "./horizon.ts";
import type { Scores } from "./view.ts";

/** What the family "basket" answers: the chance that what was bought is bought again soon. */
export function againAnswers(bytes: Uint8Array): Scores["again"] {
  const { skus, blend, calibrator } = readBasket(bytes);
  const indexOf = new Map(skus.map((sku, item) => [sku, item]));
  return (asked, { bought, lastOrder }, { nowMs, horizonDays }) => {
    if (horizonDays !== scoresHorizonDays) return null;
    const known = asked.filter((sku) => indexOf.has(sku) && bought.has(sku));
    const last = lastOrder.slice(0, limits.againSeedsMax).flatMap((sku) => indexOf.get(sku) ?? []);
    const history = {
      items: known.map((sku) => indexOf.get(sku)!),
      stats: known.map((sku) => bought.get(sku)!),
      lastBasket: last,
    };
    const scores = againScores(blend, history, nowMs);
    return new Map(known.map((sku, i) => [sku, calibrator.chance(scores[i]!)]));
  };
}
