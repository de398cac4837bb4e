import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import type { Calibrator } from "../calibrate/isotonic.ts";
import { fitPlatt, plattFromBytes } from "../calibrate/platt.ts";
import { fitTrees } from "./boost.ts";
import type { TreeOptions } from "./options.ts";
import { rowsOf, type Table } from "./table.ts";
import { type ColumnName, type Trees, treesFromBytes } from "./trees.ts";

/** A chance that holds: of the rows of which it says 0.3, three in ten come. */
export type ChanceModel = {
  readonly columns: readonly ColumnName[];
  chance(row: ArrayLike<number>): number;
  /** Each column's share of the log-odds, added to `out`; returns the base. They add up to the chance's log-odds. */
  parts(row: ArrayLike<number>, out: Float64Array): number;
  toBytes(): Uint8Array;
};

export type ChanceOptions = Omit<TreeOptions, "aim" | "validation" | "patienceRounds"> & {
  /** Parts of the rows that are each foretold by the others, to calibrate; default 3, 1 leaves it uncalibrated. */
  readonly folds?: number;
};

const magic = "TrChance";
const version = 1;

/**
 * Boosted trees for the chance, then Platt's curve over raw scores of rows that the trees had not seen: trees
 * that learnt a row are too sure of it. The curve is straight in log-odds, so shares stay shares.
 *
 * Cost: `fitTrees` once a fold and once more. Not for fewer than some hundred rows of each outcome.
 */
export function fitChance(table: Table, came: ArrayLike<number>, options: ChanceOptions = {}): ChanceModel {
  const { folds = 3, progress, ...rest } = options;
  assert(Number.isInteger(folds) && folds >= 1 && folds <= 20, "folds is 1 to 20");
  const fits = folds === 1 || table.rowCount < folds ? 1 : folds + 1;
  let done = 0;
  const fit = (rows: Int32Array) => {
    const target = Float64Array.from(rows, (row) => came[row]!);
    const told = progress && { progress: (share: number) => progress((done + share) / fits) };
    const trees = fitTrees(rowsOf(table, rows), { target }, { ...rest, ...told, aim: { kind: "binary" } });
    done++;
    return trees;
  };
  const all = Int32Array.from({ length: table.rowCount }, (_, row) => row);
  if (fits === 1) return chanceFrom(fit(all), undefined);
  const scores = new Float64Array(table.rowCount);
  const foldOf = foldsOf(came, folds);
  for (let fold = 0; fold < folds; fold++) {
    const trees = fit(all.filter((row) => foldOf[row] !== fold));
    const row = new Float64Array(table.columns.length);
    for (const at of all) {
      if (foldOf[at] !== fold) continue;
      for (const [column, { values }] of table.columns.entries()) row[column] = values[at]!;
      scores[at] = trees.raw(row);
    }
  }
  return chanceFrom(fit(all), fitPlatt({ scores, came }));
}

/** Row after row of each outcome to fold after fold, so that each has its share of both. */
function foldsOf(came: ArrayLike<number>, folds: number): Int32Array {
  const next = [0, 0];
  return Int32Array.from({ length: came.length }, (_, row) => next[came[row] === 1 ? 1 : 0]!++ % folds);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function chanceFromBytes(bytes: Uint8Array): ChanceModel {
  const [trees, curve, ...rest] = readArrays(magic, version, bytes);
  assert(trees instanceof Uint8Array && rest.length === 0, "a chance has trees and a curve");
  assert(curve === undefined || curve instanceof Uint8Array, "a curve is bytes");
  return chanceFrom(treesFromBytes(trees), curve === undefined ? undefined : plattFromBytes(curve));
}

const logOdds = (chance: number): number => Math.log(chance / (1 - chance));

function chanceFrom(trees: Trees, curve: Calibrator | undefined): ChanceModel {
  assert(trees.aim.kind === "binary", "the trees say a chance");
  const shift = curve === undefined ? 0 : logOdds(curve.chance(0));
  const slope = curve === undefined ? 1 : logOdds(curve.chance(1)) - shift;
  const own = new Float64Array(trees.columns.length);
  return {
    columns: trees.columns,
    chance: (row) => (curve === undefined ? trees.predict(row) : curve.chance(trees.raw(row))),
    parts(row, out) {
      const base = trees.parts(row, own.fill(0));
      for (let at = 0; at < own.length; at++) out[at]! += slope * own[at]!;
      return shift + slope * base;
    },
    toBytes: () =>
      writeArrays(magic, version, [trees.toBytes(), ...(curve === undefined ? [] : [curve.toBytes()])]),
  };
}
