import type { Queries } from "../platform/index.ts";
import { findDifferences } from "./books-store.ts";

/** A balance that is not what its movements make it, in words. */
export type Books = { readonly levels: number; readonly wrong: readonly string[] };

/**
 * Do the books balance? Every bucket of every level is the sum of its movements, what is held is what holds hold, what
 * is allocated is what is put aside for orders, what is in transit is what transfers still owe. Cost: reads everything;
 * for `trato verify` and tests.
 */
export async function checkBooks(queries: Queries): Promise<Books> {
  const { levels, differences } = await findDifferences(queries);
  const wrong = differences.map(
    ({ sku, placeId, what, kept, made }) =>
      `${sku} at ${placeId}: ${what} says ${kept}, and what stands behind it makes ${made}`,
  );
  return { levels, wrong };
}
