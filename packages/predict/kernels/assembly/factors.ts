import { cholesky, solveLower, solveUpper } from "./cholesky";
import { at } from "./products";
import { rankFour, rankOne } from "./rank-one";
import { axpy, dot } from "./vectors";

/**
 * One side of a round of iALS++: each row of `factors` takes, block by block of its dimensions, the step to the least
 * of Σ (w·h - 1)² over its entries + unobserved · w'Gw + penalty · w², where h are rows of `others` and G is theirs
 * times themselves. `scratch` holds the predictions of the longest row, then `block` · (`block` + 65) floats.
 * Returns the row whose system is not positive definite, or -1.
 */
export function factorSide(
  starts: usize,
  columns: usize,
  rowCount: i32,
  factors: usize,
  others: usize,
  gram: usize,
  dimensions: i32,
  block: i32,
  unobserved: f32,
  penalties: usize,
  longest: i32,
  scratch: usize,
): i32 {
  const system = scratch + ((<usize>longest) << 2);
  const step = system + ((<usize>(block * block)) << 2);
  const work = step + ((<usize>block) << 2);
  for (let row = 0; row < rowCount; row++) {
    const from = load<i32>(starts + ((<usize>row) << 2));
    const count = load<i32>(starts + ((<usize>(row + 1)) << 2)) - from;
    const own = at(factors, dimensions, row);
    const list = columns + ((<usize>from) << 2);
    const penalty = load<f32>(penalties + ((<usize>row) << 2));
    if (count === 0) {
      memory.fill(own, 0, (<usize>dimensions) << 2);
      continue;
    }
    for (let i = 0; i < count; i++) {
      store<f32>(scratch + ((<usize>i) << 2), dot(own, entry(others, dimensions, list, i), dimensions));
    }
    for (let first = 0; first < dimensions; first += block) {
      const width = min(block, dimensions - first);
      const shift = (<usize>first) << 2;
      for (let p = 0; p < width; p++) {
        const line = at(gram, dimensions, first + p);
        for (let q = 0; q <= p; q++) {
          const value = unobserved * load<f32>(line + ((<usize>(first + q)) << 2));
          store<f32>(at(system, block, p) + ((<usize>q) << 2), q === p ? value + penalty : value);
        }
        const slope =
          unobserved * dot(line, own, dimensions) + penalty * load<f32>(own + shift + ((<usize>p) << 2));
        store<f32>(step + ((<usize>p) << 2), slope);
      }
      for (let i = 0; i < count; i++) {
        const h = entry(others, dimensions, list, i) + shift;
        axpy(load<f32>(scratch + ((<usize>i) << 2)) - 1, h, step, width);
      }
      addProducts(others + shift, dimensions, list, count, system, width, block);
      if (cholesky(system, width, block, work) !== -1) return row;
      solveLower(system, width, block, step);
      solveUpper(system, width, block, step);
      axpy(-1, step, own + shift, width);
      for (let i = 0; i < count; i++) {
        const cell = scratch + ((<usize>i) << 2);
        store<f32>(cell, load<f32>(cell) - dot(entry(others, dimensions, list, i) + shift, step, width));
      }
    }
  }
  return -1;
}

/** system += Σ h · h' over the listed rows, four at a time where the width allows. */
function addProducts(
  others: usize,
  dimensions: i32,
  list: usize,
  count: i32,
  system: usize,
  width: i32,
  block: i32,
): void {
  let taken = 0;
  for (; width % 4 === 0 && taken + 4 <= count; taken += 4) {
    const w = entry(others, dimensions, list, taken);
    const x = entry(others, dimensions, list, taken + 1);
    const y = entry(others, dimensions, list, taken + 2);
    const z = entry(others, dimensions, list, taken + 3);
    rankFour(w, x, y, z, system, width, block);
  }
  for (; taken < count; taken++) {
    rankOne(1, entry(others, dimensions, list, taken), system, width, block);
  }
}

/** out_i = matrix_i · x, for each row of a matrix. */
export function rowDots(matrix: usize, rows: i32, width: i32, x: usize, out: usize): void {
  for (let row = 0; row < rows; row++) {
    store<f32>(out + ((<usize>row) << 2), dot(at(matrix, width, row), x, width));
  }
}

/** The same for some of the rows only. */
export function someRowDots(matrix: usize, list: usize, count: i32, width: i32, x: usize, out: usize): void {
  for (let i = 0; i < count; i++) {
    store<f32>(out + ((<usize>i) << 2), dot(entry(matrix, width, list, i), x, width));
  }
}

function entry(others: usize, dimensions: i32, list: usize, i: i32): usize {
  return at(others, dimensions, load<i32>(list + ((<usize>i) << 2)));
}
