import type { Chance } from "@trato/base";
import type { TreeSettings } from "./options.ts";

/** The rows and columns that one tree learns from, ascending. */
export type Drawn = { readonly rows: Int32Array; readonly columns: Int32Array };

/** Draws rows and columns without replacement for tree after tree. Source: Friedman 2002. Cost: a pass. */
export function drawer(
  { rowShare, columnShare }: TreeSettings,
  rowCount: number,
  columnCount: number,
  draw: Chance,
): () => Drawn {
  const rows = Math.max(1, Math.round(rowShare * rowCount));
  const columns = Math.max(1, Math.round(columnShare * columnCount));
  return () => ({
    rows: some(rowCount, rows, draw),
    columns: some(columnCount, Math.min(columns, columnCount), draw),
  });
}

/** `count` of the numbers below `from`, each set as likely; ascending (Knuth, selection sampling). */
function some(from: number, count: number, draw: Chance): Int32Array {
  const out = new Int32Array(count);
  if (count === from) return out.map((_, i) => i);
  let taken = 0;
  for (let i = 0; taken < count; i++) if ((from - i) * draw() < count - taken) out[taken++] = i;
  return out;
}
