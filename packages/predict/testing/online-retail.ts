import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Baskets, basketsFrom } from "../arrays/baskets.ts";

/**
 * Where the log lies beside the project; tests that need it are skipped, with this path said, when it does
 * not.
 */
export const onlineRetailPath = new URL(
  "../../../../shared/data/online-retail/transactions.csv.gz",
  import.meta.url,
);

/** The last month of the log is what is to be predicted. */
export const splitMs = Date.UTC(2011, 10, 9, 13);

/** One line of the log that has a customer and a positive quantity and is no cancellation. */
type Sale = { invoice: string; code: string; timeMs: number; customer: string; quantity: number };

/**
 * The log split in time. Persons and items of `train` come first, sorted by their code, so that equal scores
 * rank by ascending code; those that only `test` has come behind.
 */
export type OnlineRetail = {
  readonly train: Baskets;
  readonly test: Baskets;
  readonly all: Baskets;
  readonly trainLines: number;
  readonly testLines: number;
  readonly codes: readonly string[];
  /** How much of each entry of the baskets' `itemOf` was bought; receipts of one minute count together. */
  readonly quantitiesOf: (baskets: Baskets) => Float64Array;
};

/**
 * Reads the log; `path` is gzip of CSV without quotes: invoice, stock_code, quantity, time, unit_price,
 * customer_id, country.
 */
export function readOnlineRetail(path: URL = onlineRetailPath): OnlineRetail {
  const sales = readSales(path);
  const early = sales.filter((sale) => sale.timeMs < splitMs);
  const codes = numbered(early, sales, (sale) => sale.code);
  const customers = numbered(early, sales, (sale) => sale.customer);
  const build = (some: readonly Sale[], itemCount: number, personCount: number) => {
    const invoices = new Map<string, number>();
    for (const sale of some) if (!invoices.has(sale.invoice)) invoices.set(sale.invoice, invoices.size);
    const lines = {
      personOf: Int32Array.from(some, (sale) => customers.index.get(sale.customer)!),
      basketOf: Int32Array.from(some, (sale) => invoices.get(sale.invoice)!),
      itemOf: Int32Array.from(some, (sale) => codes.index.get(sale.code)!),
      timeOf: Float64Array.from(some, (sale) => sale.timeMs),
    };
    return basketsFrom(lines, { itemCount, personCount });
  };
  const late = sales.filter((sale) => sale.timeMs >= splitMs);
  return {
    train: build(early, codes.early, customers.early),
    test: build(late, codes.names.length, customers.names.length),
    all: build(sales, codes.names.length, customers.names.length),
    trainLines: early.length,
    testLines: late.length,
    codes: codes.names,
    quantitiesOf: quantitiesIn(sales, codes.index, customers.index),
  };
}

function quantitiesIn(
  sales: readonly Sale[],
  itemOf: ReadonlyMap<string, number>,
  personOf: ReadonlyMap<string, number>,
) {
  const startOf = new Map<string, number>();
  for (const { invoice, timeMs } of sales) {
    startOf.set(invoice, Math.min(timeMs, startOf.get(invoice) ?? timeMs));
  }
  const sums = new Map<string, number>();
  for (const { invoice, code, customer, quantity } of sales) {
    const key = `${personOf.get(customer)}/${startOf.get(invoice)}/${itemOf.get(code)}`;
    sums.set(key, quantity + (sums.get(key) ?? 0));
  }
  return ({ basketStart, itemOf: items, personOfBasket, timeOfBasket }: Baskets): Float64Array => {
    const quantities = new Float64Array(items.length);
    for (let b = 0; b < timeOfBasket.length; b++) {
      for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) {
        quantities[at] = sums.get(`${personOfBasket[b]}/${timeOfBasket[b]}/${items[at]}`)!;
      }
    }
    return quantities;
  };
}

function readSales(path: URL): Sale[] {
  const [head, ...lines] = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
  if (head?.trim() !== "invoice,stock_code,quantity,time,unit_price,customer_id,country") {
    throw new Error(`${path} is not the online retail log: it starts with ${head}`);
  }
  const sales: Sale[] = [];
  for (const line of lines) {
    const [invoice = "", code = "", quantity = "", time = "", , customer = ""] = line.split(",");
    if (customer === "" || !(Number(quantity) > 0) || invoice.startsWith("C")) continue;
    const timeMs = Date.parse(`${time.replace(" ", "T")}:00Z`);
    sales.push({ invoice, code, customer, timeMs, quantity: Number(quantity) });
  }
  return sales;
}

/** Numbers the names of the early sales in ascending sequence, then those that only come later. */
function numbered(early: readonly Sale[], all: readonly Sale[], nameOf: (sale: Sale) => string) {
  const first = [...new Set(early.map(nameOf))].sort();
  const known = new Set(first);
  const later = [...new Set(all.map(nameOf))].filter((name) => !known.has(name)).sort();
  const names = [...first, ...later];
  return { names, early: first.length, index: new Map(names.map((name, at) => [name, at])) };
}
