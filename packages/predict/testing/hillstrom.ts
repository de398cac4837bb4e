import { tableOf } from "../trees/table.ts";
import type { Trial } from "../uplift/trial.ts";
import { numbersOf, readColumns } from "./public-data.ts";

export const hillstromPath = "hillstrom-email/hillstrom.csv.gz";
export const arms = ["Mens E-Mail", "Womens E-Mail", "No E-Mail"] as const;

/** The e-mail test of 64,000 customers: by row, the arm, and the three outcomes of two weeks. */
export function readHillstrom() {
  const columns = readColumns(hillstromPath);
  const outcome = (name: "visit" | "conversion" | "spend") => numbersOf(columns[name]!);
  const texts = ["zip_code", "channel"];
  const numbers = ["recency", "history", "mens", "womens", "newbie"];
  const numbered = (name: string) => {
    const values = [...new Set(columns[name]!)].sort();
    return Float64Array.from(columns[name]!, (text) => values.indexOf(text));
  };
  const facts = tableOf(
    Object.fromEntries([
      ...numbers.map((name) => [name, numbersOf(columns[name]!)] as const),
      ["lnHistory", numbersOf(columns["history"]!).map(Math.log)] as const,
      ...texts.map((name) => [name, numbered(name)] as const),
    ]),
    texts,
  );
  return {
    arm: columns["segment"]!,
    facts,
    visit: outcome("visit"),
    conversion: outcome("conversion"),
    spend: outcome("spend"),
  };
}

/** One arm against no e-mail, outcome visit: even rows to learn from, odd rows to measure on. */
export function contrast(data: ReturnType<typeof readHillstrom>, arm: (typeof arms)[number]) {
  const half = (parity: 0 | 1): Trial => {
    const rows = [...data.arm.keys()].filter(
      (i) => i % 2 === parity && [arm, "No E-Mail"].includes(data.arm[i]!),
    );
    return {
      facts: {
        rowCount: rows.length,
        columns: data.facts.columns.map((column) => ({
          ...column,
          values: Float64Array.from(rows, (row) => column.values[row]!),
        })),
      },
      treated: Uint8Array.from(rows, (row) => Number(data.arm[row] === arm)),
      outcome: Float64Array.from(rows, (row) => data.visit[row]!),
    };
  };
  return { train: half(0), test: half(1) };
}
