import { assert } from "@trato/base";
import type { FlatArray } from "../arrays/bytes.ts";
import { type Column, checkTable, type Table } from "../trees/table.ts";

/**
 * A table as numbers for linear models: a number stays one, a category becomes a column of 0 and 1 for each of its
 * values but the first. A missing number takes the column's mean, a missing or new category the first's place.
 */
export type Design = {
  readonly columns: readonly {
    readonly name: string;
    readonly kind: Column["kind"];
    readonly categories: number;
  }[];
  /** The name of each number of a row: "age", "region=2". */
  readonly names: readonly string[];
  /** What a missing number is taken for, by number of the row. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
};

/** Linear models square the numbers of a row. */
const numbersMax = 2_000;

/** Learns categories, means and deviations from a table. Cost: two passes. */
export function designOf(table: Table): Design {
  checkTable(table);
  const columns = table.columns.map(({ name, kind, values }) => {
    let most = 0;
    if (kind === "category") for (const value of values) if (value > most) most = value;
    return { name, kind, categories: most + 1 };
  });
  const names = namesOf(columns);
  assert(
    names.length <= numbersMax,
    `a row becomes ${names.length} numbers; give categories with fewer values`,
  );
  const blank = {
    columns,
    names,
    means: new Float64Array(names.length),
    deviations: new Float64Array(names.length),
  };
  const { means, deviations } = blank;
  let at = 0;
  for (const [c, { kind, categories }] of columns.entries()) {
    if (kind === "number") means[at] = meanOf(table.columns[c]!.values);
    at += kind === "number" ? 1 : categories - 1;
  }
  const rows = matrixOf(blank, table);
  const width = names.length;
  for (let i = 0; i < rows.length; i++) deviations[i % width]! += rows[i]!;
  for (let j = 0; j < width; j++) means[j] = deviations[j]! / Math.max(1, table.rowCount);
  deviations.fill(0);
  for (let i = 0; i < rows.length; i++) deviations[i % width]! += (rows[i]! - means[i % width]!) ** 2;
  for (let j = 0; j < width; j++)
    deviations[j] = Math.sqrt(deviations[j]! / Math.max(1, table.rowCount)) || 1;
  return blank;
}

function namesOf(columns: Design["columns"]): string[] {
  return columns.flatMap(({ name, kind, categories }) =>
    kind === "number" ? [name] : Array.from({ length: categories - 1 }, (_, i) => `${name}=${i + 1}`),
  );
}

function meanOf(values: Column["values"]): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** The rows of a table with the same columns, one after the other. */
export function matrixOf(design: Design, table: Table): Float64Array {
  const { columns, names } = design;
  const same =
    table.columns.length === columns.length &&
    table.columns.every(({ name }, c) => name === columns[c]!.name);
  assert(same, `the table has the columns ${columns.map(({ name }) => name).join(", ")}`);
  const out = new Float64Array(table.rowCount * names.length);
  const values = new Float64Array(columns.length);
  for (let row = 0; row < table.rowCount; row++) {
    for (let c = 0; c < columns.length; c++) values[c] = table.columns[c]!.values[row]!;
    encode(design, values, out.subarray(row * names.length, (row + 1) * names.length));
  }
  return out;
}

/** One row: `values` by column, `out` by number. */
export function encode(
  { columns, means }: Design,
  values: ArrayLike<number>,
  out: Float64Array,
): Float64Array {
  assert(values.length === columns.length, `a row has ${columns.length} values`);
  let at = 0;
  for (const [c, { kind, categories }] of columns.entries()) {
    const value = values[c]!;
    if (kind === "number") out[at] = Number.isNaN(value) ? means[at]! : value;
    else for (let k = 1; k < categories; k++) out[at + k - 1] = value === k ? 1 : 0;
    at += kind === "number" ? 1 : categories - 1;
  }
  return out;
}

/** The design as arrays for a model's bytes. */
export function designArrays({ columns, means, deviations }: Design): FlatArray[] {
  return [new TextEncoder().encode(JSON.stringify(columns)), means, deviations];
}

/** Reads what `designArrays` wrote. */
export function designFromArrays([text, means, deviations]: readonly (FlatArray | undefined)[]): Design {
  assert(
    text instanceof Uint8Array && means instanceof Float64Array,
    "a design is its columns and their means",
  );
  assert(
    deviations instanceof Float64Array && deviations.length === means.length,
    "every mean has a deviation",
  );
  const columns = JSON.parse(new TextDecoder().decode(text)) as Design["columns"];
  const names = namesOf(columns);
  assert(names.length === means.length, "a design has a mean a number");
  return { columns, names, means, deviations };
}
