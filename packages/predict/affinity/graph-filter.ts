import { assert } from "@trato/base";
import { checkInteractions, type Interactions, sizes, turned } from "../arrays/interactions.ts";
import type { ScaledSparse } from "../kernels/kernels.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { workspace } from "../kernels/workspace.ts";
import { dominantSubspace, subspaceBytes } from "../numbers/subspace.ts";
import { type ItemModel, itemModelFrom, rowWriter } from "./item-model.ts";

/**
 * What a person holds, seen as a signal on the graph of items: let through what neighbours share (one step of the
 * walk, evenly normalised) and the broad tastes (the leading singular directions), then, if asked, sharpen for some
 * time by taking away what the neighbours of the answer say. Nothing is trained.
 *
 * Cost, per item: rank × items, and 2 × interactions for each step of the walk (five with sharpening); memory for
 * items × rank. Gowalla, rank 256: 72 s of one core, 154 with sharpening. Sources: Shen et al., "How Powerful is
 * Graph Convolution for Recommendation?", CIKM 2021 (GF-CF); Choi et al., "Blurring-Sharpening Process Models for
 * Collaborative Filtering", SIGIR 2023 (BSPM, early merge). Not where items are few and people many: EASE is better.
 */
export type GraphFilterOptions = {
  /** How many directions are broad tastes; default 256, at most the number of items. */
  readonly rank?: number;
  /** Their weight beside the walk's; default 0.3. */
  readonly lowPass?: number;
  /** For how long is sharpened, in one Runge-Kutta step; 0 is GF-CF, BSPM takes 2.5 on Gowalla; default 0. */
  readonly sharpen?: number;
  /** Edges kept per item, the strongest; default 200. What is left out is all that differs from the sources. */
  readonly neighboursMax?: number;
  /** Default 1: of the random start, which leaves traces below 1 % only. */
  readonly seed?: number;
  /** Called as it goes with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

/** Items that are filtered together; a row of the blocks is then a cache line's multiple. */
const together = 32;
/** Weights so much weaker than their row's strongest are rounding of the directions. */
const faint = 1e-5;

/** An item that nobody holds has no edges; without interactions every score is 0. */
export function fitGraphFilter(interactions: Interactions, options: GraphFilterOptions = {}): ItemModel {
  checkInteractions(interactions);
  const { lowPass = 0.3, sharpen = 0, neighboursMax = 200, seed = 1, progress } = options;
  assert(lowPass >= 0 && sharpen >= 0, "lowPass and sharpen are not negative");
  const { itemCount } = interactions;
  const writer = rowWriter(itemCount, neighboursMax);
  if (itemCount === 0) return itemModelFrom(writer.rows());
  const rank = Math.min(options.rank ?? 256, itemCount);
  const filter = filterOf(interactions, { rank, lowPass, sharpen, seed });
  for (let first = 0; first < itemCount; first += together) {
    const block = filter(first);
    for (let item = first; item < Math.min(itemCount, first + together); item++) {
      const offset = item - first;
      let strongest = 0;
      for (let other = 0; other < itemCount; other++) {
        if (other !== item) strongest = Math.max(strongest, Math.abs(block[other * together + offset]!));
      }
      for (let other = 0; other < itemCount; other++) {
        const value = block[other * together + offset]!;
        if (other !== item && Math.abs(value) > faint * strongest) writer.offer(other, value);
      }
      writer.end();
    }
    progress?.(Math.min(1, (first + together) / itemCount));
  }
  return itemModelFrom(writer.rows());
}

type Settings = { rank: number; lowPass: number; sharpen: number; seed: number };

/**
 * Answers what each of the `together` items from `first` on says of every item, an item's row after the other; a
 * view that the next call overwrites. With C the walk R~'R~ and L the low pass, it is (C + lowPass · L) · p(C) of a
 * single item, p being what one Runge-Kutta step of dx/dt = -Cx makes of e^(-Ct): 1 - Ct + ... + (Ct)^4 / 24.
 */
function filterOf(interactions: Interactions, settings: Settings): (first: number) => Float32Array {
  const { itemCount } = interactions;
  const { lowPass, sharpen } = settings;
  const graph = graphOf(interactions, settings.rank);
  const { kernels, walk, walked } = graph;
  const addBroad = lowPass === 0 ? undefined : broadTastes(interactions, graph, settings);
  const [own, signal] = [graph.block(), graph.block()];
  return (first) => {
    signal.fill(0);
    for (let offset = 0; offset < Math.min(together, itemCount - first); offset++) {
      signal[(first + offset) * together + offset] = 1;
    }
    walk(signal);
    own.set(walked);
    addBroad?.(first, own);
    if (sharpen === 0) return own;
    signal.set(own);
    for (let power = 4; power >= 1; power--) {
      walk(signal);
      signal.set(own);
      kernels.axpy(-sharpen / power, walked, signal);
    }
    return signal;
  };
}

/** The interactions normalised by both sides' degrees, ready to be walked `together` items at a time. */
function graphOf(interactions: Interactions, rank: number) {
  const { itemCount, personCount, itemOf } = interactions;
  const inverse = (count: number) => (count === 0 ? 0 : 1 / Math.sqrt(count));
  const byItem = turned(interactions);
  const [personScale, itemScale] = [sizes(interactions).map(inverse), sizes(byItem).map(inverse)];
  const depth = Math.ceil(rank / 4) * 4;
  const matrices = 8 * (itemOf.length + 2 * (itemCount + personCount)) + 4 * depth * itemCount;
  const blocks = 4 * together * (3 * itemCount + personCount + depth);
  const space = workspace(subspaceBytes(interactions, rank) + matrices + blocks + 4_096);
  const kernels = wasmKernels(space);
  const scaled = (rows: Interactions, own: Float64Array, other: Float64Array): ScaledSparse => {
    const [starts, columns] = [space.ints(rows.starts.length), space.ints(rows.itemOf.length)];
    const [rowScale, columnScale] = [space.floats(own.length), space.floats(other.length)];
    starts.set(rows.starts);
    columns.set(rows.itemOf);
    rowScale.set(own);
    columnScale.set(other);
    return { starts, columns, rowScale, columnScale };
  };
  const there = scaled(interactions, personScale, itemScale);
  const back = scaled(byItem, itemScale, personScale);
  const block = () => space.floats(itemCount * together);
  const [byPerson, walked] = [space.floats(personCount * together), block()];
  const walk = (from: Float32Array): void => {
    kernels.sparseTimes(there, from, together, byPerson.fill(0));
    kernels.sparseTimes(back, byPerson, together, walked.fill(0));
  };
  return { personScale, itemScale, depth, space, kernels, block, walk, walked };
}

/** Adds to a block what each of its items says of all through the leading directions: lowPass · D^-1/2 V V' D^1/2. */
function broadTastes(
  interactions: Interactions,
  { personScale, itemScale, depth, space, kernels }: ReturnType<typeof graphOf>,
  { rank, lowPass, seed }: Settings,
): (first: number, out: Float32Array) => void {
  const { itemCount } = interactions;
  const given = { interactions, personScale, itemScale };
  const basis = dominantSubspace(given, { rank, rounds, seed }, { space, kernels });
  const heard = space.floats(itemCount * depth);
  for (let item = 0; item < itemCount; item++) {
    const root = itemScale[item]! === 0 ? 0 : 1 / itemScale[item]!;
    for (let k = 0; k < rank; k++) heard[item * depth + k] = root * basis[item * rank + k]!;
  }
  const asked = space.floats(together * depth);
  return (first, out) => {
    asked.fill(0);
    for (let offset = 0; offset < Math.min(together, itemCount - first); offset++) {
      const weight = -lowPass * itemScale[first + offset]!;
      const from = (first + offset) * rank;
      for (let k = 0; k < rank; k++) asked[offset * depth + k] = weight * basis[from + k]!;
    }
    kernels.subtractAllProducts(out, heard, asked, depth);
  };
}

const rounds = 6;
