import { dayMs } from "@trato/base";
import type { Daily } from "./days.ts";

/** Nobody labels a shop's bad days: detectors are measured by incidents that are made up, which every shop knows. */
const incidents = [
  { name: "no orders for two days", days: 2, times: 0 },
  { name: "three times the orders for a day", days: 1, times: 3 },
  { name: "two fifths of the orders for a week", days: 7, times: 0.4 },
] as const;
const everyDays = 7;
/** Detectors that need more than half a year to learn are of no use to a shop. */
const historyDays = 182;

export type MadeUp = {
  readonly series: Daily;
  readonly incident: (typeof incidents)[number];
  /** What came: the history, and from `begins` on the days that are measured. */
  readonly values: Float64Array;
  readonly begins: number;
  /** The day with which the incident begins. */
  readonly at: number;
};

/** Each incident at each week of the whole days between two moments, in every series that has a history before. */
export function made(parts: readonly Daily[], fromMs: number, untilMs: number): readonly MadeUp[] {
  return parts.flatMap((series) => {
    const first = Math.ceil((fromMs - series.fromMs) / dayMs);
    const end = Math.min(series.values.length, Math.floor((untilMs - series.fromMs) / dayMs));
    if (first < 28 || end - first < 7) return [];
    const start = Math.max(0, first - historyDays);
    const values = series.values.slice(start, end);
    const begins = first - start;
    return incidents.flatMap((incident) => {
      const weeks = Math.floor((end - first - incident.days) / everyDays) + 1;
      const all = Array.from({ length: Math.max(0, weeks) }, (_, week): MadeUp => {
        return { series, incident, values, begins, at: begins + week * everyDays };
      });
      // On days without an order, such as a shop's Sundays, nothing is less or more.
      return all.filter(({ at }) => values.subarray(at, at + incident.days).some((value) => value > 0));
    });
  });
}

/** The days as they would have come with the incident. */
export const madeUp = ({ values, at, incident }: MadeUp): Float64Array =>
  values.map((value, day) => {
    return day >= at && day < at + incident.days ? Math.round(value * incident.times) : value;
  });
