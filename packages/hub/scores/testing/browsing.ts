import { chance, minuteMs, pickInt } from "@trato/base";
import type { Browsed } from "../training/collect-visits.ts";
import { shopStartMs } from "./small-shop.ts";

export const trailLength = 12;
export const trailItem = (at: number): string => `trail-${at % trailLength}`;

/** People who look at things along one trail, each beginning somewhere; a few buy the third thing they looked at. */
export function browsing(options: {
  readonly visits: number;
  readonly days: number;
  readonly seed: number;
}): Browsed[] {
  const draw = chance(options.seed);
  return Array.from({ length: options.visits }, (_, visit) => {
    const startMs = shopStartMs + Math.floor(((visit + draw()) / options.visits) * options.days * 86_400_000);
    const first = pickInt(draw, trailLength);
    const views = Array.from({ length: 2 + pickInt(draw, 4) }, (_, step) => ({
      sku: trailItem(first + step),
      timeMs: startMs + step * minuteMs,
      channel: visit % 3 === 0 ? "web" : "pos",
    }));
    const bought = views[2];
    const buys = bought !== undefined && draw() < 0.2;
    return {
      personId: `visitor-${visit}`,
      views,
      boughtMs: new Map(buys ? [[bought.sku, bought.timeMs + minuteMs]] : []),
    };
  });
}
