import { assert, dayMs, limits } from "@trato/base";
import {
  type Affinity,
  fitAffinity,
  fitEase,
  fitPrunedEase,
  fitRp3Beta,
  type Interactions,
  type ItemModel,
  interactionsOf,
  itemModelFrom,
  itemModelFromBytes,
  type Neighbours,
  truthOf,
} from "@trato/predict";
import { scoresHorizonDays } from "../horizon.ts";
import { packParts, unpackParts } from "../parts.ts";
import type { Collected } from "../training/collect.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import type { Family } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { askedAbout, type BasketsOf, basketsOf, labelsOf, numbersIn, recalls } from "./items.ts";
import { lackOfOrders } from "./purchases/index.ts";

/** Item to item: edges, and what one unit of an edge adds to the chance of buying within `scoresHorizonDays`. */
type Taste = { readonly edges: Neighbours; readonly unit: number };

const neighboursMax = 50;
/** As the units of "purchases" stand to each other. */
const afterShare = 2 / 9;
/** So many imagined people agree that the strongest neighbour adds two in a thousand. */
const agreeing = 200;
const usualLift = 0.002;

/**
 * What goes with what somebody bought, of what they never bought: cosines, EASE^R or random walks, whichever finds
 * more of it. A catalogue beyond `limits.trainingDenseItemsMax` items is learnt item by item, in memory for its edges.
 */
export const affinity: Family = {
  name: "affinity",
  reads: "orders",
  lack: ({ orders }) => lackOfOrders(orders),
  train: ({ orders }, champion, onProgress) => runContest(contestOf(orders), champion, onProgress),
  inputs: ({ orders }) => itemsPerPerson(orders),
  since: ({ orders }, champion) => sinceOf(contestOf(orders), champion),
};

function contestOf(orders: Collected): Contest<Taste> {
  const { skus, fromMs, untilMs, personCount, basketCount } = orders;
  const baskets = basketsOf(orders);
  const before = (ms: number) => interactionsOf(baskets.before(ms));
  const neverBought = (ms: number) => {
    const { starts, itemOf } = before(ms);
    const own = (person: number) => new Set(itemOf.subarray(starts[person], starts[person + 1]));
    const known = new Map<number, Set<number>>();
    return (person: number): Set<number> => {
      const items = known.get(person) ?? own(person);
      known.set(person, items);
      return items;
    };
  };
  const truths = (from: number, until: number) => {
    const owned = neverBought(from);
    return askedAbout(baskets, from, until, (person, item) => !owned(person).has(item));
  };
  const raw = (edges: Neighbours): Taste => ({ edges, unit: 1 });
  const present = (ms: number) => raw(withAndAfter(fitAffinity(baskets.before(ms), { untilMs: ms })));
  return {
    family: "affinity",
    ...{ fromMs, untilMs, splitMs: splitOf(orders) },
    counts: { people: personCount, orders: basketCount, items: skus.length },
    recipes: {
      "with and after": present,
      ease: (ms) => raw(easeOf(before(ms))),
      rp3beta: (ms) => raw(fitRp3Beta(before(ms), { neighboursMax })),
    },
    yardsticks: { "with and after": present },
    measure({ edges }, from, until) {
      const owned = neverBought(from);
      const last = lastBaskets(baskets, from);
      return recalls(truths(from, until), skus.length, (person, out) => {
        const seeds = last.get(person) ?? [];
        edges.scores(
          seeds,
          seeds.map(() => 1),
          out,
        );
        for (const item of owned(person)) out[item] = 0;
      });
    },
    labels: (from, until) => labelsOf(orders, truths(from, until), until),
    calibrate: ({ edges }, ms) => ({ numbers: { unit: unitOf(edges, baskets, ms) } }),
    toBytes: ({ edges }, recipe, { numbers }) =>
      packParts({ head: { recipe, unit: numbers?.["unit"] ?? 0, skus: [...skus] }, parts: [bytesOf(edges)] }),
    standing(champion) {
      const { head, edges } = readTaste(champion.bytes);
      return raw(renumbered(edges, numbersIn(head.skus, skus)));
    },
  };
}

/** What the family "purchases" adds up by itself: bought in one basket, and with less weight in the next. */
function withAndAfter({ with: together, after }: Affinity): Neighbours {
  const starts = new Int32Array(together.itemCount + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let item = 0; item < together.itemCount; item++) {
    const edges = new Map<number, number>();
    for (const [kind, share] of [
      [together, 1],
      [after, afterShare],
    ] as const) {
      const { items, weights } = kind.of(item);
      for (const [at, other] of items.entries()) {
        edges.set(other, (edges.get(other) ?? 0) + share * weights[at]!);
      }
    }
    const strongest = [...edges].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, neighboursMax);
    for (const [other, weight] of strongest) {
      columns.push(other);
      values.push(weight);
    }
    starts[item + 1] = columns.length;
  }
  return itemModelFrom({ starts, columns: Int32Array.from(columns), values: Float32Array.from(values) });
}

function easeOf(interactions: Interactions): ItemModel {
  const isDense = interactions.itemCount <= limits.trainingDenseItemsMax;
  return (isDense ? fitEase : fitPrunedEase)(interactions, { neighboursMax });
}

/** Distinct items of each person's last basket before a moment. */
function lastBaskets(baskets: BasketsOf, untilMs: number): ReadonlyMap<number, readonly number[]> {
  const { basketStart, itemOf, personOfBasket } = baskets.before(untilMs);
  const last = new Map<number, readonly number[]>();
  for (const [b, person] of personOfBasket.entries()) {
    last.set(person, [...itemOf.subarray(basketStart[b], basketStart[b + 1])]);
  }
  return last;
}

/**
 * Least squares through nought, on the week after a moment: what was bought, beyond what everybody buys, on the edges
 * from one item of each person's last basket; what few people say is pulled towards what is usual.
 */
function unitOf(edges: Neighbours, baskets: BasketsOf, ms: number): number {
  const last = lastBaskets(baskets, ms);
  const soon = truthOf(baskets.before(ms), baskets.between(ms, ms + scoresHorizonDays * dayMs));
  const popular = new Float64Array(edges.itemCount);
  for (const items of soon.values()) for (const item of items) popular[item]! += 1 / Math.max(1, last.size);
  let [squares, products, strongest, people] = [0, 0, 0, 0];
  for (const [person, items] of last) {
    const { items: near, weights } = edges.of(items[person % items.length]!);
    const bought = soon.get(person);
    for (const [at, item] of near.entries()) {
      const weight = weights[at]!;
      squares += weight * weight;
      products += weight * ((bought?.has(item) === true ? 1 : 0) - popular[item]!);
    }
    if (near.length === 0) continue;
    strongest += weights[0]!;
    people += 1;
  }
  if (people === 0 || !(squares > 0) || !(strongest > 0)) return 0;
  const usual = (usualLift * people) / strongest;
  const imagined = (agreeing * squares) / people;
  return Math.max(0.1 * usual, (products + imagined * usual) / (squares + imagined));
}

function bytesOf({ rows }: Neighbours): Uint8Array {
  return itemModelFrom(rows).toBytes();
}

function renumbered(edges: Neighbours, theirItem: Int32Array): Neighbours {
  const ours = new Int32Array(edges.itemCount).fill(-1);
  for (const [item, theirs] of theirItem.entries()) if (theirs !== -1) ours[theirs] = item;
  const starts = new Int32Array(theirItem.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [item, theirs] of theirItem.entries()) {
    const near = theirs === -1 ? { items: [], weights: [] } : edges.of(theirs);
    for (const [at, other] of near.items.entries()) {
      if (ours[other] === -1) continue;
      columns.push(ours[other]!);
      values.push(near.weights[at]!);
    }
    starts[item + 1] = columns.length;
  }
  return itemModelFrom({ starts, columns: Int32Array.from(columns), values: Float32Array.from(values) });
}

/** What a kept model of this family says. */
export function readTaste(bytes: Uint8Array) {
  const { head, parts } = unpackParts(bytes);
  const { skus, unit } = head;
  const isRight = Array.isArray(skus) && skus.every((sku) => typeof sku === "string");
  assert(
    isRight && typeof unit === "number" && parts.length === 1,
    "a model of taste has items, a unit and edges",
  );
  return { head: { skus: skus as string[], unit }, edges: itemModelFromBytes(parts[0]!) };
}

/** For each person, how many different items they have bought. */
function itemsPerPerson(orders: Collected): Float64Array {
  const { starts } = interactionsOf(basketsOf(orders).all);
  return Float64Array.from(
    { length: starts.length - 1 },
    (_, person) => starts[person + 1]! - starts[person]!,
  );
}
