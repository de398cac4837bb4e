import { assert, hash32 } from "@trato/base";
import { type ChanceModel, chanceFromBytes, fitChance, type Table } from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import { labelsOfVisits, type Visits } from "../training/collect-visits.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import type { Family } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { chanceMin } from "./lifetime.ts";

/** A visit as far as it has gone: what it looked at, oldest first, and when it began. */
export type VisitSoFar = { readonly skus: readonly string[]; readonly startMs: number };

/** The chance that a visit ends with buying something it looked at. */
export type Intent = {
  readonly recipe: "rates" | "trees";
  /** How many in a hundred visits do, one with another. */
  readonly usual: number;
  chance(visit: VisitSoFar): number;
  toBytes(): Uint8Array;
};

const eachSideMin = 20;
const visitsLearnt = 20_000;
const visitsMeasured = 2_000;
/** So many imagined looks agree that an item is bought as often as any. */
const agreeing = 20;

/** Whether a visit will end with buying something it looked at, asked while it lasts. */
export const intent: Family = {
  name: "intent",
  reads: "visits",
  lack({ visits }) {
    const rows = rowsWithin(visits, Number.NEGATIVE_INFINITY, splitOf(spanOf(visits)));
    const buying = rows.filter((row) => bought(visits, row)).length;
    if (Math.min(buying, rows.length - buying) >= eachSideMin) return null;
    return {
      en: `It needs ${eachSideMin} visits that ended with buying and ${eachSideMin} that did not; there are ${buying} and ${rows.length - buying}.`,
      es: `Hacen falta ${eachSideMin} visitas que terminaran en compra y ${eachSideMin} que no; hay ${buying} y ${rows.length - buying}.`,
    };
  },
  train: ({ visits }, champion, onProgress) => runContest(contestOf(visits), champion, onProgress),
  inputs: ({ visits }) => Float64Array.from(visits.timeOf, (_, row) => itemsOf(visits, row).length),
  since: ({ visits }, champion) => sinceOf(contestOf(visits), champion),
};

const spanOf = ({ timeOf }: Visits) => ({ fromMs: timeOf[0] ?? 0, untilMs: timeOf.at(-1) ?? 0 });

function contestOf(visits: Visits): Contest<Pick<Intent, "chance"> & Partial<Intent>> {
  const span = spanOf(visits);
  return {
    family: "intent",
    ...span,
    splitMs: splitOf(span),
    counts: {
      people: visits.countryOf.length,
      orders: visits.timeOf.length,
      items: visits.skus.length,
    },
    recipes: {
      rates: (ms) => byRates(ratesOf(visits, ms)),
      trees: (ms) => byTrees(ratesOf(visits, ms), treesOf(visits, ms)),
    },
    yardsticks: {
      usual(ms) {
        const usual = usualOf(ratesOf(visits, ms).visits);
        return { chance: () => usual };
      },
    },
    measure: ({ chance }, from, until) =>
      Float64Array.from(measuredOf(visits, from, until), (row) => {
        const said = chance(soFar(visits, row));
        return -Math.log(Math.min(1, Math.max(chanceMin, bought(visits, row) ? said : 1 - said)));
      }),
    labels(from, until) {
      const rows = measuredOf(visits, from, until);
      const of = labelsOfVisits(visits, until);
      return (at) => of(rows[at]!);
    },
    toBytes(model) {
      assert(model.toBytes !== undefined, "what is kept has learnt something");
      return model.toBytes();
    },
    standing: ({ bytes }) => readIntent(bytes),
  };
}

const rowsWithin = ({ timeOf }: Visits, fromMs: number, untilMs: number): number[] =>
  [...timeOf.keys()].filter((row) => timeOf[row]! >= fromMs && timeOf[row]! < untilMs);

const itemsOf = ({ start, itemOf }: Visits, row: number): Int32Array =>
  itemOf.subarray(start[row], start[row + 1]);

const bought = ({ start, boughtOf }: Visits, row: number): boolean =>
  boughtOf.subarray(start[row], start[row + 1]).includes(1);

function measuredOf(visits: Visits, fromMs: number, untilMs: number): number[] {
  const rows = rowsWithin(visits, fromMs, untilMs);
  const stride = Math.max(1, Math.ceil(rows.length / visitsMeasured));
  return rows.filter((_, at) => at % stride === 0);
}

/** A visit is asked about once, at one of its looks, so that all stages of visits are learnt and measured. */
function soFar(visits: Visits, row: number): VisitSoFar {
  const startMs = visits.timeOf[row]!;
  const items = itemsOf(visits, row);
  const looks = 1 + (hash32(`${startMs}/${row}`) % items.length);
  return { skus: Array.from(items.subarray(0, looks), (item) => visits.skus[item]!), startMs };
}

/** How often who looks at an item buys it, of the visits added so far. */
type Rates = {
  readonly visits: readonly [all: number, buying: number];
  readonly looks: readonly [all: number, buying: number];
  readonly counts: ReadonlyMap<string, readonly [looks: number, buying: number]>;
};

const usualOf = ([all, buying]: readonly [number, number]): number => (buying + 1) / (all + 2);

/** Counts visits one after the other; the answer grows with them. */
function countVisits(visits: Visits): { readonly rates: Rates; add(row: number): void } {
  const counts = new Map<string, [looks: number, buying: number]>();
  const rates = { visits: [0, 0] as [number, number], looks: [0, 0] as [number, number], counts };
  const add = (row: number): void => {
    for (const [at, item] of itemsOf(visits, row).entries()) {
      const count = counts.get(visits.skus[item]!) ?? [0, 0];
      counts.set(visits.skus[item]!, count);
      for (const one of [count, rates.looks]) {
        one[0] += 1;
        one[1] += visits.boughtOf[visits.start[row]! + at]!;
      }
    }
    rates.visits[0] += 1;
    rates.visits[1] += Number(bought(visits, row));
  };
  return { rates, add };
}

function ratesOf(visits: Visits, untilMs: number): Rates {
  const { rates, add } = countVisits(visits);
  for (const row of rowsWithin(visits, Number.NEGATIVE_INFINITY, untilMs)) add(row);
  return rates;
}

function rateOf({ counts, looks }: Rates, sku: string): number {
  const [all, buying] = counts.get(sku) ?? [0, 0];
  return (buying + agreeing * usualOf(looks)) / (all + agreeing);
}

function byRates(rates: Rates): Intent {
  return {
    recipe: "rates",
    usual: usualOf(rates.visits),
    chance: ({ skus }) => 1 - skus.reduce((none, sku) => none * (1 - rateOf(rates, sku)), 1),
    toBytes: () => packParts({ head: headOf("rates", rates), parts: [] }),
  };
}

const headOf = (recipe: Intent["recipe"], { visits, looks, counts }: Rates) => ({
  ...{ recipe, visits: [...visits], looks: [...looks], skus: [...counts.keys()] },
  counts: [...counts.values()].map((count) => [...count]),
});

const columns = ["looks", "most wanted", "last", "mean", "hour", "weekday"] as const;

/** What is known of a visit while it lasts; hours and days are those of UTC. */
function factsOf({ startMs, skus }: VisitSoFar, known: Rates): number[] {
  const begun = new Date(startMs);
  const rates = skus.map((sku) => rateOf(known, sku));
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
  return [
    skus.length,
    Math.max(0, ...rates),
    rates.at(-1) ?? 0,
    mean,
    begun.getUTCHours(),
    begun.getUTCDay(),
  ];
}

/** Each visit is looked at with what was known before it: counted in, it would speak for itself. */
function treesOf(visits: Visits, untilMs: number): ChanceModel {
  const { rates, add } = countVisits(visits);
  const all = rowsWithin(visits, Number.NEGATIVE_INFINITY, untilMs);
  const facts = all.map((row) => {
    const known = factsOf(soFar(visits, row), rates);
    add(row);
    return known;
  });
  const rows = all.slice(-visitsLearnt);
  const learnt = facts.slice(-visitsLearnt);
  const table: Table = {
    rowCount: rows.length,
    columns: columns.map((name, at) => {
      return { name, kind: "number", values: Float64Array.from(learnt, (row) => row[at]!) };
    }),
  };
  const options = { rounds: 100, rate: 0.05, leavesMax: 8, l2: 5 };
  return fitChance(
    table,
    rows.map((row) => Number(bought(visits, row))),
    options,
  );
}

function byTrees(rates: Rates, trees: ChanceModel): Intent {
  return {
    recipe: "trees",
    usual: usualOf(rates.visits),
    chance: (visit) => trees.chance(factsOf(visit, rates)),
    toBytes: () => packParts({ head: headOf("trees", rates), parts: [trees.toBytes()] }),
  };
}

/** What a kept model of this family says. */
export function readIntent(bytes: Uint8Array): Intent {
  const { head, parts } = unpackParts(bytes);
  const { recipe, visits, looks, skus, counts } = head;
  const [names, pairs] = [skus as string[], counts as [number, number][]];
  const isRight = Array.isArray(names) && Array.isArray(pairs) && names.length === pairs.length;
  assert(isRight && Array.isArray(visits) && Array.isArray(looks), "a model of intent has its rates");
  const rates: Rates = {
    visits: visits as [number, number],
    looks: looks as [number, number],
    counts: new Map(names.map((sku, at) => [sku, pairs[at]!])),
  };
  if (recipe === "rates") return byRates(rates);
  assert(recipe === "trees" && parts.length === 1, "a model of intent by trees has them");
  return byTrees(rates, chanceFromBytes(parts[0]!));
}
