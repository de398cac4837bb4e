import { cholesky, solveLower, solveUpper } from "./cholesky";
import { at } from "./products";
import { rankOne } from "./rank-one";
import { addFour, addOne, solveSmall } from "./small-system";
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
      const isWhole = width % 4 === 0;
      for (let p = 0; p < width; p++) {
        const line = at(gram, dimensions, first + p);
        const cells = at(system, block, p);
        scaled(unobserved, line + shift, cells, width);
        const diagonal = cells + ((<usize>p) << 2);
        store<f32>(diagonal, load<f32>(diagonal) + penalty);
        const slope =
          unobserved * dot(line, own, dimensions) + penalty * load<f32>(own + shift + ((<usize>p) << 2));
        store<f32>(step + ((<usize>p) << 2), slope);
      }
      if (isWhole) {
        addEntries(others + shift, dimensions, list, count, scratch, step, system, width, block);
        if (!solveSmall(system, width, block, step)) return row;
      } else {
        for (let i = 0; i < count; i++) {
          const h = entry(others, dimensions, list, i) + shift;
          axpy(load<f32>(scratch + ((<usize>i) << 2)) - 1, h, step, width);
          rankOne(1, h, system, width, block);
        }
        if (cholesky(system, width, block, work) !== -1) return row;
        solveLower(system, width, block, step);
        solveUpper(system, width, block, step);
      }
      axpy(-1, step, own + shift, width);
      for (let i = 0; i < count; i++) {
        const cell = scratch + ((<usize>i) << 2);
        store<f32>(cell, load<f32>(cell) - dot(entry(others, dimensions, list, i) + shift, step, width));
      }
    }
  }
  return -1;
}

/** system += Σ h · h' and step += Σ (told - 1) · h over the listed rows, four at a time. */
function addEntries(
  others: usize,
  dimensions: i32,
  list: usize,
  count: i32,
  told: usize,
  step: usize,
  system: usize,
  width: i32,
  block: i32,
): void {
  let taken = 0;
  for (; taken + 4 <= count; taken += 4) {
    const w = entry(others, dimensions, list, taken);
    const x = entry(others, dimensions, list, taken + 1);
    const y = entry(others, dimensions, list, taken + 2);
    const z = entry(others, dimensions, list, taken + 3);
    const ofW = off(told, taken);
    const ofX = off(told, taken + 1);
    const ofY = off(told, taken + 2);
    const ofZ = off(told, taken + 3);
    for (let offset: usize = 0; offset < (<usize>width) << 2; offset += 16) {
      const two = f32x4.add(f32x4.mul(ofW, v128.load(w + offset)), f32x4.mul(ofX, v128.load(x + offset)));
      const more = f32x4.add(f32x4.mul(ofY, v128.load(y + offset)), f32x4.mul(ofZ, v128.load(z + offset)));
      v128.store(step + offset, f32x4.add(v128.load(step + offset), f32x4.add(two, more)));
    }
    addFour(w, x, y, z, system, width, block);
  }
  for (; taken < count; taken++) {
    const h = entry(others, dimensions, list, taken);
    axpy(load<f32>(told + ((<usize>taken) << 2)) - 1, h, step, width);
    addOne(h, system, width, block);
  }
}

/** By how much what is told of an entry is above 1, in all four lanes. */
function off(told: usize, i: i32): v128 {
  return f32x4.splat(load<f32>(told + ((<usize>i) << 2)) - 1);
}

/** out = factor · x */
function scaled(factor: f32, x: usize, out: usize, count: i32): void {
  const factors = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const offset = (<usize>i) << 2;
    v128.store(out + offset, f32x4.mul(factors, v128.load(x + offset)));
  }
  for (; i < count; i++) {
    const offset = (<usize>i) << 2;
    store<f32>(out + offset, factor * load<f32>(x + offset));
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
