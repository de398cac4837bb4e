import { topOf } from "../arrays/top.ts";
import { ndcgAtK, recallAtK } from "../evaluate/metrics.ts";
import { maximise } from "../numbers/maximise.ts";
import { type MixFiller, type MixWeights, mixParts } from "./mix-parts.ts";
import type { Past } from "./past.ts";

type Case = { readonly items: Int32Array; readonly parts: Float32Array; readonly truth: ReadonlySet<number> };

/** With fewer people the best weights are those of chance. */
const peopleMin = 50;
const peopleMax = 3_000;
const candidatesPerPart = 60;
const k = 10;
const width = mixParts.length;

/**
 * The weights that rank everybody's last basket best: highest mean of NDCG@10 plus recall@10, climbed to from
 * `start`; `start` when too few people have two baskets. Cost: some 80 rankings of at most 3,000 people's
 * candidates, which are the best of each part.
 */
export function tuneMix(given: {
  fill: MixFiller;
  pasts: readonly Past[];
  last: ReadonlyMap<number, ArrayLike<number>>;
  itemCount: number;
  start: MixWeights;
}): MixWeights {
  const { pasts, last, start, itemCount } = given;
  const people = [...last.keys()].filter(
    (person) => pasts[person]!.length > 0 && last.get(person)!.length > 0,
  );
  if (people.length < peopleMin) return start;
  const stride = Math.ceil(people.length / peopleMax);
  const rows = mixParts.map(() => new Float64Array(itemCount));
  const cases = people
    .filter((_, at) => at % stride === 0)
    .map((person): Case => {
      given.fill(pasts[person]!, rows, person);
      return { ...candidates(rows), truth: new Set(Array.from(last.get(person)!)) };
    });
  const best = topOf(k);
  const ranked = new Int32Array(k);
  const value = (logs: readonly number[]) => {
    const weights = logs.map(Math.exp);
    let sum = 0;
    for (const { items, parts, truth } of cases) {
      for (let row = 0; row < items.length; row++) {
        let score = 0;
        for (let part = 0; part < width; part++) score += weights[part]! * parts[row * width + part]!;
        best.offer(items[row]!, score);
      }
      const top = ranked.subarray(0, best.take(ranked));
      sum += ndcgAtK(top, truth, k) + recallAtK(top, truth, k);
    }
    return sum / cases.length;
  };
  const from = mixParts.map((part) => Math.log(Math.max(1e-4, start[part])));
  const { at } = maximise(value, from, { step: 0.7, stepMin: 0.15, roundsMax: 10 });
  return Object.fromEntries(mixParts.map((part, i) => [part, Math.exp(at[i]!)])) as MixWeights;
}

/** The best items of each part, with the parts of each side by side. */
function candidates(rows: readonly Float64Array[]): { items: Int32Array; parts: Float32Array } {
  const best = topOf(candidatesPerPart);
  const ranked = new Int32Array(candidatesPerPart);
  const found = new Set<number>();
  for (const row of rows) {
    for (let item = 0; item < row.length; item++) if (row[item]! > 0) best.offer(item, row[item]!);
    for (const item of ranked.subarray(0, best.take(ranked))) found.add(item);
  }
  const items = Int32Array.from(found);
  const parts = new Float32Array(items.length * width);
  for (const [at, item] of items.entries()) {
    for (let part = 0; part < width; part++) parts[at * width + part] = rows[part]![item]!;
  }
  return { items, parts };
}
