import { assert } from "@trato/base";
import { checkInteractions, type Interactions, sizes } from "../arrays/interactions.ts";
import type { SparseRows } from "../arrays/sparse.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { workspace } from "../kernels/workspace.ts";
import { dominantSubspace, subspaceBytes } from "../numbers/subspace.ts";
import { type ItemModel, itemModelFrom, rowWriter } from "./item-model.ts";
import { clear, walkFrom, walkOf, walkRow } from "./walk.ts";

/**
 * What a person holds, seen as a signal on the graph of items: let through what neighbours share (one step of the
 * walk, evenly normalised) and the broad tastes (the leading singular directions), then, if asked, sharpen by taking
 * away what the neighbours of the answer say. Nothing is trained.
 *
 * Cost: the walk, and rank × (rounds × interactions + edges looked at); sharpening neighbours² an item. Sources:
 * Shen et al., "How Powerful is Graph Convolution for Recommendation?", CIKM 2021 (GF-CF); Choi et al., "Blurring-
 * Sharpening Process Models for Collaborative Filtering", SIGIR 2023 (BSPM; here one Euler step over pruned edges).
 * Edges lead only to items that share a person with the seed. Not where items are few and people many: EASE is better.
 */
export type GraphFilterOptions = {
  /** How many directions are broad tastes; default 256, at most the number of items. */
  readonly rank?: number;
  /** Their weight beside the walk's; default 0.3. */
  readonly lowPass?: number;
  /** The sharpening step; 0 is GF-CF, BSPM-like from 0.3 to 1; default 0. */
  readonly sharpen?: number;
  /** Edges kept per item; default 200. */
  readonly neighboursMax?: number;
  /** Default 1: of the random start, which leaves traces below 1 % only. */
  readonly seed?: number;
};

const rounds = 6;

/** An item that nobody holds has no edges; without interactions every score is 0. */
export function fitGraphFilter(interactions: Interactions, options: GraphFilterOptions = {}): ItemModel {
  checkInteractions(interactions);
  const { lowPass = 0.3, sharpen = 0, neighboursMax = 200, seed = 1 } = options;
  const rank = Math.min(options.rank ?? 256, interactions.itemCount);
  assert(lowPass >= 0 && sharpen >= 0, "lowPass and sharpen are not negative");
  if (interactions.itemCount === 0) return itemModelFrom(rowWriter(0, neighboursMax).rows());
  const shared = sharedRows(interactions, { rank, lowPass, neighboursMax, seed });
  if (sharpen === 0) return itemModelFrom(shared);
  const plain = sharedRows(interactions, { rank, lowPass: 0, neighboursMax, seed });
  return itemModelFrom(sharpened(shared, plain, sharpen, neighboursMax));
}

type Shared = { rank: number; lowPass: number; neighboursMax: number; seed: number };

/** Row by row: R~'R~ and lowPass · D^-1/2 V V' D^1/2, where R~ is normalised by both sides' degrees. */
function sharedRows(interactions: Interactions, { rank, lowPass, neighboursMax, seed }: Shared): SparseRows {
  const { itemCount } = interactions;
  const walk = walkOf(interactions, 1);
  const root = walk.heldBy.map(Math.sqrt);
  const inverse = root.map((one) => (one === 0 ? 0 : 1 / one));
  const space = workspace(subspaceBytes(interactions, rank) + 8 * itemCount + 64);
  const kernels = wasmKernels(space);
  const personScale = sizes(interactions).map((size) => (size === 0 ? 0 : 1 / Math.sqrt(size)));
  const basis =
    lowPass === 0
      ? undefined
      : dominantSubspace(
          { interactions, personScale, itemScale: inverse },
          { rank, rounds, seed },
          { space, kernels },
        );
  const [list, alike] = [space.ints(itemCount), space.floats(itemCount)];
  const row = walkRow(itemCount);
  const writer = rowWriter(itemCount, neighboursMax);
  for (let item = 0; item < itemCount; item++) {
    const count = walkFrom(walk, item, row);
    list.set(row.touched.subarray(0, count));
    const own = basis?.subarray(item * rank, (item + 1) * rank);
    if (own !== undefined && basis !== undefined) kernels.rowDots(basis, own, alike, list.subarray(0, count));
    for (let t = 0; t < count; t++) {
      const other = row.touched[t]!;
      const broad = own === undefined ? 0 : lowPass * root[other]! * alike[t]!;
      if (other !== item) writer.offer(other, inverse[item]! * (row.sums[other]! * inverse[other]! + broad));
    }
    writer.end();
    clear(row, count);
  }
  return writer.rows();
}

/** B - step · B · P, both pruned; what a row does not reach of itself is not reached through P either. */
function sharpened(b: SparseRows, p: SparseRows, step: number, neighboursMax: number): SparseRows {
  const itemCount = b.starts.length - 1;
  const writer = rowWriter(itemCount, neighboursMax);
  const sums = new Float64Array(itemCount);
  const reached = new Uint8Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    const own = b.columns.subarray(b.starts[item], b.starts[item + 1]);
    for (const [n, other] of own.entries()) {
      sums[other] = b.values[b.starts[item]! + n]!;
      reached[other] = 1;
    }
    for (const [n, other] of own.entries()) {
      const weight = step * b.values[b.starts[item]! + n]!;
      for (let at = p.starts[other]!; at < p.starts[other + 1]!; at++) {
        if (reached[p.columns[at]!] === 1) sums[p.columns[at]!]! -= weight * p.values[at]!;
      }
    }
    for (const other of own) {
      writer.offer(other, sums[other]!);
      [sums[other], reached[other]] = [0, 0];
    }
    writer.end();
  }
  return writer.rows();
}
