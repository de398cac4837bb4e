import { type DecideInput, decide } from "./decide.ts";
import type { DecisionRecord } from "./record.ts";

/** What deciding asks of the stock: nothing where the shop keeps none. */
export type StockNeeds = {
  /** Whether any place keeps stock at all. */
  isKept(): boolean;
  /** Which of these items cannot be had at this instant where the person can be served. */
  soldOut(skus: readonly string[], where: Where): Promise<ReadonlySet<string>>;
  /** Holds a unit of each of which stock is kept, for as long as the decision is fresh; "sold" when one went meanwhile. */
  hold(promise: {
    readonly holdId: string;
    /** To whom; null when nobody knows. */
    readonly personId: string | null;
    readonly skus: readonly string[];
    readonly expiresMs: number;
    readonly where: Where;
  }): Promise<"held" | "nothing" | "sold">;
  release(holdId: string): Promise<void>;
};

export type Where = { readonly channel: string; readonly store: string | undefined };

/**
 * Decides, looks whether what would be shown is there, and decides again without what is not, until all that is shown
 * was looked at. Each round looks at what was shown and what came next, so a second one is nearly always the last; the
 * candidates are bounded, so there is a last. The record names what was missing: a replay needs no stock.
 */
export async function decideInStock(
  stock: StockNeeds,
  input: DecideInput,
  where: Where,
): Promise<DecisionRecord> {
  const looked = new Set<string>();
  const soldOut = new Set(input.soldOut);
  for (;;) {
    const record = decide({ ...input, soldOut });
    if (!stock.isKept()) return record;
    const fresh = skusOf(record).filter((sku) => !looked.has(sku));
    if (!record.shown.some(({ sku }) => sku !== undefined && !looked.has(sku))) return record;
    for (const sku of fresh) looked.add(sku);
    for (const sku of await stock.soldOut(fresh, where)) soldOut.add(sku);
  }
}

const itemKey = "item:";

/** The items of a record that are shown, or would be next. */
function skusOf({ shown, next }: DecisionRecord): string[] {
  const near = next.flatMap(([key]) => (key.startsWith(itemKey) ? [key.slice(itemKey.length)] : []));
  return [...new Set([...shown.flatMap(({ sku }) => (sku === undefined ? [] : [sku])), ...near])];
}

const triesMax = 3;

/** The same, holding a unit of each item that is shown; what is sold between the look and the hold is looked at again. */
export async function decideAndHold(
  stock: StockNeeds,
  input: DecideInput,
  where: Where,
): Promise<DecisionRecord> {
  let soldOut: readonly string[] = [];
  for (let tries = 0; tries < triesMax; tries++) {
    const record = await decideInStock(stock, { ...input, soldOut: new Set(soldOut) }, where);
    const skus = record.shown.flatMap(({ sku }) => (sku === undefined ? [] : [sku]));
    if (skus.length === 0 || !stock.isKept()) return record;
    const promise = { holdId: record.decisionId, expiresMs: record.freshUntilMs };
    const held = await stock.hold({ ...promise, personId: record.personId, skus, where });
    if (held !== "sold") return held === "held" ? { ...record, promise } : record;
    soldOut = record.soldOut;
  }
  return decideInStock(stock, { ...input, soldOut: new Set(soldOut) }, where);
}
