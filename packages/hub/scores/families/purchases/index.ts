import { dayMs, limits } from "@trato/base";
import type { Words } from "@trato/contract";
import { basketsBetween, basketsFrom, evaluateNextBasket, historiesFrom } from "@trato/predict";
import type { Collected } from "../../training/collect.ts";
import type { Champion, Family, Since } from "../../training/family.ts";
import { standingRanker } from "./contender.ts";
import { fitAndMeasure } from "./fit.ts";
import { measuredBaskets } from "./measure.ts";

/** What goes with what, and when it is due again: popularity, affinity and rhythm, and the blend that ranks with them. */
export const purchases: Family = {
  name: "purchases",
  reads: "orders",
  lack: ({ orders }) => lackOfOrders(orders),
  train: ({ orders }, champion, onProgress) => fitAndMeasure(orders, champion, onProgress),
  inputs: ({ orders }) => recencyDays(orders),
  since: ({ orders }, champion) => sinceOfPurchases(orders, champion),
};

/** What is missing before anything can be learnt from orders; null when there is enough. */
export function lackOfOrders({ personCount, basketCount, fromMs, untilMs }: Collected): Words | null {
  const { trainingPeopleMin: people, trainingOrdersMin: orders } = limits;
  if (personCount < people || basketCount < orders) {
    return {
      en: `Training needs ${orders} orders of ${people} people; there are ${basketCount} of ${personCount}.`,
      es: `Entrenar requiere ${orders} compras de ${people} personas; hay ${basketCount} de ${personCount}.`,
    };
  }
  if (untilMs > fromMs) return null;
  return {
    en: "All orders have the same time, so nothing can be foretold.",
    es: "Todas las compras tienen la misma hora, así que no se puede predecir nada.",
  };
}

/** For each person, the days from their last purchase to the end of what is known. */
export function recencyDays({ personOf, timeOf, personCount, untilMs }: Collected): Float64Array {
  const lastMs = new Float64Array(personCount).fill(Number.NEGATIVE_INFINITY);
  for (const [line, person] of personOf.entries()) lastMs[person] = Math.max(lastMs[person]!, timeOf[line]!);
  return lastMs.map((ms) => (untilMs - ms) / dayMs);
}

function sinceOfPurchases(orders: Collected, champion: Champion): Since {
  const splitMs = champion.untilMs + 1;
  const endMs = splitMs + champion.measuredMs;
  if (endMs > orders.untilMs + 1) return null;
  const { personCount, skus } = orders;
  const all = basketsFrom(orders, { personCount, itemCount: skus.length });
  const train = basketsBetween(all, Number.NEGATIVE_INFINITY, splitMs);
  const test = measuredBaskets(train, basketsBetween(all, splitMs, endMs));
  if (test === null) return { values: new Float64Array() };
  const histories = historiesFrom(train);
  const ranker = standingRanker(champion.bytes, { skus, histories, splitMs });
  const [report] = evaluateNextBasket({ train, test, rankers: [ranker], k: 10 }).rankers;
  return { values: report!.recallOf };
}
