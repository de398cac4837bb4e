import { dayMs } from "@trato/base";
import { type Baskets, type BlendModels, basketsBetween, type History, truthOf } from "@trato/predict";
import type { Units } from "../../format.ts";

/** Found on the online retail log; what few people say is pulled towards it. */
export const defaultUnits: Units = { popularity: 0.007, with: 0.009, after: 0.002 };

/** So many imagined people agree with the defaults. */
const agreeing = 200;
/** What goes with an item is all that is known on its page: its unit never falls below this share of the default. */
const floorShare = 0.1;
const peopleMax = 20_000;
const names = ["popularity", "with", "after"] as const;
const width = names.length;

/**
 * Turns weights into chances: how much one unit of popularity, and of an edge from an item just bought, adds to the
 * chance that a person buys, within the horizon, an item they never bought; of those they did buy, rhythm speaks.
 * Least squares over people and items on the days after `nowMs`; one item of each person's last basket is the seed.
 *
 * Cost: the neighbours of one item per person, and what they bought; nothing else is looked at.
 */
export function fitUnits(given: {
  readonly models: BlendModels;
  readonly histories: readonly History[];
  readonly train: Baskets;
  readonly test: Baskets;
  readonly nowMs: number;
  readonly horizonDays: number;
}): Units {
  const { models, histories, train, nowMs } = given;
  const soon = basketsBetween(given.test, nowMs, nowMs + given.horizonDays * dayMs);
  const truths = truthOf(train, soon);
  const people = [...histories.keys()].filter((person) => histories[person]!.items.length > 0);
  const stride = Math.ceil(people.length / peopleMax);
  const sums = emptySums();
  const popularity2 = models.popularity.weights.reduce((sum, weight) => sum + weight * weight, 0);
  for (let at = 0; at < people.length; at += stride) {
    const person = people[at]!;
    const history = histories[person]!;
    const seed = history.lastBasket[person % history.lastBasket.length]!;
    const own = new Set(Array.from(history.items));
    sums.people += 1;
    sums.squares[0]! += popularity2;
    for (const item of own) sums.squares[0]! -= models.popularity.weights[item]! ** 2;
    addEdges(sums, models, seed, own);
    for (const item of truths.get(person) ?? []) {
      if (own.has(item)) continue;
      const features = featuresOf(models, seed, item);
      for (let f = 0; f < width; f++) sums.targets[f]! += features[f]!;
    }
  }
  return solved(sums);
}

/** The sums of least squares: products of features, row by row, and of each feature with what was bought. */
type Sums = { people: number; readonly squares: Float64Array; readonly targets: Float64Array };

function emptySums(): Sums {
  return { people: 0, squares: new Float64Array(width * width), targets: new Float64Array(width) };
}

function featuresOf(
  { popularity, affinity }: BlendModels,
  seed: number,
  item: number,
): [number, number, number] {
  return [popularity.weights[item]!, affinity.with.edge(seed, item), affinity.after.edge(seed, item)];
}

function addEdges({ squares }: Sums, models: BlendModels, seed: number, own: ReadonlySet<number>): void {
  const { with: together, after } = models.affinity;
  for (const item of new Set([...together.of(seed).items, ...after.of(seed).items])) {
    if (own.has(item)) continue;
    const features = featuresOf(models, seed, item);
    for (let f = 0; f < width; f++) {
      for (let g = 0; g < width; g++) if (f + g > 0) squares[width * f + g]! += features[f]! * features[g]!;
    }
  }
}

/** Adds the imagined people, then solves one unknown at a time, each held at its floor or above, until all rest. */
function solved({ people, squares, targets }: Sums): Units {
  const defaults = names.map((name) => defaultUnits[name]);
  const found = [...defaults];
  for (let f = 0; f < width; f++) {
    const each = people === 0 ? 1 : Math.max(1e-9, squares[width * f + f]! / people);
    squares[width * f + f]! += agreeing * each;
    targets[f]! += agreeing * each * defaults[f]!;
  }
  for (let round = 0; round < 200; round++) {
    for (let f = 0; f < width; f++) {
      let left = targets[f]!;
      for (let g = 0; g < width; g++) if (g !== f) left -= squares[width * f + g]! * found[g]!;
      found[f] = Math.max(floorShare * defaults[f]!, left / squares[width * f + f]!);
    }
  }
  return { popularity: found[0]!, with: found[1]!, after: found[2]! };
}
