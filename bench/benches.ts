import { cart } from "./cart.ts";
import { decide } from "./decide.ts";
import { importFile } from "./import.ts";
import { intake } from "./intake.ts";
import type { Report } from "./lib/figure.ts";
import { order } from "./order.ts";
import { predict } from "./predict.ts";
import { scale } from "./scale.ts";
import { stock } from "./stock.ts";
import { stream } from "./stream.ts";

export type Bench = { readonly says: string; readonly run: (report: Report) => Promise<void> };

export const benches: Readonly<Record<string, Bench>> = {
  intake: {
    says: "events a second through HTTP, checked, folded and durable; 50,000 people, batches of 100",
    run: intake,
  },
  decide: {
    says: "decisions a second, recorded before they are told; 100,000 people, 10,000 items, 500 offers",
    run: decide,
  },
  cart: {
    says: "adds to carts a second, held, priced and durable; 2,000 carts of people, 100 promotion rules",
    run: cart,
  },
  order: {
    says: "orders a second of three lines with two tenders each, books balanced afterwards",
    run: order,
  },
  import: { says: "the Online Retail log, 541,909 lines, folds included", run: importFile },
  predict: { says: "every family of models against published results, into docs/reference", run: predict },
  scale: { says: "what ten times the people do to a decision's latency", run: scale },
  stream: {
    says: "from a commit in one process to a subscriber of another; 200 subscribers at once",
    run: stream,
  },
  stock: {
    says: "levels a second of the feed, 100,000 levels in batches of 1,000; holds; 200 clients after the last unit",
    run: stock,
  },
};
