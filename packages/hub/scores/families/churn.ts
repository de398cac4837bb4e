import { assert, dayMs, limits } from "@trato/base";
import { type Churn, churnFromBytes, fitChurn, fitMbgCnbd, type Lifetime, personTable } from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import type { Collected } from "../training/collect.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import { labelsOfPersons } from "../training/estimates.ts";
import type { Family, Scored } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { type BasketsOf, basketsOf } from "./items.ts";
import { asBefore, buyerOf, buyersAt, cameWithin, chanceMin, weekMs } from "./lifetime.ts";
import { lackOfOrders, recencyDays } from "./purchases/index.ts";

/** The chance that a person orders within [fromMs, untilMs), of what was known at `fromMs`. */
type Returning = {
  returns(fromMs: number, untilMs: number): (person: number) => number;
  readonly model?: Churn;
};

/** With fewer who came, or fewer who did not, trees would learn the few by heart. */
const eachSideMin = 10;

/** Who will order again within the horizon: as long a time as is kept aside to measure. */
export const churn: Family = {
  name: "churn",
  reads: "orders",
  lack({ orders }) {
    const lacking = lackOfOrders(orders);
    if (lacking !== null) return lacking;
    const { came, stayedAway } = sidesOf(orders);
    if (Math.min(came, stayedAway) >= eachSideMin) return null;
    return {
      en: `It needs ${eachSideMin} people who came back in time and ${eachSideMin} who did not; there are ${came} and ${stayedAway}.`,
      es: `Hacen falta ${eachSideMin} personas que volvieran a tiempo y ${eachSideMin} que no; hay ${came} y ${stayedAway}.`,
    };
  },
  train: ({ orders }, champion, onProgress) => runContest(contestOf(orders), champion, onProgress),
  inputs: ({ orders }) => recencyDays(orders),
  since: ({ orders }, champion) => sinceOf(contestOf(orders), champion),
  score: ({ orders, nowMs }, bytes) => scorePersons(orders, bytes, nowMs),
};

const horizonOf = (orders: Collected): number => orders.untilMs - splitOf(orders);

/** Of whoever had bought a horizon before the split, who came until then and who did not. */
function sidesOf(orders: Collected): { readonly came: number; readonly stayedAway: number } {
  const splitMs = splitOf(orders);
  const fromMs = splitMs - horizonOf(orders);
  const back = cameWithin(orders, fromMs, splitMs);
  const { personOf } = buyersAt(orders, fromMs);
  const came = personOf.filter((person) => back.has(person)).length;
  return { came, stayedAway: personOf.length - came };
}

function contestOf(orders: Collected): Contest<Returning> {
  const { skus, fromMs, untilMs, personCount, basketCount } = orders;
  const baskets = basketsOf(orders);
  const horizonMs = horizonOf(orders);
  const measuredAt = (ms: number) => {
    const { personOf } = buyersAt(orders, ms);
    const stride = Math.ceil(personOf.length / limits.trainingMeasuredPeopleMax);
    return [...personOf].filter((_, row) => row % stride === 0);
  };
  return {
    family: "churn",
    ...{ fromMs, untilMs, splitMs: splitOf(orders) },
    counts: { people: personCount, orders: basketCount, items: skus.length },
    recipes: {
      trees: (ms) => byTrees(baskets, fitChurn(baskets.before(ms), { untilMs: ms, horizonMs })),
    },
    yardsticks: {
      "as before": () => byBuyers(orders, asBefore),
      lifetime: (ms) => byLifetime(orders, fitMbgCnbd(buyersAt(orders, ms))),
    },
    measure({ returns }, from, until) {
      const came = cameWithin(orders, from, until);
      const chanceOf = returns(from, until);
      return Float64Array.from(measuredAt(from), (person) => {
        const chance = chanceOf(person);
        return -Math.log(Math.min(1, Math.max(chanceMin, came.has(person) ? chance : 1 - chance)));
      });
    },
    labels(from, until) {
      const persons = measuredAt(from);
      const of = labelsOfPersons(orders, until);
      return (at) => of(persons[at]!);
    },
    toBytes({ model }, recipe) {
      assert(model !== undefined, "what is kept has learnt something");
      return packParts({ head: { recipe }, parts: [model.toBytes()] });
    },
    standing: ({ bytes }) => byTrees(baskets, readChurn(bytes)),
    settings: ({ model }) => (model === undefined ? {} : { horizonDays: model.horizonMs / dayMs }),
  };
}

/** Asked about another time than its horizon, a model is taken to expect the same of every day. */
function byTrees(baskets: BasketsOf, model: Churn): Returning {
  return {
    model,
    returns(fromMs, untilMs) {
      const chances = new Map<number, number>();
      const share = (untilMs - fromMs) / model.horizonMs;
      eachPerson(baskets, fromMs, (person, row) => {
        chances.set(person, 1 - (1 - model.returns(row)) ** share);
      });
      return (person) => chances.get(person) ?? 0;
    },
  };
}

/** Hands out what `personColumns` name of each person who had bought by then; the row is used again. */
function eachPerson(baskets: BasketsOf, ms: number, tell: (person: number, row: Float64Array) => void): void {
  const { persons, table } = personTable(baskets.all, ms);
  const row = new Float64Array(table.columns.length);
  for (const [at, person] of persons.entries()) {
    for (const [column, { values }] of table.columns.entries()) row[column] = values[at]!;
    tell(person, row);
  }
}

const byLifetime = (orders: Collected, model: Lifetime): Returning =>
  byBuyers(orders, (buyer, weeks) => model.chances(buyer, weeks)[0] ?? 0);

function byBuyers(orders: Collected, comes: typeof asBefore): Returning {
  return {
    returns(fromMs, untilMs) {
      const buyers = buyersAt(orders, fromMs);
      const rowOf = new Map(Array.from(buyers.personOf, (person, row) => [person, row]));
      return (person) => comes(buyerOf(buyers, rowOf.get(person)!), (untilMs - fromMs) / weekMs);
    },
  };
}

/** What a kept model of this family says. */
export function readChurn(bytes: Uint8Array): Churn {
  const [model] = unpackParts(bytes).parts;
  assert(model !== undefined, "a model of who orders again has its trees");
  return churnFromBytes(model);
}

/** The chance of each person to order again within the horizon from now on. */
function scorePersons(orders: Collected, bytes: Uint8Array, nowMs: number): Scored[] {
  const model = readChurn(bytes);
  const scores: Scored[] = [];
  eachPerson(basketsOf(orders), Math.max(nowMs, orders.untilMs + 1), (person, row) => {
    const [silentDays, purchases, , meanGapDays] = row;
    const score = {
      returns: rounded(model.returns(row)),
      horizonDays: rounded(model.horizonMs / dayMs),
      ...{ orders: purchases!, silentDays: rounded(silentDays!) },
      usualGapDays: purchases! > 1 ? rounded(meanGapDays!) : null,
    };
    scores.push({ person, subject: "", score });
  });
  return scores;
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
