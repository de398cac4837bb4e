import { assert, isObject, limits } from "@trato/base";
import {
  fitDecayKnn,
  fitSessionBlend,
  fitVmisKnn,
  type SessionModel,
  type Sessions,
  type SessionWeights,
  sessionWeights,
} from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import { labelsOfVisits, type Visits } from "../training/collect-visits.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import type { Family } from "../training/family.ts";
import { splitOf } from "../training/split.ts";

/** How to find what is looked at next, and what the n-th that is found adds to the chance of buying within a week. */
export type SessionRecipe = {
  readonly recipe: "vmis-knn" | "decay-knn" | "blend";
  readonly weights: SessionWeights;
  readonly chances: readonly number[];
};
type Next = Pick<SessionRecipe, "recipe" | "weights"> & { readonly model: SessionModel };

const visitsMin = 100;
const visitsMeasured = 2_000;
const listed = 20;
/** So many imagined visits agree that two in a thousand buy what is found first. */
const agreeing = 50;
const usualChance = 0.002;

/**
 * What somebody looks at next, by what others who looked at the same looked at. Only how to find it is kept: the visits
 * themselves are in an index in memory that takes new clicks at once, and a decision records what that said.
 */
export const session: Family = {
  name: "session",
  reads: "visits",
  lack({ visits }) {
    const several = lengthsOf(visits).filter((length) => length > 1).length;
    if (several >= visitsMin) return null;
    return {
      en: `It needs ${visitsMin} visits that looked at two things or more; there are ${several}.`,
      es: `Hacen falta ${visitsMin} visitas que miraran dos cosas o más; hay ${several}.`,
    };
  },
  train: ({ visits }, champion, onProgress) => runContest(contestOf(visits), champion, onProgress),
  inputs: ({ visits }) => lengthsOf(visits),
  since: ({ visits }, champion) => sinceOf(contestOf(visits), champion),
};

const lengthsOf = ({ start }: Visits): Float64Array =>
  Float64Array.from({ length: start.length - 1 }, (_, v) => start[v + 1]! - start[v]!);

function contestOf(visits: Visits): Contest<Next> {
  const { timeOf, itemOf, skus } = visits;
  const [fromMs, untilMs] = [timeOf[0] ?? 0, timeOf.at(-1) ?? 0];
  const before = (ms: number) => sessionsOf(visits, rowsWithin(visits, Number.NEGATIVE_INFINITY, ms));
  const fit = (recipe: SessionRecipe["recipe"], weights?: SessionWeights) => (ms: number) =>
    nextBy(recipe, before(ms), weights);
  return {
    family: "session",
    ...{ fromMs, untilMs, splitMs: splitOf({ fromMs, untilMs }) },
    counts: { people: timeOf.length, orders: itemOf.length, items: skus.length },
    recipes: { "vmis-knn": fit("vmis-knn"), "decay-knn": fit("decay-knn"), blend: fit("blend") },
    yardsticks: {},
    measure: ({ model }, from, until) =>
      Float64Array.from(askedOf(visits, from, until), (row) => reciprocalRank(model, itemsOf(visits, row))),
    labels(from, until) {
      const asked = askedOf(visits, from, until);
      const of = labelsOfVisits(visits, until);
      return (at) => of(asked[at]!);
    },
    calibrate: ({ model }, ms) => ({ numbers: chancesOf(model, visits, ms) }),
    toBytes: ({ recipe, weights }, _recipe, { numbers }) => {
      const chances = Object.values(numbers ?? {});
      return packParts({ head: { recipe, weights: { ...weights }, chances }, parts: [] });
    },
    standing(champion) {
      const { recipe, weights } = readSession(champion.bytes);
      return fit(recipe, weights)(champion.untilMs + 1);
    },
  };
}

/** A model of this recipe, that has learnt from these visits and goes on learning. */
export function nextBy(recipe: SessionRecipe["recipe"], sessions: Sessions, weights?: SessionWeights): Next {
  const options = { clicksKept: limits.sessionClicksKept };
  if (recipe !== "blend") {
    const model = (recipe === "vmis-knn" ? fitVmisKnn : fitDecayKnn)(sessions, options);
    return { recipe, weights: sessionWeights, model };
  }
  const model = fitSessionBlend(sessions, weights === undefined ? options : { ...options, weights });
  return { recipe, weights: model.weights, model };
}

function rowsWithin({ timeOf }: Visits, fromMs: number, untilMs: number): number[] {
  return [...timeOf.keys()].filter((row) => timeOf[row]! >= fromMs && timeOf[row]! < untilMs);
}

const itemsOf = ({ start, itemOf }: Visits, row: number): Int32Array =>
  itemOf.subarray(start[row], start[row + 1]);

function sessionsOf(visits: Visits, rows: readonly number[]): Sessions {
  const sessionStart = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) sessionStart[i + 1] = sessionStart[i]! + itemsOf(visits, row).length;
  const itemOf = new Int32Array(sessionStart.at(-1)!);
  for (const [i, row] of rows.entries()) itemOf.set(itemsOf(visits, row), sessionStart[i]);
  return { itemCount: Math.max(1, visits.skus.length), sessionStart, itemOf };
}

/** Visits that looked at several things, evenly spread, at most `visitsMeasured`. */
function askedOf(visits: Visits, fromMs: number, untilMs: number): number[] {
  const rows = rowsWithin(visits, fromMs, untilMs).filter((row) => itemsOf(visits, row).length > 1);
  const stride = Math.max(1, Math.ceil(rows.length / visitsMeasured));
  return rows.filter((_, at) => at % stride === 0);
}

/** The mean, over the clicks of a visit but the first, of one over the place at which the click was foretold. */
function reciprocalRank(model: SessionModel, items: Int32Array): number {
  const found = new Int32Array(listed);
  let sum = 0;
  for (let at = 1; at < items.length; at++) {
    const place = found.subarray(0, model.predict(items.subarray(0, at), found)).indexOf(items[at]!);
    if (place >= 0) sum += 1 / (place + 1);
  }
  return sum / (items.length - 1);
}

/** Places that have a chance of their own: the first, the next two, and the rest of ten. */
const places = [1, 3, limits.sessionNextMax] as const;

/** How often what was found after the first click of a visit was bought in it or within the week after. */
function chancesOf(model: SessionModel, visits: Visits, ms: number): Record<string, number> {
  const found = new Int32Array(limits.sessionNextMax);
  const bought = places.map(() => agreeing * usualChance);
  const asked = places.map(() => agreeing);
  for (const row of askedOf(visits, ms, Number.POSITIVE_INFINITY)) {
    const items = itemsOf(visits, row);
    const rights = new Set([...items].filter((_, i) => visits.boughtOf[visits.start[row]! + i] === 1));
    const count = model.predict(items.subarray(0, 1), found);
    for (let rank = 0; rank < count; rank++) {
      const place = places.findIndex((last) => rank < last);
      asked[place]! += 1;
      if (rights.has(found[rank]!)) bought[place]! += 1;
    }
  }
  return Object.fromEntries(places.map((last, i) => [`chance.${last}`, bought[i]! / asked[i]!]));
}

/** What the n-th that was found adds to the chance of buying; 0 beyond the tenth. */
export function chanceAt({ chances }: SessionRecipe, rank: number): number {
  return chances[places.findIndex((last) => rank < last)] ?? 0;
}

/** What a kept model of this family says. */
export function readSession(bytes: Uint8Array): SessionRecipe {
  const { head } = unpackParts(bytes);
  const { recipe, weights, chances } = head;
  const isKnown = recipe === "vmis-knn" || recipe === "decay-knn" || recipe === "blend";
  const hasChances = Array.isArray(chances) && chances.every((one) => typeof one === "number" && one >= 0);
  assert(isKnown && isObject(weights) && hasChances, "a model of visits has a recipe, weights and chances");
  return { recipe, weights: weights as SessionWeights, chances: chances as number[] };
}
