import { assert, dayMs } from "@trato/base";
import {
  fitLogistic,
  fitRidge,
  fitTLearner,
  fitXLearner,
  learntFromBytes,
  personTable,
  rowsOf,
  type Table,
  tLearnerFromBytes,
  type Uplift,
  xLearnerFromBytes,
} from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import { labelsOfPersons } from "../training/estimates.ts";
import type { Facts, Family, Scored } from "../training/family.ts";
import { basketsOf } from "./items.ts";
import { recencyDays } from "./purchases/index.ts";
import { type Entered, enteredOf, gainOf, horizonMs } from "./trial.ts";

/** Ranks people by what treating them is said to change. */
type Ranking = { effectAll(facts: Table): Float64Array; toBytes?(recipe: string): Uint8Array };

/** The lowest and highest of a column among those it was learnt from. */
type Range = readonly [low: number, high: number];

/** With fewer in an arm before or after the split there is nobody to compare with. */
const armPeopleMin = 10;

/** What there is to see of who bought before: few columns, because the holdout is small. */
const columns = ["recencyDays", "orders", "ordersIn90Days", "distinctItems"];

/** Whom deciding makes buy: learnt from the treated beside those whom chance kept out. */
export const uplift: Family = {
  name: "uplift",
  reads: "trial",
  lack(facts) {
    const entered = enteredOf(facts);
    const splitMs = splitOf(entered);
    const end = Number.POSITIVE_INFINITY;
    const sides = [entered.between(0, splitMs), entered.between(splitMs, end)];
    const smallest = (arm: 0 | 1) =>
      Math.min(...sides.map((rows) => rows.filter((row) => entered.treated[row] === arm).length));
    const [holdout, treated] = [smallest(0), smallest(1)];
    if (Math.min(holdout, treated) >= armPeopleMin) return null;
    return {
      en: `It needs ${armPeopleMin} buyers who are decided for and ${armPeopleMin} of the holdout, before and after the split; there are ${treated} and ${holdout}.`,
      es: `Hacen falta ${armPeopleMin} compradores para quienes se decide y ${armPeopleMin} del grupo de control, antes y después del corte; hay ${treated} y ${holdout}.`,
    };
  },
  train: (facts, champion, onProgress) => runContest(contestOf(facts), champion, onProgress),
  inputs: ({ orders }) => recencyDays(orders),
  since: (facts, champion) => sinceOf(contestOf(facts), champion),
  score: scorePersons,
};

/** The last third of the people to enter is kept aside: time alone might leave no holdout on one side. */
function splitOf({ firstMs }: Entered): number {
  return firstMs[Math.floor((2 * firstMs.length) / 3)] ?? 0;
}

function contestOf(facts: Facts): Contest<Ranking> {
  const { orders } = facts;
  const entered = enteredOf(facts);
  const seen = seenOf(entered.table);
  const learnt = (fit: (trial: Parameters<typeof fitTLearner>[0]) => Uplift) => (ms: number) => {
    const rows = entered.between(0, ms);
    const treated = Uint8Array.from(rows, (row) => entered.treated[row]!);
    if (!treated.includes(0) || !treated.includes(1)) return nothingKnown;
    const outcome = Float64Array.from(rows, (row) => entered.bought[row]!);
    const learntFrom = rowsOf(seen, rows);
    const ranges = learntFrom.columns.map(({ values }) => rangeOf(values));
    return rankingOf(fit({ facts: learntFrom, treated, outcome }), ranges);
  };
  return {
    family: "uplift",
    ...{ fromMs: entered.firstMs[0]!, untilMs: orders.untilMs, splitMs: splitOf(entered) },
    counts: { people: entered.persons.length, orders: orders.basketCount, items: orders.skus.length },
    recipes: {
      "t-learner": learnt((trial) => fitTLearner(trial, fitLogistic)),
      "x-learner": learnt((trial) => fitXLearner(trial, { outcome: fitLogistic, effect: fitRidge })),
    },
    yardsticks: { "most orders": () => ({ effectAll: ordersOf }) },
    measure({ effectAll }, from, until) {
      const rows = entered.between(from, until);
      return gainOf({
        scores: effectAll(rowsOf(seen, rows)),
        treated: Uint8Array.from(rows, (row) => entered.treated[row]!),
        outcome: Float64Array.from(rows, (row) => entered.bought[row]!),
      });
    },
    labels(from, until) {
      const rows = entered.between(from, until);
      const of = labelsOfPersons(orders, until);
      return (at) => of(entered.persons[rows[at]!]!);
    },
    toBytes({ toBytes }, recipe) {
      assert(toBytes !== undefined, "what is kept has learnt something");
      return toBytes(recipe);
    },
    standing: ({ bytes }) => readUplift(bytes),
    settings: () => ({ horizonDays: horizonMs / dayMs }),
  };
}

const nothingKnown: Ranking = { effectAll: ({ rowCount }) => new Float64Array(rowCount) };

const seenOf = ({ rowCount, columns: all }: Table): Table => ({
  rowCount,
  columns: all.filter(({ name }) => columns.includes(name)),
});

const ordersOf = ({ columns: all }: Table): Float64Array =>
  Float64Array.from(all.find(({ name }) => name === "orders")!.values);

const rangeOf = (values: ArrayLike<number>): Range =>
  Array.from(values).reduce<Range>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );

/** Who lies beyond what was learnt from is taken for the nearest: a line goes on for ever, an effect does not. */
function rankingOf(model: Uplift, ranges: readonly Range[]): Ranking {
  return {
    effectAll({ rowCount, columns: all }) {
      const within = all.map((column, at) => {
        const [low, high] = ranges[at]!;
        return {
          ...column,
          values: Float64Array.from(column.values, (value) => Math.min(high, Math.max(low, value))),
        };
      });
      return model.effectAll({ rowCount, columns: within });
    },
    toBytes: (recipe) => packParts({ head: { recipe, ranges }, parts: [model.toBytes()] }),
  };
}

/** What a kept model of this family says. */
export function readUplift(bytes: Uint8Array): Ranking {
  const { head, parts } = unpackParts(bytes);
  const { recipe, ranges } = head;
  const [model] = parts;
  assert(
    model !== undefined && Array.isArray(ranges) && ranges.length === columns.length,
    "a model of uplift has what it learnt, and from what",
  );
  const read = recipe === "t-learner" ? tLearnerFromBytes : xLearnerFromBytes;
  return rankingOf(read(model, learntFromBytes), ranges as Range[]);
}

/** By how much deciding for each person raises the chance that they order within the horizon; below 0 it lowers it. */
function scorePersons({ orders, nowMs }: Facts, bytes: Uint8Array): Scored[] {
  const { persons, table } = personTable(basketsOf(orders).all, Math.max(nowMs, orders.untilMs + 1));
  const raises = readUplift(bytes).effectAll(seenOf(table));
  return Array.from(persons, (person, row) => {
    const score = { raises: Math.round(raises[row]! * 1e4) / 1e4, horizonDays: horizonMs / dayMs };
    return { person, subject: "", score };
  });
}
