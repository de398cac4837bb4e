import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { chance } from "@trato/base";
import fc from "fast-check";
import { inversionBytes, inversionWork, type Kernels, type Square } from "./kernels.ts";
import { plainKernels } from "./plain.ts";
import { wasmKernels } from "./wasm.ts";
import { type Workspace, workspace } from "./workspace.ts";

/** Sums of single-precision products differ by their sequence: some 1e-7 of what was added, times a little. */
const roundingMax = 1e-5;

/** The same arrays twice, for the WebAssembly and for its twin, from one seed. */
function both(seed: number, bytes = 4 * 65_536) {
  const sides = ([plainKernels, undefined] as const).map((given) => {
    const space = workspace(bytes);
    return { kernels: given ?? wasmKernels(space), space, draw: chance(seed) };
  });
  return sides as [Side, Side];
}
type Side = { kernels: Kernels; space: Workspace; draw: () => number };

const random = ({ space, draw }: Side, count: number) => space.floats(count).map(() => draw() - 0.5);
function fresh(side: Side, count: number): Float32Array {
  const values = side.space.floats(count);
  values.set(random(side, count));
  return values;
}

/** Positive definite: random below the diagonal, heavy on it; what stands above is a warning to readers. */
function definite(side: Side, size: number, stride = size): Square {
  const values = side.space.floats(size * stride).fill(Number.NaN);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) values[row * stride + column] = side.draw() - 0.5;
    values[row * stride + row] = 1 + size / 2;
  }
  return { values, size, stride };
}

function close(one: ArrayLike<number>, other: ArrayLike<number>, scale = 1): void {
  assert.equal(one.length, other.length);
  for (let i = 0; i < one.length; i++) {
    if (Number.isNaN(one[i]) && Number.isNaN(other[i])) continue;
    assert.ok(Math.abs(one[i]! - other[i]!) <= roundingMax * scale, `${i}: ${one[i]} and ${other[i]}`);
  }
}

const seeds = fc.nat(1e6);
const few = fc.integer({ min: 0, max: 90 });

test("vectors: dot, axpy, rank-one and outer updates are their twin's within rounding", () => {
  fc.assert(
    fc.property(seeds, few, (seed, count) => {
      const [plain, wasm] = both(seed).map((side) => {
        const [x, y] = [fresh(side, count), fresh(side, count)];
        const a = definite(side, count, count + 3);
        const m = fresh(side, count * count);
        const sum = side.kernels.dot(x, y);
        side.kernels.axpy(0.7, x, y);
        side.kernels.rankOne(-1.3, x, a);
        side.kernels.outer(0.3, x, y, m);
        return [[sum], y, a.values, m] as const;
      });
      for (const i of plain!.keys()) close(plain![i]!, wasm![i]!, 10);
    }),
    { numRuns: 40 },
  );
});

test("matrices: products, Cholesky, triangular solutions and inverses are their twin's within rounding", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 200 }), (seed, size) => {
      const [plain, wasm] = both(seed, 4_000_000).map((side) => {
        const depth = 4 * (size % 5);
        const [c, l, inverse] = [definite(side, size), definite(side, size, size + 5), definite(side, size)];
        side.kernels.subtractProducts(c, fresh(side, size * depth), fresh(side, size * depth), depth);
        assert.equal(side.kernels.cholesky(l, side.space.floats(64 * size)), -1);
        const wide = fresh(side, size * 7);
        if (depth > 0)
          side.kernels.subtractAllProducts(wide, fresh(side, size * depth), fresh(side, 7 * depth), depth);
        const [x, y] = [fresh(side, size), fresh(side, size)];
        side.kernels.solveLower(l, x);
        side.kernels.solveUpper(l, y);
        assert.equal(side.kernels.invert(inverse, inversionWork(side.space, size)), -1);
        return [c.values, wide, l.values, x, y, inverse.values] as const;
      });
      for (const i of plain!.keys()) close(plain![i]!, wasm![i]!, 10);
    }),
    { numRuns: 20 },
  );
});

test("an inverse times its matrix is one, also over several blocks of rows", () => {
  const size = 300;
  const space = workspace(4 * size * size + inversionBytes(size));
  const a = definite({ kernels: plainKernels, space, draw: chance(5) }, size);
  const before = a.values.slice();
  assert.equal(wasmKernels(space).invert(a, inversionWork(space, size)), -1);
  const full = (values: Float32Array, i: number, j: number) =>
    values[Math.max(i, j) * size + Math.min(i, j)]!;
  for (let i = 0; i < size; i += 37) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += full(before, i, k) * full(a.values, k, j);
      assert.ok(Math.abs(sum - (i === j ? 1 : 0)) < 1e-4);
    }
  }
});

test("what is not positive definite is told by the row, by both", () => {
  for (const side of both(3, 2_000_000)) {
    const a = definite(side, 140);
    a.values[133 * 140 + 133] = -1;
    const same = { ...a, values: side.space.floats(a.values.length) };
    same.values.set(a.values);
    assert.equal(side.kernels.cholesky(a, side.space.floats(64 * 140)), 133);
    assert.ok(side.kernels.invert(same, inversionWork(side.space, 140)) >= 128);
  }
});

test("sparse products, the top and histograms are their twin's, equal scores by ascending index", () => {
  fc.assert(
    fc.property(
      seeds,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 12 }),
      (seed, count, few) => {
        const [plain, wasm] = both(seed).map((side) => {
          const { space, draw, kernels } = side;
          const starts = space.ints(count + 1);
          for (let row = 0; row < count; row++) starts[row + 1] = starts[row]! + Math.floor(3 * draw());
          const columns = space.ints(starts[count]!);
          for (let i = 0; i < columns.length; i++) columns[i] = Math.floor(draw() * few);
          const matrix = { starts, columns, rowScale: fresh(side, count), columnScale: fresh(side, few) };
          const out = space.floats(7 * count);
          kernels.sparseTimes(matrix, fresh(side, 7 * few), 7, out);
          const scores = space.floats(count);
          for (let i = 0; i < count; i++) scores[i] = draw() < 0.1 ? Number.NaN : Math.floor(5 * draw());
          const [kept, indexes] = [space.floats(few), space.ints(few)];
          const held = kernels.top(scores, kept, indexes);
          const rows = space.ints(count);
          for (let i = 0; i < count; i++) rows[i] = Math.floor(draw() * count);
          const pairs = space.doubles(2 * count);
          for (let i = 0; i < pairs.length; i++) pairs[i] = draw();
          const histogram = Array.from({ length: 6 }, () => {
            const bins = space.bytes(count);
            for (let i = 0; i < count; i++) bins[i] = Math.floor(draw() * 5);
            return { bins, out: space.doubles(10) };
          });
          const from = count >> 2;
          kernels.histograms(histogram, { rows, from, to: count, pairs });
          return { out, top: indexes.slice(0, held), sums: histogram.map((one) => [...one.out]) };
        });
        close(plain!.out, wasm!.out);
        assert.deepEqual(plain!.top, wasm!.top);
        assert.deepEqual(plain!.sums, wasm!.sums);
      },
    ),
    { numRuns: 60 },
  );
});

test("factors: a side of iALS++ and the rows' dot products are their twin's within rounding", () => {
  fc.assert(
    fc.property(
      seeds,
      fc.oneof(
        fc.record({ dimensions: fc.integer({ min: 1, max: 20 }), block: fc.integer({ min: 1, max: 9 }) }),
        // What is written out for blocks of eight.
        fc.record({ dimensions: fc.constantFrom(8, 12, 16, 24), block: fc.constantFrom(4, 8, 12, 16) }),
      ),
      (seed, { dimensions, block }) => {
        const [plain, wasm] = both(seed).map((side) => {
          const { space, draw, kernels } = side;
          const [rows, columnCount] = [12, 9];
          const starts = space.ints(rows + 1);
          for (let row = 0; row < rows; row++) starts[row + 1] = starts[row]! + Math.floor(6 * draw());
          const columns = space.ints(starts[rows]!).map(() => Math.floor(draw() * columnCount));
          const listed = space.ints(columns.length);
          listed.set(columns);
          const [factors, others] = [fresh(side, rows * dimensions), fresh(side, columnCount * dimensions)];
          const gram = space.floats(dimensions ** 2);
          kernels.gram(others, dimensions, gram);
          const penalties = space.floats(rows).fill(0.5);
          const scratch = space.floats(6 + block * (block + 65));
          const shape = { starts, columns: listed, dimensions, block, unobserved: 0.3, longest: 6 };
          assert.equal(kernels.factorSide({ ...shape, factors, others, gram, penalties, scratch }), -1);
          const [all, some] = [space.floats(rows), space.floats(3)];
          const x = others.subarray(0, dimensions);
          kernels.rowDots(factors, x, all);
          const list = space.ints(3);
          list.set([4, 0, 11]);
          kernels.rowDots(factors, x, some, list);
          assert.deepEqual([...some], [all[4], all[0], all[11]]);
          return [factors, all, gram] as const;
        });
        for (const i of plain!.keys()) close(plain![i]!, wasm![i]!, 20);
      },
    ),
    { numRuns: 120 },
  );
});

test("an array of another memory is refused, and so is a workspace that is too small", () => {
  const space = workspace(1_000);
  const kernels = wasmKernels(space);
  assert.throws(() => kernels.dot(new Float32Array(3), space.floats(3)), /their workspace/);
  assert.throws(() => kernels.dot(space.floats(2), space.floats(3)), /as long/);
  assert.throws(() => space.floats(1e6), /room/);
});

test("several workers invert a matrix in shared memory to the bits that one alone gives", async () => {
  const size = 400;
  const bytes = 4 * size * size + inversionBytes(size) + 64;
  const fill = (space: Workspace) => definite({ kernels: plainKernels, space, draw: chance(11) }, size);
  const alone = workspace(bytes);
  const one = fill(alone);
  assert.equal(wasmKernels(alone).invert(one, inversionWork(alone, size)), -1);

  const shared = workspace(bytes, true);
  const many = fill(shared);
  const code = new URL("./testing/invert-worker.ts", import.meta.url);
  const parts = 3;
  const workers = Array.from(
    { length: parts },
    (_, part) => new Worker(code, { workerData: { memory: shared.memory, size, part, parts } }),
  );
  const answers = await Promise.all(
    workers.map(
      (worker) => new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject)),
    ),
  );
  assert.deepEqual(answers, [-1, -1, -1]);
  assert.deepEqual(new Uint32Array(many.values.slice().buffer), new Uint32Array(one.values.slice().buffer));
});
