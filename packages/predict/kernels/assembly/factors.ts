import { cholesky, solveLower, solveUpper } from "./cholesky";
import { at } from "./products";
import { rankOne } from "./rank-one";
import { solveSmall } from "./small-system";
import { solveEight } from "./solve-eight";
import { addSquares } from "./squares";
import { axpy, dot, totals } from "./vectors";

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
      const h = others + shift;
      beginSystem(at(gram, dimensions, first) + shift, dimensions, unobserved, penalty, system, width, block);
      if (width % 4 === 0 && dimensions % 4 === 0 && block % 4 === 0) {
        slopes(at(gram, dimensions, first), dimensions, own, unobserved, step, width);
        axpy(penalty, own + shift, step, width);
        addSlopes(h, dimensions, list, count, scratch, step, width);
        addSquares(h, dimensions, list, count, system, width, block);
        if (!solveFours(system, step, width, block)) return row;
        takeStep(h, dimensions, list, count, scratch, step, width);
      } else {
        rowDots(at(gram, dimensions, first), width, dimensions, own, step);
        scaled(unobserved, step, step, width);
        axpy(penalty, own + shift, step, width);
        addByOnes(h, dimensions, list, count, scratch, step, system, width, block);
        if (cholesky(system, width, block, work) !== -1) return row;
        solveLower(system, width, block, step);
        solveUpper(system, width, block, step);
        takeStep(h, dimensions, list, count, scratch, step, width);
      }
      axpy(-1, step, own + shift, width);
    }
  }
  return -1;
}

function solveFours(system: usize, step: usize, width: i32, block: i32): bool {
  return width === 8 && block === 8 ? solveEight(system, step) : solveSmall(system, width, block, step);
}

/** What all rows share: a block of the gram, times `unobserved`, and the row's penalty on its diagonal. */
function beginSystem(
  cells: usize,
  dimensions: i32,
  unobserved: f32,
  penalty: f32,
  system: usize,
  width: i32,
  block: i32,
): void {
  for (let p = 0; p < width; p++) {
    const line = at(system, block, p);
    scaled(unobserved, at(cells, dimensions, p), line, width);
    const diagonal = line + ((<usize>p) << 2);
    store<f32>(diagonal, load<f32>(diagonal) + penalty);
  }
}

/** step += Σ (told - 1) · h and system += Σ h · h', one after the other, for blocks of any width. */
function addByOnes(
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
  for (let i = 0; i < count; i++) {
    const h = entry(others, dimensions, list, i);
    axpy(load<f32>(told + ((<usize>i) << 2)) - 1, h, step, width);
    rankOne(1, h, system, width, block);
  }
}

/** step += Σ (told - 1) · h over the listed rows; `width` is a multiple of four. */
function addSlopes(
  others: usize,
  dimensions: i32,
  list: usize,
  count: i32,
  told: usize,
  step: usize,
  width: i32,
): void {
  const one = f32x4.splat(1);
  let offset: usize = 0;
  for (; offset + 32 <= (<usize>width) << 2; offset += 32) {
    let low = v128.load(step + offset);
    let high = v128.load(step + offset, 16);
    for (let i = 0; i < count; i++) {
      const h = entry(others, dimensions, list, i) + offset;
      const off = f32x4.sub(v128.load32_splat(told + ((<usize>i) << 2)), one);
      low = f32x4.add(low, f32x4.mul(off, v128.load(h)));
      high = f32x4.add(high, f32x4.mul(off, v128.load(h, 16)));
    }
    v128.store(step + offset, low);
    v128.store(step + offset, high, 16);
  }
  if (offset < (<usize>width) << 2) {
    let low = v128.load(step + offset);
    for (let i = 0; i < count; i++) {
      const h = entry(others, dimensions, list, i) + offset;
      const off = f32x4.sub(v128.load32_splat(told + ((<usize>i) << 2)), one);
      low = f32x4.add(low, f32x4.mul(off, v128.load(h)));
    }
    v128.store(step + offset, low);
  }
}

/** told -= h · step over the listed rows; four at a time where `width` is a multiple of four. */
function takeStep(
  others: usize,
  dimensions: i32,
  list: usize,
  count: i32,
  told: usize,
  step: usize,
  width: i32,
): void {
  const end = (<usize>width) << 2;
  let taken = 0;
  for (; width % 4 === 0 && taken + 4 <= count; taken += 4) {
    const w = entry(others, dimensions, list, taken);
    const x = entry(others, dimensions, list, taken + 1);
    const y = entry(others, dimensions, list, taken + 2);
    const z = entry(others, dimensions, list, taken + 3);
    const cells = told + ((<usize>taken) << 2);
    v128.store(cells, f32x4.sub(v128.load(cells), fourDots(w, x, y, z, step, end)));
  }
  for (; taken < count; taken++) {
    const cell = told + ((<usize>taken) << 2);
    store<f32>(cell, load<f32>(cell) - dot(entry(others, dimensions, list, taken), step, width));
  }
}

/** The dot products of four vectors of `end` bytes with another. */
function fourDots(w: usize, x: usize, y: usize, z: usize, other: usize, end: usize): v128 {
  let ofW = f32x4.splat(0);
  let ofX = ofW;
  let ofY = ofW;
  let ofZ = ofW;
  for (let offset: usize = 0; offset < end; offset += 16) {
    const o = v128.load(other + offset);
    ofW = f32x4.add(ofW, f32x4.mul(o, v128.load(w + offset)));
    ofX = f32x4.add(ofX, f32x4.mul(o, v128.load(x + offset)));
    ofY = f32x4.add(ofY, f32x4.mul(o, v128.load(y + offset)));
    ofZ = f32x4.add(ofZ, f32x4.mul(o, v128.load(z + offset)));
  }
  return totals(ofW, ofX, ofY, ofZ);
}

/** out_p = factor · gram_p · own for the lines p of one block, four at a time; `width` and `dimensions` are fours. */
function slopes(lines: usize, dimensions: i32, own: usize, factor: f32, out: usize, width: i32): void {
  const next = (<usize>dimensions) << 2;
  const factors = f32x4.splat(factor);
  for (let p = 0; p < width; p += 4) {
    const w = at(lines, dimensions, p);
    const dots = fourDots(w, w + next, w + 2 * next, w + 3 * next, own, next);
    v128.store(out + ((<usize>p) << 2), f32x4.mul(factors, dots));
  }
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
