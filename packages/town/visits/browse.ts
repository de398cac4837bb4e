import { happens } from "../draw.ts";
import { findGood } from "../goods/shelf.ts";
import type { Scribe } from "./scribe.ts";
import type { Shown } from "./shown.ts";
import type { Visit } from "./visit.ts";

/** Says what was really seen of a decision: only that counts. */
export function expose(scribe: Scribe, seen: readonly Shown[]): void {
  for (const { decisionId, placement, rank, key, sku, offerId } of seen) {
    scribe.say("decision.exposed", {
      decisionId,
      placement,
      rank,
      key,
      ...(sku === undefined ? {} : { sku }),
      ...(offerId === undefined ? {} : { offer: offerId }),
    });
  }
  if (seen.length > 0) scribe.wait(3);
}

/** Looks at some things on the site or in the app; returns which of the things shown were clicked. */
export function browse(visit: Visit, seen: readonly Shown[]): Shown[] {
  if (visit.channel === "pos") return [];
  const clicked = seen.filter((one) => happens(visit.draw, clickChance(visit, one)));
  for (const { decisionId, key, sku } of clicked) {
    visit.scribe.say("decision.outcome", { decisionId, outcome: "clicked", key });
    if (sku !== undefined) view(visit, sku);
  }
  for (const sku of visit.looksAt) view(visit, sku);
  return clicked;
}

function clickChance({ wanted, life }: Visit, { sku }: Shown): number {
  if (sku === undefined) return 0.03;
  const need = findGood(sku)?.need;
  if (need !== undefined && wanted.some((one) => one.need.name === need)) return 0.35;
  return sku === life.dream ? 0.4 : 0.05;
}

function view({ scribe, draw }: Visit, sku: string): void {
  const good = findGood(sku);
  if (good === undefined) return;
  const { es: title, category, priceMinor } = good;
  scribe.wait(5 + 30 * draw());
  scribe.say("item.viewed", { sku, title, category, priceMinor, currency: "USD" });
}
