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

/**
 * The online retailer's buyers, in weeks until 2011-06-30, by the protocol of its README, and how many days each
 * bought on in the 162 days after.
 */
export function readRetail(): { buyers: BuyersOf; later: Float64Array; weeksAfter: number } {
  const { invoice, quantity, unit_price, customer_id, time } = readColumns(retailPath);
  const rows = [...customer_id!.keys()].filter(
    (i) =>
      customer_id![i] !== "" &&
      Number(quantity![i]) > 0 &&
      Number(unit_price![i]) > 0 &&
      !invoice![i]!.startsWith("C"),
  );
  const customers = rows.map((i) => customer_id![i]!);
  const dates = rows.map((i) => time![i]!.slice(0, 10));
  const buyers = daily(customers, dates, Date.UTC(2011, 5, 30));
  const days = new Set(rows.map((_, at) => `${customers[at]} ${dates[at]}`));
  const laterOf = new Map<string, number>();
  for (const day of days) {
    const [customer = "", date = ""] = day.split(" ");
    if (date > "2011-06-30") laterOf.set(customer, (laterOf.get(customer) ?? 0) + 1);
  }
  const names = [...new Set(customers)].sort();
  const later = Float64Array.from(buyers.personOf, (person) => laterOf.get(names[person]!) ?? 0);
  return { buyers, later, weeksAfter: 162 / 7 };
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
