import { chance, dayMs, normal } from "@trato/base";
import type { AssetEvent } from "../training/collect-assets.ts";
import { shopStartMs } from "./small-shop.ts";

/** Coffee machines, each serviced about every 60 days, and the sooner the more it is used. */
export function appliances(options: {
  readonly machines: number;
  readonly days: number;
  readonly seed: number;
}) {
  const draw = chance(options.seed);
  const untilMs = shopStartMs + options.days * dayMs;
  const events: AssetEvent[] = [];
  for (let machine = 0; machine < options.machines; machine++) {
    const cupsPerDay = 1 + 9 * draw();
    const about = { personId: `owner-${machine}`, assetId: `machine-${machine}`, sku: "coffee-machine" };
    const bought = shopStartMs + 30 * draw() * dayMs;
    const told = (what: AssetEvent["what"], timeMs: number, use: number | null = null): AssetEvent => {
      return { ...about, what, timeMs: Math.round(timeMs), boughtMs: null, use };
    };
    events.push(told("registered", bought), told("read", bought + dayMs, cupsPerDay));
    const gapDays = 120 / (1 + cupsPerDay / 5);
    for (let atMs = bought; ; ) {
      atMs += gapDays * Math.exp(0.15 * normal(draw)) * dayMs;
      if (atMs >= untilMs) break;
      events.push(told("cared", atMs), told("read", atMs, (cupsPerDay * (atMs - bought)) / dayMs));
    }
  }
  return events;
}
