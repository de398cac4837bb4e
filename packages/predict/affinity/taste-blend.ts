import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { ialsFromBytes } from "./ials.ts";
import { itemModelFromBytes } from "./item-model.ts";

/** What every model of taste does: scores from weighted seeds, each seed's part, and bytes. */
export type Taste = {
  readonly itemCount: number;
  scores(seedItems: ArrayLike<number>, weights: ArrayLike<number>, outScores: Float64Array): void;
  parts(
    candidate: number,
    seedItems: ArrayLike<number>,
    weights: ArrayLike<number>,
    outParts: Float64Array,
  ): number;
  toBytes(): Uint8Array;
};

export type TasteBlend = Taste & { readonly shares: readonly number[]; readonly members: readonly Taste[] };

const magic = "TrTasteB";
const version = 1;

/**
 * Several models' scores, each times its share, added up; so are the parts. What one model misses another sees, and
 * where they agree they are more often right.
 *
 * Cost: the members'. Source: Bell, Koren and Volinsky, "The BellKor solution to the Netflix Prize", 2007 (linear
 * blending). Not with shares that were not chosen on held-back purchases: `chooseBlend` does that.
 */
export function tasteBlend(members: readonly Taste[], shares: readonly number[]): TasteBlend {
  assert(members.length > 0 && members.length === shares.length, "every member has a share");
  const itemCount = members[0]!.itemCount;
  assert(
    members.every((member) => member.itemCount === itemCount),
    "all members are about the same items",
  );
  const buffer = new Float64Array(itemCount);
  return {
    itemCount,
    members,
    shares,
    scores(seedItems, weights, outScores) {
      assert(outScores.length === itemCount, "there is one score per item");
      for (const [m, member] of members.entries()) {
        member.scores(seedItems, weights, buffer.fill(0));
        for (let item = 0; item < itemCount; item++) outScores[item]! += shares[m]! * buffer[item]!;
      }
    },
    parts(candidate, seedItems, weights, outParts) {
      const own = new Float64Array(seedItems.length);
      outParts.fill(0, 0, seedItems.length);
      let sum = 0;
      for (const [m, member] of members.entries()) {
        sum += shares[m]! * member.parts(candidate, seedItems, weights, own);
        for (let s = 0; s < own.length; s++) outParts[s]! += shares[m]! * own[s]!;
      }
      return sum;
    },
    toBytes: () =>
      writeArrays(magic, version, [Float64Array.from(shares), ...members.map((member) => member.toBytes())]),
  };
}

/** Reads what `toBytes` wrote; members are item models or iALS++. */
export function tasteBlendFromBytes(bytes: Uint8Array): TasteBlend {
  const [shares, ...members] = readArrays(magic, version, bytes);
  assert(shares instanceof Float64Array && shares.length === members.length, "every member has a share");
  return tasteBlend(members.map(memberFrom), [...shares]);
}

function memberFrom(bytes: unknown): Taste {
  assert(bytes instanceof Uint8Array, "a member is bytes of its own");
  return String.fromCharCode(...bytes.subarray(0, 8)) === "TrIalsPP"
    ? ialsFromBytes(bytes)
    : itemModelFromBytes(bytes);
}
