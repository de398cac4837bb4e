import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type Attribution, attributionOf } from "./attribution.ts";
import { addSums, type Forest, forestArrays, forestFromArrays, sumOfLeaves } from "./forest.ts";
import { type Aim, objectiveOf } from "./objective.ts";
import { type Column, checkTable, type Table } from "./table.ts";

export type ColumnName = Pick<Column, "name" | "kind">;

/**
 * Boosted trees that were fitted. A row is a value per column in the columns' sequence; `raw` is the sum of
 * the leaves, `predict` what it means: a chance, a mean, a quantile.
 */
export type Trees = {
  readonly aim: Aim;
  readonly columns: readonly ColumnName[];
  readonly treeCount: number;
  /** Some 10 ns a tree and question. */
  raw(row: ArrayLike<number>): number;
  predict(row: ArrayLike<number>): number;
  /** `predict` for every row of a table with the same columns. */
  predictAll(table: Table): Float64Array;
  /**
   * Each column's share of the raw score of a row, added to `out`; returns the base, what is said of nobody
   * in particular. Base and shares add up to `raw` (TreeSHAP). Some microseconds a tree.
   */
  parts(row: ArrayLike<number>, out: Float64Array): number;
  toBytes(): Uint8Array;
};

export type TreesGiven = {
  readonly aim: Aim;
  readonly start: number;
  readonly forest: Forest;
  readonly columns: readonly ColumnName[];
};

const magic = "TrTreesB";
const version = 1;
const aims = ["binary", "mean", "count", "quantile"] as const;

/** The model of these parts; `fitTrees` makes them. */
export function treesFrom({ aim, start, forest, columns }: TreesGiven): Trees {
  const { link } = objectiveOf(aim);
  let attribution: Attribution | undefined;
  const raw = (row: ArrayLike<number>): number => {
    assert(row.length === columns.length, `a row has ${columns.length} values`);
    return start + sumOfLeaves(forest, row);
  };
  return {
    aim,
    columns,
    treeCount: forest.roots.length,
    raw,
    predict: (row) => link(raw(row)),
    predictAll(table) {
      checkTable(table);
      const same =
        table.columns.length === columns.length &&
        table.columns.every(({ name }, at) => name === columns[at]!.name);
      assert(same, `the table's columns are ${columns.map(({ name }) => name).join(", ")}`);
      const out = new Float64Array(table.rowCount).fill(start);
      addSums(forest, table, out);
      return out.map(link);
    },
    parts(row, out) {
      assert(row.length === columns.length && out.length === columns.length, "a value and a share a column");
      attribution ??= attributionOf(forest);
      attribution.add(row, out);
      return start + attribution.base;
    },
    toBytes() {
      const level = aim.kind === "quantile" ? aim.level : 0;
      const head = Float64Array.of(aims.indexOf(aim.kind), level, start);
      const kinds = Uint8Array.from(columns, ({ kind }) => (kind === "category" ? 1 : 0));
      const names = new TextEncoder().encode(JSON.stringify(columns.map(({ name }) => name)));
      return writeArrays(magic, version, [head, kinds, names, ...forestArrays(forest)]);
    },
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function treesFromBytes(bytes: Uint8Array): Trees {
  const [head, kinds, names, ...rest] = readArrays(magic, version, bytes);
  assert(head instanceof Float64Array && head.length === 3, "trees have a head of three numbers");
  assert(kinds instanceof Uint8Array && names instanceof Uint8Array, "trees have kinds and names");
  const forest = forestFromArrays(rest);
  const listed: unknown = JSON.parse(new TextDecoder().decode(names));
  assert(Array.isArray(listed) && listed.length === kinds.length, "there is a name a column");
  assert(forest.columnCount === kinds.length, "the forest has the same columns");
  const columns = listed.map(
    (name, at) => ({ name: String(name), kind: kinds[at] === 1 ? "category" : "number" }) as const,
  );
  const kind = aims[head[0]!];
  assert(kind !== undefined && Number.isFinite(head[2]!), "trees aim at something known");
  const aim = kind === "quantile" ? { kind, level: head[1]! } : { kind };
  return treesFrom({ aim, start: head[2]!, forest, columns });
}
