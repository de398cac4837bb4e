import { assert } from "@trato/base";
import { type ChanceModel, type ChanceOptions, fitChance } from "../trees/chance-model.ts";
import { type Column, checkTable, type Table } from "../trees/table.ts";

/**
 * Will this session buy? What is known of sessions while they last, a column a fact. Rates are shares of page
 * views (0 to 1). `pageValue` is what a web analytics tool makes of earlier purchases over the same pages: it
 * knows part of the answer, so leave it out where the chance is asked for before the till.
 */
export type SessionColumns = {
  readonly productPages: Column["values"];
  readonly productSeconds: Column["values"];
  readonly accountPages: Column["values"];
  readonly accountSeconds: Column["values"];
  readonly infoPages: Column["values"];
  readonly infoSeconds: Column["values"];
  readonly bounceRate: Column["values"];
  readonly exitRate: Column["values"];
  readonly pageValue?: Column["values"];
};

/** Anything else about a session: numbers (days to a holiday), categories (browser, campaign, kind of visitor). */
export type OtherColumns = readonly Column[];

/** Ratios that a tree would need many questions for. */
const derived = {
  pages: (s: SessionColumns, i: number) => s.productPages[i]! + s.accountPages[i]! + s.infoPages[i]!,
  seconds: (s: SessionColumns, i: number) => s.productSeconds[i]! + s.accountSeconds[i]! + s.infoSeconds[i]!,
  secondsPerProductPage: (s: SessionColumns, i: number) => ratio(s.productSeconds[i]!, s.productPages[i]!),
  secondsPerAccountPage: (s: SessionColumns, i: number) => ratio(s.accountSeconds[i]!, s.accountPages[i]!),
  productShare: (s: SessionColumns, i: number) => ratio(s.productPages[i]!, derived.pages(s, i)),
  exits: (s: SessionColumns, i: number) => s.exitRate[i]! * derived.pages(s, i),
  exitsLessBounces: (s: SessionColumns, i: number) => s.exitRate[i]! - s.bounceRate[i]!,
} as const;

/** Missing where nothing stands below. */
const ratio = (above: number, below: number): number => (below > 0 ? above / below : Number.NaN);

/** The table that the model sees: the facts, the ratios, the others, in this sequence. */
export function intentTable(sessions: SessionColumns, others: OtherColumns = []): Table {
  const rowCount = sessions.productPages.length;
  const facts = Object.entries(sessions).map(([name, values]) => ({ name, kind: "number", values }) as const);
  for (const { name, values } of facts) assert(values.length === rowCount, `${name} has a value a session`);
  const ratios = Object.entries(derived).map(([name, of]) => {
    const values = Float64Array.from({ length: rowCount }, (_, i) => of(sessions, i));
    return { name, kind: "number", values } as const;
  });
  const table = { rowCount, columns: [...facts, ...ratios, ...others] };
  checkTable(table);
  return table;
}

/**
 * The chance that a session buys, by boosted trees over `intentTable`. Default: 300 small steps of trees with
 * 12 leaves, each over two thirds of the rows and half the columns.
 *
 * Cost: seconds for ten thousand sessions; 20 µs to ask. Source: the columns are those of Sakar et al. 2018.
 * Not for what to show: it says whether, not what. Without a session it throws.
 */
export function fitIntent(table: Table, bought: ArrayLike<number>, options: ChanceOptions = {}): ChanceModel {
  const defaults = { rounds: 300, rate: 0.03, leavesMax: 12, rowShare: 0.67, columnShare: 0.5, l2: 5 };
  return fitChance(table, bought, { ...defaults, ...options });
}
