import { assert, dayMs, limits } from "@trato/base";
import {
  type Buyer,
  type BuyersOf,
  buyersFrom,
  fitBgNbd,
  fitGammaGamma,
  fitMbgCnbd,
  fitParetoNbd,
  type GammaGamma,
  gammaGammaFromBytes,
  type Lifetime,
  lifetimeFromBytes,
} from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import type { Collected } from "../training/collect.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import { labelsOfPersons } from "../training/estimates.ts";
import type { Family, Scored } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { lackOfOrders } from "./purchases/index.ts";

/** The chance that a buyer comes within a horizon in weeks. */
type Expecting = { comes(buyer: Buyer, horizonWeeks: number): number; readonly model?: Lifetime };
const expecting = (model: Lifetime): Expecting => ({
  model,
  comes: (buyer, weeks) => model.chances(buyer, weeks)[0] ?? 0,
});

export const weekMs = 7 * dayMs;
export const lifetimeHorizonDays = 90;
/** With fewer buyers who came back, what they spend says little. */
const spendersMin = 30;

/** Who still comes, how often they will come and for how much. */
export const lifetime: Family = {
  name: "lifetime",
  reads: "orders",
  lack({ orders }) {
    const lacking = lackOfOrders(orders);
    if (lacking !== null) return lacking;
    const { repeats } = buyersAt(orders, splitOf(orders));
    const back = repeats.filter((count) => count > 0).length;
    if (back >= limits.trainingPeopleMin) return null;
    const en = `It needs ${limits.trainingPeopleMin} people who came back on another day; there are ${back}.`;
    const es = `Hacen falta ${limits.trainingPeopleMin} personas que volvieran otro día; hay ${back}.`;
    return { en, es };
  },
  train: ({ orders }, champion, onProgress) => runContest(contestOf(orders), champion, onProgress),
  inputs: ({ orders }) => buyersAt(orders, orders.untilMs + 1).repeats,
  since: ({ orders }, champion) => sinceOf(contestOf(orders), champion),
  score: ({ orders, nowMs }, bytes) => scorePersons(orders, bytes, nowMs),
};

function contestOf(orders: Collected): Contest<Expecting> {
  const { skus, fromMs, untilMs, personCount, basketCount } = orders;
  const learnt = (fit: (buyers: BuyersOf) => Lifetime) => (ms: number) =>
    expecting(fit(buyersAt(orders, ms)));
  const measuredAt = (ms: number) => {
    const { personOf } = buyersAt(orders, ms);
    const stride = Math.ceil(personOf.length / limits.trainingMeasuredPeopleMax);
    return [...personOf.keys()].filter((row) => row % stride === 0);
  };
  return {
    family: "lifetime",
    ...{ fromMs, untilMs, splitMs: splitOf(orders) },
    counts: { people: personCount, orders: basketCount, items: skus.length },
    recipes: {
      "bg-nbd": learnt(fitBgNbd),
      "mbg-cnbd-k": learnt((buyers) => fitMbgCnbd(buyers)),
      "pareto-nbd": learnt(fitParetoNbd),
    },
    yardsticks: { "as before": () => ({ comes: asBefore }) },
    measure({ comes }, from, until) {
      const buyers = buyersAt(orders, from);
      const came = cameWithin(orders, from, until);
      const weeks = (until - from) / weekMs;
      return Float64Array.from(measuredAt(from), (row) => {
        const chance = comes(buyerOf(buyers, row), weeks);
        const right = came.has(buyers.personOf[row]!) ? chance : 1 - chance;
        return -Math.log(Math.min(1, Math.max(chanceMin, right)));
      });
    },
    labels(from, until) {
      const { personOf } = buyersAt(orders, from);
      const rows = measuredAt(from);
      const of = labelsOfPersons(orders, until);
      return (at) => of(personOf[rows[at]!]!);
    },
    toBytes({ model }, recipe) {
      assert(model !== undefined, "what is kept has learnt something");
      const { spending, currency } = spendingOf(orders);
      const parts = [model.toBytes(), ...(spending === null ? [] : [spending.toBytes()])];
      return packParts({ head: { recipe, currency }, parts });
    },
    standing: ({ bytes }) => expecting(readLifetime(bytes).model),
    settings: ({ model }) => model?.parameters ?? {},
  };
}

/** Nobody is that sure: one surprise would count more than a thousand people. */
export const chanceMin = 1e-3;

/** Whoever came so often in so long goes on like that; everybody is given a visit in a year beforehand. */
export const asBefore: Expecting["comes"] = ({ repeats, age }, weeks) =>
  1 - Math.exp((-(repeats + 1) / (age + 52)) * weeks);

/** Who purchased in [fromMs, untilMs). */
export function cameWithin(
  { personOf, timeOf }: Collected,
  fromMs: number,
  untilMs: number,
): ReadonlySet<number> {
  const came = new Set<number>();
  for (const [line, timeMs] of timeOf.entries()) {
    if (timeMs >= fromMs && timeMs < untilMs) came.add(personOf[line]!);
  }
  return came;
}

export const buyerOf = ({ repeats, recency, age }: BuyersOf, row: number): Buyer => ({
  repeats: repeats[row]!,
  recency: recency[row]!,
  age: age[row]!,
});

/** The buyers before a moment, with what they spend in the currency that most orders are in. */
export function buyersAt(orders: Collected, untilMs: number): BuyersOf {
  const { personOf, timeOf } = firstLines(orders);
  return buyersFrom({ personOf, timeOf }, { untilMs, unitMs: weekMs });
}

/** One row for each basket: its person and time, and what it cost if that was in the main currency. */
function firstLines(orders: Collected) {
  const { basketCount, basketOf, personOf, timeOf, amountOf, currencyOf } = orders;
  const persons = new Int32Array(basketCount);
  const times = new Float64Array(basketCount).fill(Number.POSITIVE_INFINITY);
  for (const [line, basket] of basketOf.entries()) {
    persons[basket] = personOf[line]!;
    times[basket] = Math.min(times[basket]!, timeOf[line]!);
  }
  const main = mainCurrency(orders);
  const amounts = amountOf.map((minor, basket) => (currencyOf[basket] === main && minor > 0 ? minor : 0));
  return { personOf: persons, timeOf: times, amountOf: amounts };
}

function mainCurrency({ currencyOf, currencies }: Collected): number {
  const counts = currencies.map(() => 0);
  for (const currency of currencyOf) if (currency >= 0) counts[currency]! += 1;
  return counts.reduce((best, count, at) => (count > (counts[best] ?? -1) ? at : best), 0);
}

/** What a purchase day is worth to the shop, by buyer; null when too few came back with a value. */
function spendingOf(orders: Collected): {
  readonly spending: GammaGamma | null;
  readonly currency: string | null;
} {
  const { repeats, meanValue } = valuedBuyers(orders, orders.untilMs + 1);
  const currency = orders.currencies[mainCurrency(orders)] ?? null;
  const purchases = repeats.map((count, row) => (meanValue[row]! > 0 ? count : 0));
  if (purchases.filter((count) => count > 0).length < spendersMin) return { spending: null, currency };
  return { spending: fitGammaGamma({ purchases, meanValue }), currency };
}

const valuedBuyers = (orders: Collected, untilMs: number): BuyersOf =>
  buyersFrom(firstLines(orders), { untilMs, unitMs: weekMs });

/** What a kept model of this family says. */
export function readLifetime(bytes: Uint8Array) {
  const { head, parts } = unpackParts(bytes);
  const [model, spending] = parts;
  assert(model !== undefined, "a model of lifetimes has a lifetime");
  const { currency } = head;
  return {
    model: lifetimeFromBytes(model),
    spending: spending === undefined ? null : gammaGammaFromBytes(spending),
    currency: typeof currency === "string" ? currency : null,
  };
}

/** What each person is expected to do from now on. */
function scorePersons(orders: Collected, bytes: Uint8Array, nowMs: number): Scored[] {
  const { model, spending, currency } = readLifetime(bytes);
  const untilMs = Math.max(nowMs, orders.untilMs + 1);
  const buyers = valuedBuyers(orders, untilMs);
  const weeks = lifetimeHorizonDays / 7;
  return Array.from(buyers.personOf, (person, row) => {
    const buyer = buyerOf(buyers, row);
    const expected = model.expected(buyer, weeks);
    const each = buyers.meanValue[row]! > 0 ? buyer.repeats : 0;
    const value = spending === null ? null : expected * spending.expected(each, buyers.meanValue[row]!);
    return {
      person,
      subject: "",
      score: {
        alive: rounded(model.alive(buyer)),
        purchases: rounded(expected),
        horizonDays: lifetimeHorizonDays,
        ...(value === null || currency === null ? {} : { valueMinor: Math.round(value), currency }),
        repeats: buyer.repeats,
        usualGapDays: buyer.repeats === 0 ? null : rounded((buyer.recency * 7) / buyer.repeats),
        silentDays: rounded((buyer.age - buyer.recency) * 7),
      },
    };
  });
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
