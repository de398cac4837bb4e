import { assert, chance, normal } from "@trato/base";
import { type Interactions, turned } from "../arrays/interactions.ts";
import type { Kernels, ScaledSparse } from "../kernels/kernels.ts";
import type { Workspace } from "../kernels/workspace.ts";

/**
 * The directions in which the items vary most: a basis of the `rank` leading right singular vectors' space of the
 * interactions, scaled by rows and columns. Block power iteration: multiply by the matrix and back, and make the
 * basis orthonormal again, `rounds` times. An item's row of the basis is `rank` floats from item × rank; directions
 * that the matrix does not have are 0.
 *
 * Cost: rounds × rank × (4 × interactions + 2 × items × rank). Source: Halko, Martinsson and Tropp, SIAM Review
 * 53(2), 2011. Not for single singular vectors: those near the last one kept are found as a space, not one by one.
 */
export function dominantSubspace(
  given: { interactions: Interactions; personScale: Float64Array; itemScale: Float64Array },
  settings: { rank: number; rounds: number; seed: number },
  { space, kernels }: { space: Workspace; kernels: Kernels },
): Float32Array {
  const { interactions, personScale, itemScale } = given;
  const { rank, rounds } = settings;
  const { personCount, itemCount } = interactions;
  assert(rank > 0 && rank <= itemCount, "the rank is from 1 to the number of items");
  const [persons, items] = [filled(space, personScale), filled(space, itemScale)];
  const there = scaled(interactions, persons, items, space);
  const back = scaled(turned(interactions), items, persons, space);
  const byItem = space.floats(itemCount * rank);
  const byPerson = space.floats(personCount * rank);
  const byDirection = space.floats(itemCount * rank);
  const draw = chance(settings.seed);
  for (let at = 0; at < byItem.length; at++) byItem[at] = normal(draw);
  for (let round = 0; round < rounds; round++) {
    kernels.sparseTimes(there, byItem, rank, byPerson.fill(0));
    kernels.sparseTimes(back, byPerson, rank, byItem.fill(0));
    transpose(byItem, byDirection, itemCount, rank);
    orthonormalise(byDirection, itemCount, rank, kernels);
    transpose(byDirection, byItem, rank, itemCount);
  }
  return byItem;
}

/** The bytes of workspace that `dominantSubspace` takes. */
export function subspaceBytes({ personCount, itemCount, itemOf }: Interactions, rank: number): number {
  return (
    4 * (rank * (personCount + 2 * itemCount) + 2 * itemOf.length + 2 * (personCount + itemCount) + 2) + 256
  );
}

function filled(space: Workspace, values: Float64Array): Float32Array {
  const array = space.floats(values.length);
  array.set(values);
  return array;
}

function scaled(
  { starts, itemOf }: Interactions,
  rowScale: Float32Array,
  columnScale: Float32Array,
  space: Workspace,
): ScaledSparse {
  const [ownStarts, columns] = [space.ints(starts.length), space.ints(itemOf.length)];
  ownStarts.set(starts);
  columns.set(itemOf);
  return { starts: ownStarts, columns, rowScale, columnScale };
}

function transpose(from: Float32Array, to: Float32Array, rows: number, columns: number): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) to[column * rows + row] = from[row * columns + column]!;
  }
}

/** What is left of a direction when less than this is its own, is rounding. */
const ownMin = 1e-4;

/** Gram and Schmidt's, twice per direction so that single precision suffices; what depends on others becomes 0. */
function orthonormalise(directions: Float32Array, length: number, rank: number, kernels: Kernels): void {
  const of = (k: number) => directions.subarray(k * length, (k + 1) * length);
  const all = Array.from({ length: rank }, (_, k) => of(k));
  for (const [k, own] of all.entries()) {
    const before = Math.sqrt(kernels.dot(own, own));
    for (const other of [...all.slice(0, k), ...all.slice(0, k)])
      kernels.axpy(-kernels.dot(own, other), other, own);
    const left = Math.sqrt(kernels.dot(own, own));
    if (left <= ownMin * before) own.fill(0);
    else for (let at = 0; at < length; at++) own[at]! /= left;
  }
}
