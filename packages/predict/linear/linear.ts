import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import type { Table } from "../trees/table.ts";
import { type Design, designArrays, designFromArrays, designOf, matrixOf } from "./design.ts";

/**
 * A weighted sum of a row's numbers, as it is (`ridge`) or bent into a chance (`logistic`). It says less than trees
 * do, with few rows more surely, and beyond what it has seen.
 */
export type Linear = {
  readonly link: "identity" | "logistic";
  /** "constant", then the design's numbers, in their own units. */
  readonly names: readonly string[];
  readonly coefficients: Float64Array;
  predict(row: ArrayLike<number>): number;
  predictAll(table: Table): Float64Array;
  toBytes(): Uint8Array;
};

const magic = "TrLinear";
const version = 1;
const links = ["identity", "logistic"] as const;

/** A table's standardised numbers with a constant of 1 in front, row after row. */
export type Standard = { readonly design: Design; readonly rows: Float64Array; readonly width: number };

export function standardOf(table: Table): Standard {
  const design = designOf(table);
  const inner = design.names.length;
  const width = inner + 1;
  const matrix = matrixOf(design, table);
  const rows = new Float64Array(table.rowCount * width);
  for (let i = 0; i < table.rowCount; i++) {
    rows[i * width] = 1;
    for (let j = 0; j < inner; j++) {
      rows[i * width + j + 1] = (matrix[i * inner + j]! - design.means[j]!) / design.deviations[j]!;
    }
  }
  return { design, rows, width };
}

/** The model of coefficients that were found on standardised numbers. */
export function linearOf({ design, width }: Standard, at: Float64Array, link: Linear["link"]): Linear {
  const coefficients = new Float64Array(width);
  coefficients[0] = at[0]!;
  for (let j = 1; j < width; j++) {
    coefficients[j] = at[j]! / design.deviations[j - 1]!;
    coefficients[0]! -= coefficients[j]! * design.means[j - 1]!;
  }
  return linearFrom(design, coefficients, link);
}

function linearFrom(design: Design, coefficients: Float64Array, link: Linear["link"]): Linear {
  const width = design.names.length;
  const predictAll = (table: Table) => {
    const matrix = matrixOf(design, table);
    return Float64Array.from({ length: table.rowCount }, (_, i) => {
      let sum = coefficients[0]!;
      for (let j = 0; j < width; j++) sum += coefficients[j + 1]! * matrix[i * width + j]!;
      return link === "identity" ? sum : 1 / (1 + Math.exp(-sum));
    });
  };
  return {
    link,
    names: ["constant", ...design.names],
    coefficients,
    predictAll,
    predict(row) {
      const columns = design.columns.map(({ name, kind }, c) => ({
        name,
        kind,
        values: Float64Array.of(row[c]!),
      }));
      assert(row.length === columns.length, `a row has ${columns.length} values`);
      return predictAll({ rowCount: 1, columns })[0]!;
    },
    toBytes: () =>
      writeArrays(magic, version, [
        ...designArrays(design),
        coefficients,
        Int32Array.of(links.indexOf(link)),
      ]),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function linearFromBytes(bytes: Uint8Array): Linear {
  const arrays = readArrays(magic, version, bytes);
  const design = designFromArrays(arrays.slice(0, 3));
  const [coefficients, head] = arrays.slice(3);
  assert(
    coefficients instanceof Float64Array && head instanceof Int32Array,
    "a linear model is doubles and its link",
  );
  assert(coefficients.length === design.names.length + 1, "a linear model has a coefficient a number");
  const link = links[head[0]!];
  assert(link !== undefined, "a linear model's link is known");
  return linearFrom(design, coefficients, link);
}
