import type { Queries } from "../platform/index.ts";
import { countMoves, findDifferences } from "./books-store.ts";

/** Whether the books hold: each balance is the sum of its movements, and gift cards agree with the payments by them. */
export type Books = { readonly ok: boolean; readonly movements: number; readonly wrong: readonly string[] };

/**
 * Adds up all movements and compares them with the balances, at most 100 differences by name. Every movement takes
 * from one bucket what it gives to another, so what is compared is that no balance changed without one. Cost: a pass
 * over all movements; for tests, storms and `POST /v1/verify`.
 */
export async function checkBooks(queries: Queries): Promise<Books> {
  const wrong = await findDifferences(queries);
  return { ok: wrong.length === 0, movements: await countMoves(queries), wrong };
}
