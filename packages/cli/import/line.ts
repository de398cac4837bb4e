import { currencyScale, isCurrency, limits } from "@trato/base";
import { usageFailure } from "../failure.ts";
import { microsPerMinor, multiply, parseThousandths, toMinor } from "./amount.ts";
import { type ReadTime, readerOfTimes } from "./local-time.ts";
import type { Columns, Mapping } from "./mapping.ts";
import type { RawRecord } from "./read-records.ts";

/** What becomes of a line; every line has exactly one. */
export const fates = ["sales", "anonymous", "returns", "quarantined"] as const;
export type Fate = (typeof fates)[number];

/** A line that is a sale or comes back: quantity and amount are positive, its fate says which way they count. */
export type GoodLine = {
  readonly fate: Exclude<Fate, "quarantined">;
  readonly order: string;
  readonly customer: string;
  readonly store: string;
  readonly time: string;
  readonly sku: string;
  readonly quantityThousandths: number;
  readonly priceThousandths: number;
  readonly amountMinor: number;
  /** Quantity times price as the file has it, with its sign. */
  readonly micros: bigint;
  readonly title: string;
  readonly category: string;
};

/** A line that is neither; `micros` is null when its quantity or its price is no number. */
export type BadLine = {
  readonly fate: "quarantined";
  readonly number: number;
  readonly raw: string;
  readonly detail: string;
  readonly micros: bigint | null;
};
export type Line = GoodLine | BadLine;

export type ReadLine = (record: RawRecord) => Line;

const names = [
  "order",
  "sku",
  "quantity",
  "time",
  "price",
  "customer",
  "store",
  "title",
  "category",
] as const;
type Places = Readonly<Record<(typeof names)[number], number>>;

/** Prepares for a file's columns; a Failure names the column that the mapping asks for and the file lacks. */
export function readerOfLines(mapping: Mapping, header: readonly string[]): ReadLine {
  const places = placesOf(mapping.columns, header);
  const digits = isCurrency(mapping.currency) ? currencyScale[mapping.currency] : 2;
  const needs = {
    places,
    columns: header.length,
    returnPrefix: mapping.returnPrefix,
    perMinor: microsPerMinor(digits),
    readTime: remembering(readerOfTimes(mapping.timeZone)),
  };
  return (record) => readLine(record, needs);
}

function placesOf(columns: Columns, header: readonly string[]): Places {
  const place = (name: (typeof names)[number]): [string, number] => {
    const wanted = columns[name];
    if (wanted === undefined) return [name, -1];
    const at = header.indexOf(wanted);
    if (at >= 0) return [name, at];
    throw usageFailure(
      `The file has no column "${wanted}" (/columns/${name} of the mapping); it has: ${header.join(", ")}.`,
    );
  };
  return Object.fromEntries(names.map(place)) as Places;
}

/** Neighbouring lines mostly have the same time. */
function remembering(readTime: ReadTime): ReadTime {
  let lastText = "";
  let last: string | undefined;
  return (text) => {
    if (text !== lastText) {
      last = readTime(text);
      lastText = text;
    }
    return last;
  };
}

type Needs = {
  readonly places: Places;
  readonly columns: number;
  readonly returnPrefix: string | undefined;
  readonly perMinor: bigint;
  readonly readTime: ReadTime;
};

function readLine(record: RawRecord, needs: Needs): Line {
  const { cells } = record;
  const cell = (name: keyof Places): string => cells[needs.places[name]]?.trim() ?? "";
  const order = cell("order");
  const sku = cell("sku");
  const quantity = parseThousandths(cell("quantity"));
  const price = parseThousandths(cell("price"));
  const time = needs.readTime(cell("time"));
  const micros = quantity === undefined || price === undefined ? null : multiply(quantity, price);
  const isReturn =
    needs.returnPrefix === undefined ? (quantity ?? 0) < 0 : order.startsWith(needs.returnPrefix);
  const minor = micros === null ? undefined : toMinor(micros < 0n ? -micros : micros, needs.perMinor);
  const bad = (detail: string): BadLine => ({
    fate: "quarantined",
    number: record.number,
    raw: record.raw,
    detail,
    micros,
  });
  if (cells.length !== needs.columns)
    return bad(`The line has ${cells.length} fields instead of ${needs.columns}.`);
  const customer = cell("customer");
  const wrong = whyNotText({ order, sku, customer, time }, cell("time"));
  if (wrong !== undefined) return bad(wrong);
  if (quantity === undefined)
    return bad(`The quantity "${cell("quantity").slice(0, 50)}" is no number of at most three decimals.`);
  if (price === undefined)
    return bad(`The price "${cell("price").slice(0, 50)}" is no number of at most three decimals.`);
  const unsold = whyNotSold({ quantity, price, isReturn });
  if (unsold !== undefined) return bad(unsold);
  if (minor === undefined || micros === null) return bad("The amount is too large.");
  return {
    fate: isReturn ? "returns" : customer === "" ? "anonymous" : "sales",
    order,
    customer,
    store: cell("store").slice(0, limits.storeCharsMax),
    time: time!,
    sku,
    quantityThousandths: Math.abs(quantity),
    priceThousandths: price,
    amountMinor: minor,
    micros,
    title: cell("title"),
    category: cell("category"),
  };
}

const charsMax = 100;
const strange = /^__proto__$|\p{Cc}/u;

type Texts = { order: string; sku: string; customer: string; time: string | undefined };

function whyNotText(line: Texts, time: string): string | undefined {
  if (line.order === "") return "The order number is missing.";
  if (line.order.length > charsMax) return `The order number is longer than ${charsMax} characters.`;
  if (line.sku === "") return "The item's code is missing.";
  if (line.sku.length > charsMax) return `The item's code is longer than ${charsMax} characters.`;
  if (strange.test(line.sku)) return "The item's code holds control characters.";
  if (line.customer.length > charsMax) return `The customer is longer than ${charsMax} characters.`;
  if (line.time === undefined) return `The time "${time.slice(0, 50)}" is none such as 2010-12-01 08:26.`;
  return undefined;
}

const quantityThousandthsMax = 1_000_000 * 1_000;

/** The first reason that applies; the amounts of what is sold or comes back are never below 0. */
function whyNotSold(line: { quantity: number; price: number; isReturn: boolean }): string | undefined {
  const { quantity, price, isReturn } = line;
  if (price < 0) return "The price is negative: a correction of the books, not a sale.";
  if (quantity === 0) return "The quantity is 0.";
  if (Math.abs(quantity) > quantityThousandthsMax) return "The quantity is larger than a million.";
  if (price === 0 && quantity < 0) return "A negative quantity at no price: a change of stock, not a sale.";
  if (isReturn && quantity > 0) return "A cancellation with a positive quantity.";
  if (!isReturn && quantity < 0) return "A negative quantity outside of a cancellation.";
  return undefined;
}
