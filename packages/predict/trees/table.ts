import { assert } from "@trato/base";

/**
 * Rows of facts as columns. A number that is `NaN` is missing. A category is a whole number from 0 that means
 * nothing but itself (a store, a month); `NaN` or a negative one is missing.
 */
export type Column = {
  readonly name: string;
  readonly kind: "number" | "category";
  readonly values: Float64Array | Float32Array | Int32Array | Uint8Array;
};

export type Table = { readonly rowCount: number; readonly columns: readonly Column[] };

/** A category costs a bit in every split that asks for it, so its numbers stay small. */
export const categoriesMax = 65_536;

/** Throws unless all columns have one length and names of their own, and categories are whole and small. */
export function checkTable({ rowCount, columns }: Table): void {
  assert(Number.isSafeInteger(rowCount) && rowCount >= 0, "rowCount is a whole number");
  const names = new Set(columns.map(({ name }) => name));
  assert(names.size === columns.length, "every column has a name of its own");
  for (const { name, kind, values } of columns) {
    assert(values.length === rowCount, `column ${name} has a value a row`);
    if (kind === "number") continue;
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      assert(
        Number.isInteger(value) && value < categoriesMax,
        `categories of ${name} are whole, below 65,536`,
      );
    }
  }
}

/** A table of numbers from named columns; the columns in `categories` are categories. */
export function tableOf(
  columns: Readonly<Record<string, Column["values"]>>,
  categories: readonly string[] = [],
): Table {
  const named = Object.entries(columns);
  const rowCount = named[0]?.[1].length ?? 0;
  const kindOf = (name: string) => (categories.includes(name) ? "category" : "number");
  const table = {
    rowCount,
    columns: named.map(([name, values]) => ({ name, kind: kindOf(name), values }) as const),
  };
  checkTable(table);
  return table;
}

/** The rows with these numbers, in this sequence. */
export function rowsOf({ columns }: Table, rows: ArrayLike<number>): Table {
  return {
    rowCount: rows.length,
    columns: columns.map((column) => ({
      ...column,
      values: Float64Array.from({ length: rows.length }, (_, i) => column.values[rows[i]!]!),
    })),
  };
}
