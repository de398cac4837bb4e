import { dayMs, limits } from "@trato/base";
import type { Collected } from "../training/collect.ts";

/** Orders a day of one place and channel ("" where none was said), or of all ("" and "" with `isAll`). */
export type Daily = {
  readonly place: string;
  readonly channel: string;
  readonly isAll: boolean;
  /** The first day, a midnight of UTC; the days follow without a gap. */
  readonly fromMs: number;
  readonly values: Float64Array;
};

/** A log that ended so long ago is an old one: that nothing came since says nothing. */
const silentMs = 7 * dayMs;
const daysMost = 730;

const midnight = (ms: number): number => Math.floor(ms / dayMs) * dayMs;

/** The midnight before which all days are whole: today's, or that of the last order of a log that has ended. */
export function endOfDays({ orders, nowMs }: { readonly orders: Collected; readonly nowMs: number }): number {
  const { untilMs } = orders;
  return midnight(nowMs >= untilMs && nowMs - untilMs < silentMs ? nowMs : untilMs);
}

/**
 * Orders counted by place and channel in whole days of UTC, from the first order of each until `endMs`, two years at
 * most; those with most orders first, all together before them. At most `limits.dailySeriesMax`. Cost: a pass.
 */
export function dailySeries(orders: Collected, endMs: number): readonly Daily[] {
  const { basketOf, placeOf, channelOf, timeOf, places, channels } = orders;
  const seen = new Uint8Array(orders.basketCount);
  const counts = new Map<string, { place: number; channel: number; times: number[] }>();
  const all: number[] = [];
  for (let line = 0; line < basketOf.length; line++) {
    const basket = basketOf[line]!;
    if (seen[basket] === 1 || timeOf[line]! >= endMs || timeOf[line]! < endMs - daysMost * dayMs) continue;
    seen[basket] = 1;
    const [place, channel] = [placeOf[basket]!, channelOf[basket]!];
    const key = `${place}/${channel}`;
    const one = counts.get(key) ?? { place, channel, times: [] };
    counts.set(key, one);
    one.times.push(timeOf[line]!);
    all.push(timeOf[line]!);
  }
  const parts = [...counts.values()]
    .sort((a, b) => b.times.length - a.times.length || a.place - b.place || a.channel - b.channel)
    .slice(0, limits.dailySeriesMax)
    .map(({ place, channel, times }) => {
      const where = { place: places[place] ?? "", channel: channels[channel] ?? "", isAll: false };
      return { ...where, ...daysOf(times, endMs) };
    });
  return all.length === 0 ? [] : [{ place: "", channel: "", isAll: true, ...daysOf(all, endMs) }, ...parts];
}

function daysOf(times: readonly number[], endMs: number): Pick<Daily, "fromMs" | "values"> {
  const fromMs = midnight(times.reduce((first, ms) => Math.min(first, ms), endMs));
  const values = new Float64Array((endMs - fromMs) / dayMs);
  for (const ms of times) values[Math.floor((ms - fromMs) / dayMs)]! += 1;
  return { fromMs, values };
}
