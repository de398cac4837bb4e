import { type Chance, dayMs, hourMs } from "@trato/base";
import { logNormal, pickWeighted } from "./draw.ts";

/** Ecuador's time all year round. */
const zoneMs = -5 * hourMs;

/** RFC 3339 with the town's offset. */
export function instant(ms: number): string {
  return `${new Date(ms + zoneMs).toISOString().slice(0, 23)}-05:00`;
}

/** The weekday (0 is Sunday), hour and minute on the town's clocks. */
export function localTime(ms: number): { weekday: number; hour: number; minute: number } {
  const local = new Date(ms + zoneMs);
  return { weekday: local.getUTCDay(), hour: local.getUTCHours(), minute: local.getUTCMinutes() };
}

/** How much people do in each hour of the day; stores are open from 8 to 21. */
const online = byHour([
  3, 1, 0.5, 0.5, 0.5, 1, 3, 7, 9, 10, 10, 10, 12, 12, 10, 9, 9, 10, 12, 16, 18, 18, 14, 7,
]);
const inStores = byHour([0, 0, 0, 0, 0, 0, 0, 0, 4, 8, 11, 12, 9, 7, 7, 8, 11, 15, 16, 13, 7, 0, 0, 0]);

/**
 * When somebody comes next: some `medianDays` after `lastMs`, moved to an hour that people keep.
 * Always at least an hour later.
 */
export function nextVisitMs(
  draw: Chance,
  given: { lastMs: number; medianDays: number; sigma: number; where: "online" | "store" },
): number {
  const gapMs = logNormal(draw, { median: given.medianDays, sigma: given.sigma }) * dayMs;
  const midnightMs = Math.floor((given.lastMs + gapMs + zoneMs) / dayMs) * dayMs - zoneMs;
  const weights = given.where === "online" ? online : inStores;
  const hour = pickWeighted(draw, weights);
  const atMs = midnightMs + Math.floor((hour + draw()) * hourMs);
  return atMs >= given.lastMs + hourMs ? atMs : atMs + dayMs;
}

function byHour(weights: readonly number[]): readonly (readonly [hour: number, weight: number])[] {
  return [...weights.entries()];
}
