import type { Model } from "@trato/contract";
import type { ModelRow } from "../store.ts";

/** A model as it is answered, without its bytes. */
export function said(row: ModelRow): Model {
  const { version, family, champion, people, orders, items, card, drift } = row;
  const instant = (ms: number): string => new Date(ms).toISOString();
  const dataFrom = instant(row.fromMs);
  const dataUntil = instant(row.untilMs);
  return {
    version,
    family,
    champion,
    trainedAt: instant(row.trainedMs),
    dataFrom,
    dataUntil,
    people,
    orders,
    items,
    card,
    drift,
  };
}
