import { assert, dayMs, limits } from "@trato/base";
import {
  fitCountDemand,
  fitEnsemble,
  fitIntervals,
  fitTsb,
  type Intervals,
  intervalsFromBytes,
} from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import type { Collected } from "../training/collect.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import type { Family, Told } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { type SeriesOf, type Weekly, weeklySeries } from "./weeks.ts";

const recipes = {
  mean: (values: Float64Array, weeks: number) => flat(meanOf(values.slice(-usualWeeks)), weeks),
  tsb: (values: Float64Array, weeks: number) => fitTsb(values).forecast(weeks),
  ensemble: (values: Float64Array, weeks: number) => fitEnsemble(values).forecast(weeks),
} as const;
type Recipe = keyof typeof recipes;
/** The next so many weeks of a series. */
type Forecast = {
  readonly recipe: Recipe | "last week";
  ahead(values: Float64Array, weeks: number): Float64Array;
};

const usualWeeks = 13;
const weeksAhead = 4;
const weekMs = 7 * dayMs;
const seriesMin = 5;
const seriesMeasured = 500;

const meanOf = (values: Float64Array): number => fitCountDemand(values).mean;
const flat = (value: number, weeks: number): Float64Array => new Float64Array(weeks).fill(value);

/** How many of an item will be asked for at a place, week by week, with intervals as wide as past errors were. */
export const demand: Family = {
  name: "demand",
  reads: "orders",
  lack({ orders }) {
    const series = weeklySeries(orders).at(splitOf(orders)).length;
    if (series >= seriesMin) return null;
    const en = `It needs ${seriesMin} items sold at a place for eight weeks before the last ones; there are ${series}.`;
    const es = `Hacen falta ${seriesMin} artículos con ocho semanas de ventas; hay ${series}.`;
    return { en, es };
  },
  train: ({ orders }, champion, onProgress) => runContest(contestOf(orders), champion, onProgress),
  inputs: ({ orders }) =>
    Float64Array.from(weeklySeries(orders).at(orders.untilMs + 1), ({ values }) =>
      meanOf(values.slice(-weeksAhead)),
    ),
  since: ({ orders }, champion) => sinceOf(contestOf(orders), champion),
  forecast: ({ orders }, bytes) => tellWeeks(orders, bytes),
};

function contestOf(orders: Collected): Contest<Forecast> {
  const series = weeklySeries(orders);
  const by = (recipe: Recipe) => (): Forecast => ({ recipe, ahead: recipes[recipe] });
  const { fromMs, untilMs } = orders;
  return {
    family: "demand",
    ...{ fromMs, untilMs, splitMs: splitOf(orders) },
    counts: { people: orders.personCount, orders: orders.basketCount, items: orders.skus.length },
    recipes: { mean: by("mean"), tsb: by("tsb"), ensemble: by("ensemble") },
    yardsticks: {
      "last week": () => ({ recipe: "last week", ahead: (values, weeks) => flat(values.at(-1)!, weeks) }),
    },
    measure: (model, from, until) =>
      Float64Array.from(pastOf(series, model, from, until), ({ size, said, came }) => {
        const off = said.reduce((sum, value, week) => sum + Math.abs(value - came[week]!), 0);
        return off / (size * said.length);
      }),
    labels(from, until) {
      const asked = measuredOf(series, from, until);
      const countryOf = new Map(orders.places.map((place, at) => [place, orders.countryOfPlace[at]]));
      return (at) => {
        const country = countryOf.get(asked[at]!.place) ?? null;
        return country === null ? {} : { country };
      };
    },
    calibrate: (model, ms) => ({ bytes: errorsOf(pastOf(series, model, ms, untilMs + 1)).toBytes() }),
    toBytes: (_model, recipe, { bytes }) => packParts({ head: { recipe }, parts: [bytes!] }),
    standing: ({ bytes }) => ({ ...readDemand(bytes), ahead: recipes[readDemand(bytes).recipe] }),
  };
}

type Past = { readonly size: number; readonly said: Float64Array; readonly came: Float64Array };

const wholeWeeks = (fromMs: number, untilMs: number): number =>
  Math.min(weeksAhead, Math.floor((untilMs - fromMs) / weekMs));

/** The series that are measured on the whole weeks between two moments; none without a whole week. */
function measuredOf(series: SeriesOf, fromMs: number, untilMs: number): readonly Weekly[] {
  if (wholeWeeks(fromMs, untilMs) < 1) return [];
  const all = series.at(fromMs);
  const stride = Math.max(1, Math.ceil(all.length / seriesMeasured));
  return all.filter((_, at) => at % stride === 0);
}

/** What would have been said at a moment of some series, and what came in the whole weeks until another. */
function pastOf(series: SeriesOf, { ahead }: Forecast, fromMs: number, untilMs: number): Past[] {
  const weeks = wholeWeeks(fromMs, untilMs);
  return measuredOf(series, fromMs, untilMs).map(({ key, values }) => {
    const said = ahead(values, weeks).map((value) => Math.max(0, value));
    return { size: sizeOf(values), said, came: series.after(key, fromMs, weeks) };
  });
}

/** Errors are told in units of what usually sells, so that those of one series serve for another. */
const sizeOf = (values: Float64Array): number => 1 + meanOf(values.slice(-usualWeeks));

function errorsOf(past: readonly Past[]): Intervals {
  const errors = past.flatMap(({ size, said, came }) =>
    Array.from(said, (value, week) => ({ ahead: week + 1, said: value / size, came: came[week]! / size })),
  );
  return fitIntervals(errors.length === 0 ? [{ ahead: 1, said: 0, came: 1 }] : errors);
}

/** What a kept model of this family says. */
export function readDemand(bytes: Uint8Array): { readonly recipe: Recipe; readonly intervals: Intervals } {
  const { head, parts } = unpackParts(bytes);
  const { recipe } = head;
  assert(typeof recipe === "string" && Object.hasOwn(recipes, recipe), "a model of demand names its recipe");
  assert(parts.length === 1, "a model of demand has its past errors");
  return { recipe: recipe as Recipe, intervals: intervalsFromBytes(parts[0]!) };
}

/** The next weeks of every series, with 10 %, 50 % and 90 % points. */
function tellWeeks(orders: Collected, bytes: Uint8Array): Told[] {
  const { recipe, intervals } = readDemand(bytes);
  const endMs = orders.untilMs + 1;
  return weeklySeries(orders)
    .at(endMs)
    .flatMap(({ sku, place, values }) => {
      const size = sizeOf(values);
      return Array.from(recipes[recipe](values, weeksAhead), (value, week) => {
        const median = Math.max(0, value);
        const { low, high } = intervals.around(median / size, week + 1, 0.8);
        const weekStartMs = endMs + week * weekMs;
        const points = [Math.max(0, low * size), median, Math.max(0, high * size)].sort((a, b) => a - b);
        return { sku, place, weekMs: weekStartMs, low: points[0]!, median: points[1]!, high: points[2]! };
      });
    })
    .slice(0, limits.demandSeriesMax * weeksAhead);
}
