import { assert, dayMs, limits } from "@trato/base";
import { type Detector, knnConformal, type Usual, usualCount, watch } from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import type { Facts, Family, Strange } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { type Daily, dailySeries, endOfDays } from "./days.ts";
import { made, madeUp } from "./made-up-incidents.ts";

const recipes = {
  usual: () => usualCount(),
  watch: () => watch({ warmupRows: 56, seasonRows: 7, restRows: 6 }),
  stretches: () => knnConformal({ warmupRows: 84, length: 7, neighbours: 10 }),
} as const;
type Recipe = keyof typeof recipes;
export type Watcher = () => Pick<Detector, "next">;

const told = 0.5;
const daysMin = 56;
const seriesMeasured = 100;

/** On which days a place or a channel had strangely few or many orders. */
export const anomaly: Family = {
  name: "anomaly",
  reads: "orders",
  lack(facts) {
    const splitMs = splitOf(facts.orders);
    if (partsOf(facts).some(({ fromMs }) => splitMs - fromMs >= daysMin * dayMs)) return null;
    const en = `It needs ${daysMin} days of orders of a place or channel before the last ones, and has fewer.`;
    const es = `Hacen falta ${daysMin} días de pedidos de un lugar o canal, y hay menos.`;
    return { en, es };
  },
  train: (facts, champion, onProgress) => runContest(contestOf(facts), champion, onProgress),
  inputs: (facts) => Float64Array.from(partsOf(facts), ({ values }) => meanOf(values.slice(-28))),
  since: (facts, champion) => sinceOf(contestOf(facts), champion),
  strange: (facts, bytes) => strangeDays(facts, recipes[readAnomaly(bytes)]),
};

const meanOf = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
const partsOf = (facts: Facts): readonly Daily[] =>
  dailySeries(facts.orders, endOfDays(facts)).filter(({ isAll }) => !isAll);

function contestOf(facts: Facts): Contest<Watcher> {
  const { orders } = facts;
  const { fromMs, untilMs } = orders;
  const parts = partsOf(facts).slice(0, seriesMeasured);
  const by = (recipe: Recipe) => (): Watcher => recipes[recipe];
  return {
    family: "anomaly",
    ...{ fromMs, untilMs, splitMs: splitOf(orders) },
    counts: { people: orders.personCount, orders: orders.basketCount, items: orders.skus.length },
    recipes: { usual: by("usual"), watch: by("watch"), stretches: by("stretches") },
    yardsticks: { "three deviations": () => threeDeviations },
    measure: (watcher, from, until) =>
      Float64Array.from(made(parts, from, until), (one) => worthOf(watcher, one)),
    labels(from, until) {
      const asked = made(parts, from, until);
      const countryOf = new Map(orders.places.map((place, at) => [place, orders.countryOfPlace[at]]));
      return (at) => {
        const { place, channel } = asked[at]!.series;
        const country = countryOf.get(place) ?? null;
        return { ...(country === null ? {} : { country }), ...(channel === "" ? {} : { channel }) };
      };
    },
    toBytes: (_watcher, recipe) => packParts({ head: { recipe }, parts: [] }),
    standing: ({ bytes }) => recipes[readAnomaly(bytes)],
  };
}

/** The way most begin with: a month's mean, give or take three standard deviations. */
const threeDeviations: Watcher = () => {
  const last: number[] = [];
  return {
    next(value) {
      const mean = last.reduce((a, b) => a + b, 0) / last.length;
      const variance = last.reduce((sum, one) => sum + (one - mean) ** 2, 0) / last.length;
      const isStrange = last.length === 28 && Math.abs(value - mean) > 3 * Math.sqrt(variance);
      last.push(value);
      if (last.length > 28) last.shift();
      return isStrange ? 1 : 0;
    },
  };
};

/** 1 when the incident is told of while it lasts, less a tenth for every alarm a month without it, at most one. */
function worthOf(watcher: Watcher, one: ReturnType<typeof made>[number]): number {
  const alarms = (values: ArrayLike<number>): boolean[] => {
    const detector = watcher();
    return Array.from(values, (value) => detector.next(value) >= told);
  };
  const undisturbed = alarms(one.values).slice(one.begins);
  const disturbed = alarms(madeUp(one));
  const isTold = disturbed.slice(one.at, one.at + one.incident.days).includes(true);
  const falseAlarms = undisturbed.filter((alarm) => alarm).length;
  return (isTold ? 1 : 0) - Math.min(1, (0.1 * falseAlarms * 30) / undisturbed.length);
}

/** What a kept model of this family says: the name of a way to watch; what it has seen is read again each time. */
function readAnomaly(bytes: Uint8Array): Recipe {
  const { recipe } = unpackParts(bytes).head;
  assert(
    typeof recipe === "string" && Object.hasOwn(recipes, recipe),
    "a model of anomalies names its recipe",
  );
  return recipe as Recipe;
}

/** The strange days of the last while, of every place and channel and, where there are several, of all together. */
function strangeDays(facts: Facts, watcher: Watcher): Strange[] {
  const endMs = endOfDays(facts);
  const series = dailySeries(facts.orders, endMs);
  const strange: Strange[] = [];
  for (const { place, channel, isAll, fromMs, values } of series) {
    if (isAll && series.length === 2) continue;
    const [detector, usual] = [watcher(), usualCount()];
    for (const [day, seen] of values.entries()) {
      const dayFromMs = fromMs + day * dayMs;
      const range: Usual | null = dayFromMs < endMs - limits.anomalyDays * dayMs ? null : usual.usual();
      usual.next(seen);
      const score = detector.next(seen);
      if (score < told || range === null) continue;
      strange.push({ place, channel, isAll, dayMs: dayFromMs, seen, ...range, score });
    }
  }
  return strange;
}
