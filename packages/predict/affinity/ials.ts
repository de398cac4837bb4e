import { assert, chance, normal } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { checkInteractions, type Interactions, turned } from "../arrays/interactions.ts";
import type { FactorSide } from "../kernels/kernels.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { type Workspace, workspace } from "../kernels/workspace.ts";

/**
 * iALS++: persons and items as points, so that what is held lies near 1 and all else, weakly, near 0. Each side in
 * turn takes the exact best step while the other stands still, a block of dimensions at a time. A person is only what
 * they hold, solved anew when asked, so that strangers are served and each item's part can be told.
 *
 * Cost per round: interactions × dimensions × (block + 4). Sources: Hu, Koren and Volinsky, ICDM 2008 (model and
 * explanation); Rendle et al., "iALS++: Speeding up Matrix Factorization with Subspace Optimization", 2021, and
 * "Revisiting the Performance of iALS", RecSys 2022 (penalties by frequency). Not for microseconds: it scores every
 * item for every person.
 */
export type Ials = {
  readonly itemCount: number;
  readonly dimensions: number;
  /** Adds to `outScores` what weighted seeds say of every item. Cost: (seeds + items) × dimensions + dimensions³ / 3. */
  scores(seedItems: ArrayLike<number>, weights: ArrayLike<number>, outScores: Float64Array): void;
  /** Writes each seed's part of the candidate's score, among these seeds; returns their sum. */
  parts(
    candidate: number,
    seedItems: ArrayLike<number>,
    weights: ArrayLike<number>,
    outParts: Float64Array,
  ): number;
  toBytes(): Uint8Array;
};

export type IalsOptions = {
  /** Default 64. */
  readonly dimensions?: number;
  /** Rounds over both sides; default 10. */
  readonly rounds?: number;
  /**
   * What a pair that is not held weighs beside one that is; default 600 over the number of items, at most 0.3: on what
   * was held back of Gowalla and MovieLens the best lay at 410 to 910.
   */
  readonly unobserved?: number;
  /** Times (entries + unobserved × all there could be): the penalty of a row; default 0.005. */
  readonly regularisation?: number;
  /** Dimensions solved together; default 8, for which the solver is written out: on Gowalla as good as 16 and 32. */
  readonly block?: number;
  readonly seed?: number;
  /** Called after every round with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

const magic = "TrIalsPP";
const version = 1;
const unobservedMax = 0.3;
const unobservedItems = 600;

/** Without interactions every score is 0. */
export function fitIals(interactions: Interactions, options: IalsOptions = {}): Ials {
  checkInteractions(interactions);
  const {
    dimensions = 64,
    rounds = 10,
    unobserved = Math.min(unobservedMax, unobservedItems / Math.max(1, interactions.itemCount)),
    regularisation = 0.005,
    seed = 1,
    progress,
  } = options;
  const block = Math.min(options.block ?? 8, dimensions);
  assert(Number.isSafeInteger(dimensions) && dimensions > 0 && block > 0, "there is at least one dimension");
  assert(unobserved > 0 && regularisation > 0, "unobserved and regularisation are above 0");
  const { personCount, itemCount } = interactions;
  const space = workspace(bytesFor(interactions, dimensions, block));
  const kernels = wasmKernels(space);
  const [persons, items] = [space.floats(personCount * dimensions), space.floats(itemCount * dimensions)];
  const draw = chance(seed);
  const spread = 0.1 / Math.sqrt(dimensions);
  for (const side of [persons, items])
    for (let at = 0; at < side.length; at++) side[at] = spread * normal(draw);
  const gram = space.floats(dimensions ** 2);
  const shape = { dimensions, block, unobserved, gram };
  const sides = [
    {
      ...side(interactions, space, unobserved, regularisation, block),
      factors: persons,
      others: items,
      ...shape,
    },
    {
      ...side(turned(interactions), space, unobserved, regularisation, block),
      factors: items,
      others: persons,
      ...shape,
    },
  ];
  for (let round = 0; round < rounds; round++) {
    for (const one of sides) {
      kernels.gram(one.others, dimensions, gram);
      assert(kernels.factorSide(one) === -1, "a penalty keeps every system positive definite");
    }
    progress?.((round + 1) / rounds);
  }
  return ialsFrom(items.slice(), { dimensions, unobserved, regularisation });
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function ialsFromBytes(bytes: Uint8Array): Ials {
  const [items, shape, ...rest] = readArrays(magic, version, bytes);
  const right = items instanceof Float32Array && shape instanceof Float64Array && shape.length === 3;
  assert(right && rest.length === 0, "an iALS model is one array of floats and its shape");
  const [dimensions, unobserved, regularisation] = [shape[0]!, shape[1]!, shape[2]!];
  assert(dimensions > 0 && items.length % dimensions === 0, "every item has all dimensions");
  return ialsFrom(items, { dimensions, unobserved, regularisation });
}

function bytesFor(
  { personCount, itemCount, itemOf }: Interactions,
  dimensions: number,
  block: number,
): number {
  const rows = personCount + itemCount;
  const scratch = rows + 2 * block * (block + 65);
  return 4 * (rows * (dimensions + 2) + 2 * itemOf.length + dimensions ** 2 + scratch + 4) + 512;
}

function side(
  { starts, itemOf, itemCount }: Interactions,
  space: Workspace,
  unobserved: number,
  regularisation: number,
  block: number,
): Pick<FactorSide, "starts" | "columns" | "penalties" | "longest" | "scratch"> {
  const rows = starts.length - 1;
  const own = {
    starts: space.ints(rows + 1),
    columns: space.ints(itemOf.length),
    penalties: space.floats(rows),
  };
  own.starts.set(starts);
  own.columns.set(itemOf);
  let longest = 0;
  for (let row = 0; row < rows; row++) {
    const count = starts[row + 1]! - starts[row]!;
    longest = Math.max(longest, count);
    own.penalties[row] = regularisation * (count + unobserved * itemCount);
  }
  return { ...own, longest, scratch: space.floats(longest + block * (block + 65)) };
}

type Shape = { readonly dimensions: number; readonly unobserved: number; readonly regularisation: number };

function ialsFrom(factors: Float32Array, { dimensions, unobserved, regularisation }: Shape): Ials {
  const itemCount = factors.length / dimensions;
  const space = workspace(4 * (factors.length + itemCount + dimensions * (2 * dimensions + 66)) + 256);
  const kernels = wasmKernels(space);
  const items = space.floats(factors.length);
  items.set(factors);
  const [gram, system, work] = [
    space.floats(dimensions ** 2),
    space.floats(dimensions ** 2),
    space.floats(64 * dimensions),
  ];
  const [point, out] = [space.floats(dimensions), space.floats(itemCount)];
  const square = { values: system, size: dimensions, stride: dimensions };
  kernels.gram(items, dimensions, gram);
  const of = (item: number) => {
    assert(item >= 0 && item < itemCount, `an item is below ${itemCount}`);
    return items.subarray(item * dimensions, (item + 1) * dimensions);
  };
  const solve = (seedItems: ArrayLike<number>, weights: ArrayLike<number>) => {
    assert(seedItems.length === weights.length, "there is one weight per seed");
    const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
    for (let at = 0; at < system.length; at++) system[at] = unobserved * gram[at]!;
    for (let d = 0; d < dimensions; d++)
      system[d * dimensions + d]! += regularisation * (total + unobserved * itemCount);
    for (let s = 0; s < seedItems.length; s++) kernels.rankOne(weights[s]!, of(seedItems[s]!), square);
    assert(kernels.cholesky(square, work) === -1, "weights are not negative");
    return (target: Float32Array) => {
      kernels.solveLower(square, target);
      kernels.solveUpper(square, target);
    };
  };
  return {
    itemCount,
    dimensions,
    scores(seedItems, weights, outScores) {
      assert(outScores.length === itemCount, "there is one score per item");
      if (seedItems.length === 0) return;
      const into = solve(seedItems, weights);
      point.fill(0);
      for (let s = 0; s < seedItems.length; s++) kernels.axpy(weights[s]!, of(seedItems[s]!), point);
      into(point);
      kernels.rowDots(items, point, out);
      for (let item = 0; item < itemCount; item++) outScores[item]! += out[item]!;
    },
    parts(candidate, seedItems, weights, outParts) {
      point.set(of(candidate));
      solve(seedItems, weights)(point);
      let sum = 0;
      for (let s = 0; s < seedItems.length; s++) {
        outParts[s] = weights[s]! * kernels.dot(point, of(seedItems[s]!));
        sum += outParts[s]!;
      }
      return sum;
    },
    toBytes: () =>
      writeArrays(magic, version, [items, Float64Array.of(dimensions, unobserved, regularisation)]),
  };
}
