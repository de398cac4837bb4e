import { assert } from "@trato/base";
import type { Answers } from "./boost.ts";
import type { GrowRules } from "./grow.ts";
import type { Aim } from "./objective.ts";
import type { Table } from "./table.ts";

export type TreeOptions = {
  readonly aim: Aim;
  /** Trees at most; default 200. */
  readonly rounds?: number;
  /** The share of each tree's step that is taken; default 0.05. */
  readonly rate?: number;
  /** Leaves per tree; default 31. */
  readonly leavesMax?: number;
  /** Questions one below the other; default no limit. */
  readonly depthMax?: number;
  /** Default 20. */
  readonly rowsPerLeafMin?: number;
  /** Pull of every leaf to 0, in units of curvature; default 1. */
  readonly l2?: number;
  /** Bins per column, 2 to 255; default 255. */
  readonly binsMax?: number;
  /** Rows and columns that each tree sees; default 1, all. */
  readonly rowShare?: number;
  readonly columnShare?: number;
  /** By column: 1, what is said does not fall as the number grows; -1, it does not rise. */
  readonly monotone?: Readonly<Record<string, 1 | -1>>;
  /** Extra `l2` of a leaf that a set of categories leads to; default 10. */
  readonly categoryL2?: number;
  /** Of the draws of rows and columns; default 1. */
  readonly seed?: number;
  /** Rows to watch: the rounds after the least loss there are dropped, `patienceRounds` (50) are waited for. */
  readonly validation?: Answers & { readonly table: Table };
  readonly patienceRounds?: number;
  /** Called after each tree with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

export type TreeSettings = GrowRules & {
  readonly aim: Aim;
  readonly rounds: number;
  readonly rate: number;
  readonly binsMax: number;
  readonly rowShare: number;
  readonly columnShare: number;
  readonly monotone: Int8Array;
  readonly seed: number;
  readonly patienceRounds: number;
};

/** Options with their defaults; throws on one that is out of range, or about a column that is not there. */
export function settingsOf(options: TreeOptions, { columns }: Table): TreeSettings {
  const {
    monotone = {},
    rounds = 200,
    rate = 0.05,
    leavesMax = 31,
    binsMax = 255,
    patienceRounds = 50,
  } = options;
  const { rowShare = 1, columnShare = 1, rowsPerLeafMin = 20, l2 = 1, categoryL2 = 10, seed = 1 } = options;
  const isWhole = (value: number, low: number, high: number) =>
    Number.isInteger(value) && value >= low && value <= high;
  assert(
    isWhole(rounds, 1, 100_000) && isWhole(patienceRounds, 1, 100_000),
    "rounds are whole, 1 to 100,000",
  );
  assert(rate > 0 && rate <= 1, "rate is above 0, at most 1");
  assert(isWhole(leavesMax, 2, 4_096), "leavesMax is 2 to 4,096");
  assert(isWhole(binsMax, 2, 255), "binsMax is 2 to 255");
  assert(
    rowShare > 0 && rowShare <= 1 && columnShare > 0 && columnShare <= 1,
    "shares are above 0, at most 1",
  );
  assert(rowsPerLeafMin >= 1 && l2 >= 0 && categoryL2 >= 0, "rowsPerLeafMin is at least 1, l2 not negative");
  const directions = new Int8Array(columns.length);
  for (const [name, direction] of Object.entries(monotone)) {
    const at = columns.findIndex((column) => column.name === name);
    assert(at >= 0 && columns[at]!.kind === "number", `monotone names a column of numbers, not ${name}`);
    directions[at] = direction;
  }
  return {
    aim: options.aim,
    ...{
      rounds,
      rate,
      leavesMax,
      binsMax,
      patienceRounds,
      rowShare,
      columnShare,
      rowsPerLeafMin,
      l2,
      categoryL2,
      seed,
    },
    depthMax: options.depthMax ?? Number.POSITIVE_INFINITY,
    monotone: directions,
    curvePerLeafMin: 1e-3,
    gainMin: 1e-9,
    categorySmooth: 10,
    categoriesPerSplitMax: 32,
    rowsPerCategoriesMin: 100,
  };
}
