import { dayMs } from "@trato/base";
import { type Buyers, type BuyersOf, buyersFrom } from "../lifetime/buyers.ts";
import { numbersOf, readColumns } from "./public-data.ts";

export const cdnowPath = "cdnow/cbs_2357.csv.gz";
export const apparelPath = "clv-apparel/transactions.csv.gz";
export const retailPath = "online-retail/transactions.csv.gz";

/** 2,357 buyers, 39 weeks to learn from and 39 weeks after: what they bought then is `later`. */
export type Cohort = {
  readonly buyers: Buyers;
  readonly meanValue: Float64Array;
  readonly later: Float64Array;
};

/** CDNOW's sample, as published. */
export function readCdnow(): Cohort {
  const { x, t_x, T_cal, zbar, x_star } = readColumns(cdnowPath);
  return {
    buyers: { repeats: numbersOf(x!), recency: numbersOf(t_x!), age: numbersOf(T_cal!) },
    meanValue: numbersOf(zbar!),
    later: numbersOf(x_star!),
  };
}

/** The simulated apparel shop's 600 buyers, in weeks until the end of 2006. */
export function readApparel(): BuyersOf {
  const { customer_id, date } = readColumns(apparelPath);
  return daily(customer_id!, date!, Date.UTC(2006, 11, 31));
}

/** The online retailer's buyers, in weeks until 2011-06-30, by the protocol of its README. */
export function readRetail(): BuyersOf {
  const { invoice, quantity, unit_price, customer_id, time } = readColumns(retailPath);
  const rows = [...customer_id!.keys()].filter(
    (i) =>
      customer_id![i] !== "" &&
      Number(quantity![i]) > 0 &&
      Number(unit_price![i]) > 0 &&
      !invoice![i]!.startsWith("C"),
  );
  const pick = (column: readonly string[]) => rows.map((i) => column[i]!);
  return daily(
    pick(customer_id!),
    pick(time!).map((text) => text.slice(0, 10)),
    Date.UTC(2011, 5, 30),
  );
}

/** Purchases of whole days until the last day, which counts and at whose start ages end. */
function daily(customers: readonly string[], dates: readonly string[], lastDayMs: number): BuyersOf {
  const numbers = new Map([...new Set(customers)].sort().map((name, i) => [name, i]));
  const purchases = {
    personOf: Int32Array.from(customers, (name) => numbers.get(name)!),
    timeOf: Float64Array.from(dates, (date) => Date.parse(`${date}T00:00:00Z`)),
  };
  return buyersFrom(purchases, { untilMs: lastDayMs + 1, unitMs: 7 * dayMs });
}
