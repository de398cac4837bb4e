import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { readArrays } from "../arrays/bytes.ts";
import { fitTrees } from "./boost.ts";
import { type Forest, forestFromArrays, goesLeft } from "./forest.ts";
import { tableOf } from "./table.ts";
import { treesFromBytes } from "./trees.ts";

const noRules = { rate: 1, l2: 0, rowsPerLeafMin: 1 } as const;

/** Few distinct values, some missing, so that ties and gaps are common. */
const anyColumn = (rows: number) =>
  fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.NaN)), {
    minLength: rows,
    maxLength: rows,
  });
const anyData = fc.integer({ min: 2, max: 25 }).chain((rows) =>
  fc.record({
    a: anyColumn(rows),
    b: anyColumn(rows),
    target: fc.array(fc.integer({ min: -5, max: 5 }), { minLength: rows, maxLength: rows }),
  }),
);
const numbersOf = ({ a, b }: { a: number[]; b: number[] }) =>
  tableOf({ a: Float64Array.from(a), b: Float64Array.from(b) });

/** The least squared error that one question can leave: every threshold, what is missing on either side. */
function leastError(columns: number[][], target: number[]): number {
  const errorOf = (rows: number[]) => {
    const mean = rows.reduce((sum, row) => sum + target[row]!, 0) / rows.length;
    return rows.reduce((sum, row) => sum + (target[row]! - mean) ** 2, 0);
  };
  const all = target.map((_, row) => row);
  let least = errorOf(all);
  for (const values of columns) {
    for (const threshold of [Number.NEGATIVE_INFINITY, ...values]) {
      for (const missingLeft of [true, false]) {
        const isLeft = (row: number) => (Number.isNaN(values[row]) ? missingLeft : values[row]! <= threshold);
        const [left, right] = [all.filter(isLeft), all.filter((row) => !isLeft(row))];
        if (left.length > 0 && right.length > 0) least = Math.min(least, errorOf(left) + errorOf(right));
      }
    }
  }
  return least;
}

test("one question leaves the least error that any could, missing values included", () => {
  fc.assert(
    fc.property(anyData, (data) => {
      const table = numbersOf(data);
      const options = { aim: { kind: "mean" }, rounds: 1, leavesMax: 2, ...noRules } as const;
      const said = fitTrees(table, data, options).predictAll(table);
      const error = data.target.reduce((sum, value, row) => sum + (value - said[row]!) ** 2, 0);
      const least = leastError([data.a, data.b], data.target);
      assert.ok(Math.abs(error - least) < 1e-8, `${error} against ${least}`);
    }),
    { numRuns: 300 },
  );
});

/** Shapley values by their definition: every set of known columns, in every sequence. */
function slowParts(expected: (known: ReadonlySet<number>) => number, columns: number): number[] {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  return Array.from({ length: columns }, (_, column) => {
    let part = 0;
    for (let mask = 0; mask < 1 << columns; mask++) {
      if (mask & (1 << column)) continue;
      const known = new Set(Array.from({ length: columns }, (_, c) => c).filter((c) => mask & (1 << c)));
      const weight = (factorial(known.size) * factorial(columns - known.size - 1)) / factorial(columns);
      part += weight * (expected(new Set([...known, column])) - expected(known));
    }
    return part;
  });
}

describe("parts", () => {
  const draw = chance(7);
  const rows = 300;
  const column = () => Float64Array.from({ length: rows }, () => (draw() < 0.1 ? Number.NaN : normal(draw)));
  const group = Float64Array.from({ length: rows }, () => Math.floor(draw() * 12));
  const [a, b, c] = [column(), column(), column()];
  const target = Float64Array.from(
    group,
    (g, i) => (g % 3) * (a[i]! || 0) + Math.abs(b[i]! || 0) + normal(draw) / 9,
  );
  const table = tableOf({ a, b, c, group }, ["group"]);
  const options = { aim: { kind: "mean" }, rounds: 12, rate: 0.3, leavesMax: 9, rowsPerLeafMin: 5 } as const;
  const trees = fitTrees(table, { target }, options);
  const rowAt = (row: number) => Float64Array.of(a[row]!, b[row]!, c[row]!, group[row]!);

  test("base and parts add up to the raw score", () => {
    for (let row = 0; row < rows; row++) {
      const parts = new Float64Array(4);
      const base = trees.parts(rowAt(row), parts);
      const sum = parts.reduce((x, y) => x + y, base);
      assert.ok(Math.abs(sum - trees.raw(rowAt(row))) < 1e-9);
    }
  });

  test("each part is the Shapley value that its definition gives", () => {
    const small = fitTrees(table, { target }, { ...options, rounds: 3 });
    const forest = forestFromArrays(readArrays("TrTreesB", 1, small.toBytes()).slice(3));
    for (let row = 0; row < 40; row++) {
      const parts = new Float64Array(4);
      small.parts(rowAt(row), parts);
      const expected = (known: ReadonlySet<number>) => meanKnowing(forest, rowAt(row), known);
      for (const [at, slow] of slowParts(expected, 4).entries())
        assert.ok(Math.abs(parts[at]! - slow) < 1e-9);
    }
  });
});

/** The mean over the training rows that came by: known columns decide the way, others part it by how many went. */
function meanKnowing(forest: Forest, row: Float64Array, known: ReadonlySet<number>): number {
  const { left, right, cover, value, column, roots } = forest;
  const below = (node: number): number => {
    if (left[node]! < 0) return value[node]!;
    const [a, b] = [left[node]!, right[node]!];
    const at = column[node]!;
    if (known.has(at)) return below(goesLeft(forest, node, row[at]!) ? a : b);
    return (cover[a]! * below(a) + cover[b]! * below(b)) / cover[node]!;
  };
  return roots.reduce((sum, root) => sum + below(root), 0);
}

test("a checkerboard is learnt, though neither column alone says anything", () => {
  const draw = chance(3);
  const [x, y] = [0, 1].map(() => Float64Array.from({ length: 4_000 }, () => Math.floor(draw() * 8)));
  const target = x!.map((value, i) => (value + y![i]!) % 2);
  const table = tableOf({ x: x!, y: y! });
  const trees = fitTrees(
    table,
    { target },
    { aim: { kind: "binary" }, rounds: 200, rate: 0.3, rowShare: 0.7 },
  );
  const said = trees.predictAll(table);
  assert.ok(said.every((value, i) => Math.round(value) === target[i]));
});

test("one question parts categories of which each alone says little", () => {
  const draw = chance(5);
  const inside = new Set([1, 4, 7, 8, 13, 40]);
  const shop = Float64Array.from({ length: 20_000 }, () => Math.floor(draw() * 50));
  const table = tableOf({ shop }, ["shop"]);
  const target = shop.map((one) => (inside.has(one) ? 10 : 0));
  const one = { aim: { kind: "mean" }, rounds: 1, leavesMax: 2, rate: 1, l2: 0, categoryL2: 0 } as const;
  const trees = fitTrees(table, { target }, one);
  for (let at = 0; at < 50; at++) assert.ok(Math.abs(trees.predict([at]) - (inside.has(at) ? 10 : 0)) < 1e-9);
  assert.ok(Math.abs(trees.predict([999])) < 1e-9, "an unknown category goes with the others");
});

test("a monotone column never turns round, whatever is aimed at", () => {
  const draw = chance(11);
  const [price, noise] = [0, 1].map(() => Float64Array.from({ length: 2_000 }, () => draw() * 10));
  const table = tableOf({ price: price!, noise: noise! });
  const demand = price!.map((p, i) =>
    Math.max(0, Math.round(8 - p + 3 * Math.sin(2 * p) + noise![i]! / 3 + normal(draw))),
  );
  for (const aim of [{ kind: "mean" }, { kind: "count" }, { kind: "quantile", level: 0.8 }] as const) {
    const trees = fitTrees(
      table,
      { target: demand },
      { aim, rounds: 60, rate: 0.2, monotone: { price: -1 } },
    );
    for (const other of [0.5, 5, 9.5]) {
      let before = Number.POSITIVE_INFINITY;
      for (let p = 0; p <= 10; p += 0.05) {
        const said = trees.raw([p, other]);
        assert.ok(said <= before + 1e-12, `${aim.kind} at ${p}`);
        before = said;
      }
    }
  }
});

test("a quantile is above its share of what is held back", () => {
  const draw = chance(13);
  const make = () => {
    const x = Float64Array.from({ length: 4_000 }, () => draw() * 4);
    return { table: tableOf({ x }), target: x.map((value) => value + (1 + value) * normal(draw)) };
  };
  const [train, later] = [make(), make()];
  for (const level of [0.1, 0.5, 0.9]) {
    const trees = fitTrees(train.table, train, {
      aim: { kind: "quantile", level },
      rounds: 80,
      leavesMax: 7,
    });
    const said = trees.predictAll(later.table);
    const share = said.filter((value, i) => later.target[i]! <= value).length / said.length;
    assert.ok(Math.abs(share - level) < 0.03, `${share} for ${level}`);
  }
});

test("a count has the mean of what was counted, and is never negative", () => {
  const x = Float64Array.from({ length: 900 }, (_, i) => i % 3);
  const target = x.map((value, i) => (value === 0 ? 0 : value === 1 ? i % 2 : 4));
  const trees = fitTrees(
    tableOf({ x }),
    { target },
    { aim: { kind: "count" }, rounds: 300, rate: 0.2, l2: 0 },
  );
  for (const [value, mean] of [0, 0.5, 4].entries())
    assert.ok(Math.abs(trees.predict([value]) - mean) < 0.02);
});

describe("fitting", () => {
  const draw = chance(17);
  const [x, y] = [0, 1].map(() => Float64Array.from({ length: 1_000 }, () => normal(draw)));
  const table = tableOf({ x: x!, y: y! });
  const target = x!.map((value, i) => (draw() < 1 / (1 + Math.exp(-value * y![i]!)) ? 1 : 0));
  const binary = { aim: { kind: "binary" }, rounds: 20 } as const;

  test("one seed gives one model, another seed another", () => {
    const bytes = (seed: number) => fitTrees(table, { target }, { ...binary, rowShare: 0.5, seed }).toBytes();
    assert.deepEqual(bytes(1), bytes(1));
    assert.notDeepEqual(bytes(1), bytes(2));
  });

  test("bytes bring back the same answers, and are refused when cut or of another kind", () => {
    const trees = fitTrees(table, { target }, binary);
    const bytes = trees.toBytes();
    assert.deepEqual(treesFromBytes(bytes).predictAll(table), trees.predictAll(table));
    assert.throws(() => treesFromBytes(bytes.slice(0, bytes.length - 8)), /bytes end/);
    assert.throws(() => treesFromBytes(new Uint8Array(64)), /Expected a TrTreesB model/);
  });

  test("watching rows that are held back ends the fit where they stop gaining", () => {
    const noise = Float64Array.from(target, () => (draw() < 0.5 ? 1 : 0));
    const validation = { table, target: noise };
    const trees = fitTrees(
      table,
      { target },
      { ...binary, rounds: 500, rate: 0.3, validation, patienceRounds: 5 },
    );
    assert.ok(trees.treeCount < 20);
  });

  test("it tells its progress and can be cancelled", () => {
    const told: number[] = [];
    const progress = (share: number) => {
      told.push(share);
      if (told.length === 3) throw new Error("enough");
    };
    assert.throws(() => fitTrees(table, { target }, { ...binary, rounds: 12, progress }), /enough/);
    assert.deepEqual(told, [1 / 12, 2 / 12, 3 / 12]);
  });

  test("answers that are all alike give that answer", () => {
    const trees = fitTrees(table, { target: target.map(() => 1) }, binary);
    assert.ok(trees.predict([0, 0]) > 0.99);
    const fives = fitTrees(table, { target: target.map(() => 5) }, { aim: { kind: "mean" }, rounds: 5 });
    assert.equal(fives.predict([0, Number.NaN]), 5);
  });

  test("wrong input is refused with its name", () => {
    assert.throws(
      () => fitTrees(tableOf({ x: new Float64Array(0) }), { target: [] }, binary),
      /a row to learn from/,
    );
    assert.throws(() => fitTrees(table, { target: x! }, binary), /target 0 is 0 or 1/);
    assert.throws(() => fitTrees(table, { target }, { ...binary, rate: 2 }), /rate/);
    assert.throws(() => fitTrees(table, { target }, { ...binary, monotone: { z: 1 } }), /not z/);
    assert.throws(() => tableOf({ a: Float64Array.of(0.5) }, ["a"]), /categories of a/);
  });
});
