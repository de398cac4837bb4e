import { assert } from "@trato/base";
import { type Baskets, checkBaskets } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { topOf } from "../arrays/top.ts";
import { type BasketModel, type Past, pastsFrom } from "./past.ts";
import { dotsWith, personRowArrays, personRows, personRowsFrom } from "./person-rows.ts";

export type TifuSettings = {
  /** Baskets are put into so many groups of equal size, newest first; default 7. */
  readonly groups: number;
  /** What a basket counts for each newer one of its group; default 0.9. */
  readonly basketDecay: number;
  /** What a group counts for each newer one; default 0.7. */
  readonly groupDecay: number;
  /** How many of the nearest people are averaged; default 300. */
  readonly neighboursMax: number;
  /** How much of the score is one's own vector, the rest the neighbours'; default 0.7. */
  readonly own: number;
};
export type TifuOptions = Partial<TifuSettings>;

const magic = "TrTifuKn";
const version = 1;
export const tifuDefaults: TifuSettings = {
  groups: 7,
  basketDecay: 0.9,
  groupDecay: 0.7,
  neighboursMax: 300,
  own: 0.7,
};
const names = Object.keys(tifuDefaults) as (keyof TifuSettings)[];

/**
 * How often a person buys each item, newer groups of baskets counting more, mixed with the mean of the people
 * whose vectors are nearest (Euclid).
 *
 * Cost: the people of one's items to ask; 8 bytes a person and item. Source: Hu, He, Gao, Zhang, "Modeling
 * personalized item frequency information for next-basket recommendation", SIGIR 2020. Not for people with one
 * basket: short vectors are near to one another whatever they hold.
 */
export function fitTifuKnn(baskets: Baskets, options: TifuOptions = {}): BasketModel {
  checkBaskets(baskets);
  const settings = { ...tifuDefaults, ...options };
  const rows = pastsFrom(baskets).map((past) => frequencies(past, settings));
  return tifuFrom(personRows(rows, baskets.itemCount), settings);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function tifuKnnFromBytes(bytes: Uint8Array): BasketModel {
  const [numbers, ...rows] = readArrays(magic, version, bytes);
  assert(numbers instanceof Float64Array && numbers.length === names.length + 1, "TIFU-KNN has six numbers");
  assert(rows.length === 3, "TIFU-KNN has three arrays of rows");
  const settings = Object.fromEntries(names.map((name, i) => [name, numbers[i + 1]!])) as TifuSettings;
  return tifuFrom(personRowsFrom(rows, numbers[0]!), settings);
}

function tifuFrom(rows: ReturnType<typeof personRows>, settings: TifuSettings): BasketModel {
  const { neighboursMax, own } = settings;
  assert(settings.groups >= 1 && neighboursMax >= 1, "groups and neighboursMax are 1 or more");
  assert(own >= 0 && own <= 1, "own is a share");
  const { itemCount, squares } = rows;
  const dots = dotsWith(rows);
  const nearest = topOf(neighboursMax);
  const found = new Int32Array(neighboursMax);
  const isMet = new Uint8Array(squares.length);
  // Without a shared item the shortest vectors are the nearest.
  const shortest = Int32Array.from(squares.keys())
    .filter((person) => squares[person]! > 0)
    .sort((a, b) => squares[a]! - squares[b]! || a - b);
  return {
    itemCount,
    scores(past, outScores, person = -1) {
      assert(outScores.length === itemCount, "there is one score per item");
      const vector = frequencies(past, settings);
      for (const [item, value] of vector) outScores[item]! += own * value;
      const met: number[] = [];
      dots(vector, (other, dot) => {
        isMet[other] = 1;
        met.push(other);
        if (other !== person) nearest.offer(other, 2 * dot - squares[other]!);
      });
      for (let at = 0, left = neighboursMax; at < shortest.length && left > 0; at++) {
        const other = shortest[at]!;
        if (isMet[other] === 1 || other === person) continue;
        nearest.offer(other, -squares[other]!);
        left--;
      }
      for (const other of met) isMet[other] = 0;
      const count = nearest.take(found);
      for (let n = 0; n < count; n++) {
        for (let at = rows.starts[found[n]!]!; at < rows.starts[found[n]! + 1]!; at++) {
          outScores[rows.itemOf[at]!]! += ((1 - own) / count) * rows.amountOf[at]!;
        }
      }
    },
    toBytes() {
      const numbers = Float64Array.from([itemCount, ...names.map((name) => settings[name])]);
      return writeArrays(magic, version, [numbers, ...personRowArrays(rows)]);
    },
  };
}

/** A person's vector: the mean over groups, decayed, of the mean over their baskets, decayed. */
function frequencies(past: Past, { groups, basketDecay, groupDecay }: TifuSettings): Map<number, number> {
  const size = Math.ceil(past.length / groups);
  const groupCount = Math.ceil(past.length / size);
  const vector = new Map<number, number>();
  for (let age = 0; age < past.length; age++) {
    const group = Math.floor(age / size);
    const inGroup = Math.min(size, past.length - group * size);
    const weight = (groupDecay ** group * basketDecay ** (age % size)) / (groupCount * inGroup);
    for (const item of Array.from(past[past.length - 1 - age]!)) {
      vector.set(item, (vector.get(item) ?? 0) + weight);
    }
  }
  return vector;
}
