import { assert } from "@trato/base";
import { type Baskets, checkBaskets } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { topOf } from "../arrays/top.ts";
import { type BasketModel, type Past, pastsFrom } from "./past.ts";
import { dotsWith, personRowArrays, personRows, personRowsFrom } from "./person-rows.ts";

export type UpCfSettings = {
  /** How many of the newest baskets say what a person buys now; default 10. */
  readonly recency: number;
  /** How much of a likeness the length of one's own vector takes away, the rest the other's; default 0.75. */
  readonly asymmetry: number;
  /** The power a likeness is raised to: the higher, the more the nearest decide; default 2. */
  readonly locality: number;
  /** How many of the likest people are asked; default 300. */
  readonly neighboursMax: number;
};
export type UpCfOptions = Partial<UpCfSettings>;

/** A model that also tells what neighbours say apart from one's own past. */
export type UpCf = BasketModel & {
  readonly neighbours: (past: Past, outScores: Float64Array, person?: number) => void;
};

const magic = "TrUserPC";
const version = 1;
export const upCfDefaults: UpCfSettings = { recency: 10, asymmetry: 0.75, locality: 2, neighboursMax: 300 };

/**
 * Everybody's share of newest baskets that hold an item; a person's score is their own share plus those of people
 * whose counts of items are alike (asymmetric cosine), to the power of the locality.
 *
 * Cost: the people of one's items to ask, some tens of microseconds; 12 bytes a person and item. Source:
 * Faggioli, Polato, Aiolli, "Recency aware collaborative filtering for next basket recommendation", UMAP 2020
 * (UP-CF@r); their locality of 10 hears hardly anybody but oneself. Not for millions of people unsampled: an item
 * that all buy makes all of them neighbours.
 */
export function fitUpCf(baskets: Baskets, options: UpCfOptions = {}): UpCf {
  checkBaskets(baskets);
  const settings = { ...upCfDefaults, ...options };
  const pasts = pastsFrom(baskets);
  const counts = personRows(pasts.map(countsOf), baskets.itemCount);
  const shares = personRows(
    pasts.map((past) => sharesOf(past, settings.recency)),
    baskets.itemCount,
  );
  return upCfFrom(counts, shares, settings);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function upCfFromBytes(bytes: Uint8Array): UpCf {
  const arrays = readArrays(magic, version, bytes);
  const [numbers] = arrays;
  assert(
    arrays.length === 7 && numbers instanceof Float64Array && numbers.length === 5,
    "UP-CF has five numbers",
  );
  const [itemCount, recency, asymmetry, locality, neighboursMax] = numbers as unknown as number[];
  const rows = [arrays.slice(1, 4), arrays.slice(4)].map((three) => personRowsFrom(three, itemCount!));
  return upCfFrom(rows[0]!, rows[1]!, {
    recency: recency!,
    asymmetry: asymmetry!,
    locality: locality!,
    neighboursMax: neighboursMax!,
  });
}

type Rows = ReturnType<typeof personRows>;

function upCfFrom(counts: Rows, shares: Rows, settings: UpCfSettings): UpCf {
  const { recency, asymmetry, locality, neighboursMax } = settings;
  assert(recency >= 1 && neighboursMax >= 1, "recency and neighboursMax are 1 or more");
  assert(asymmetry >= 0 && asymmetry <= 1 && locality > 0, "asymmetry is 0 to 1, locality above 0");
  assert(counts.starts.length === shares.starts.length, "both rows are of the same people");
  const { itemCount } = counts;
  const dots = dotsWith(counts);
  const likest = topOf(neighboursMax);
  const found = new Int32Array(neighboursMax);
  const likenessOf = new Float64Array(counts.squares.length);
  const neighbours = (past: Past, outScores: Float64Array, person = -1) => {
    assert(outScores.length === itemCount, "there is one score per item");
    const own = countsOf(past);
    const squares = [...own.values()].reduce((sum, count) => sum + count * count, 0);
    dots(own, (other, dot) => {
      if (other === person) return;
      likenessOf[other] = dot / (squares ** asymmetry * counts.squares[other]! ** (1 - asymmetry));
      likest.offer(other, likenessOf[other]!);
    });
    const count = likest.take(found);
    for (let n = 0; n < count; n++) {
      const weight = likenessOf[found[n]!]! ** locality;
      for (let at = shares.starts[found[n]!]!; at < shares.starts[found[n]! + 1]!; at++) {
        outScores[shares.itemOf[at]!]! += weight * shares.amountOf[at]!;
      }
    }
  };
  return {
    itemCount,
    neighbours,
    scores(past, outScores, person) {
      neighbours(past, outScores, person);
      for (const [item, share] of sharesOf(past, recency)) outScores[item]! += share;
    },
    toBytes() {
      const numbers = Float64Array.of(itemCount, recency, asymmetry, locality, neighboursMax);
      return writeArrays(magic, version, [numbers, ...personRowArrays(counts), ...personRowArrays(shares)]);
    },
  };
}

/** In how many baskets of the past an item is. */
export function countsOf(past: Past): Map<number, number> {
  const counts = new Map<number, number>();
  for (const basket of past) {
    for (const item of Array.from(basket)) counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  return counts;
}

/** In which share of the newest baskets an item is. */
export function sharesOf(past: Past, recency: number): Map<number, number> {
  const newest = past.slice(-recency);
  const shares = countsOf(newest);
  for (const [item, count] of shares) shares.set(item, count / newest.length);
  return shares;
}
