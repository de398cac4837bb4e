import { type Currency, currencyScale, limits } from "@trato/base";
import { type ItemInput, listItems, putItems, type Words } from "@trato/contract";
import type { Static } from "typebox";
import type { Client } from "../client.ts";
import { usageFailure } from "../failure.ts";
import { microsPerMinor, toMinor } from "./amount.ts";
import type { GoodLine } from "./line.ts";
import type { Mapping } from "./mapping.ts";
import { openRecords } from "./read-records.ts";

type Seen = { title: string; category: string; priceThousandths: number };

/** What the file says about each item: its last price above 0, and its last title and category, if it has such. */
export type Catalogue = Map<string, Seen>;

export function seeItem(catalogue: Catalogue, line: GoodLine): void {
  const seen = catalogue.get(line.sku);
  if (seen === undefined) {
    if (catalogue.size >= limits.importRememberedMax) {
      throw usageFailure(`The file has more than ${limits.importRememberedMax} items; split it.`);
    }
    const { title, category, priceThousandths } = line;
    catalogue.set(line.sku, { title, category, priceThousandths });
    return;
  }
  if (line.fate !== "returns" && line.priceThousandths > 0) seen.priceThousandths = line.priceThousandths;
  if (line.title !== "") seen.title = line.title;
  if (line.category !== "") seen.category = line.category;
}

/**
 * Reads a file of titles. An item that stands there several times has the title with the greatest count, or the
 * first when nothing is counted.
 */
export async function readTitles(path: string, mapping: Mapping): Promise<Map<string, string>> {
  const { items } = mapping;
  if (items === undefined)
    throw usageFailure("The mapping has no /items; name there the columns of sku and title.");
  const file = openRecords(path, mapping.delimiter);
  const header = await file.header();
  const place = (name: "sku" | "title" | "count", column: string | undefined): number => {
    const at = column === undefined ? -1 : header.indexOf(column);
    if (at >= 0 || column === undefined) return at;
    throw usageFailure(
      `${path} has no column "${column}" (/items/${name} of the mapping); it has: ${header.join(", ")}.`,
    );
  };
  const at = {
    sku: place("sku", items.sku),
    title: place("title", items.title),
    count: place("count", items.count),
  };
  const best = new Map<string, { title: string; count: number }>();
  for await (const records of file.portions()) {
    for (const { cells } of records) {
      const [sku = "", title = ""] = [cells[at.sku]?.trim(), cells[at.title]?.trim()];
      const count = Number(cells[at.count] ?? 0) || 0;
      if (sku === "" || title === "" || count <= (best.get(sku)?.count ?? -1)) continue;
      if (best.size >= limits.importRememberedMax)
        throw usageFailure(`${path} has too many items; split it.`);
      best.set(sku, { title, count });
    }
  }
  return new Map([...best].map(([sku, { title }]) => [sku, title]));
}

/** The words of an item that the catalogue has. */
export type Known = { readonly title: Words; readonly category: string };

/**
 * An item as it is sent. What this file says nothing of stays as the catalogue has it. An item without a price was
 * never sold: it is known, and not offered.
 */
export function toItem(
  sku: string,
  seen: Seen,
  mapping: Mapping,
  { titles, known }: { titles: ReadonlyMap<string, string>; known: ReadonlyMap<string, Known> },
): ItemInput {
  const currency = mapping.currency as Currency;
  const micros = BigInt(seen.priceThousandths) * 1_000n;
  const priceMinor = Math.min(
    limits.priceMinorMax,
    toMinor(micros, microsPerMinor(currencyScale[currency])) ?? 0,
  );
  const title = clean(titles.get(sku) ?? seen.title, 500);
  const there = known.get(sku);
  return {
    sku,
    title: title === "" ? (there?.title ?? sku) : title,
    category: clean(seen.category, 100) || (there?.category ?? "general"),
    priceMinor,
    currency,
    kind: "product",
    inStock: true,
    sellable: priceMinor > 0 && mapping.notForSale?.includes(sku) !== true,
  };
}

/** What the catalogue has of these items, a page at a time. */
export async function readKnown(client: Client, catalogue: Catalogue): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  let after: string | undefined;
  do {
    const query = { limit: limits.pageRowsMax, ...(after === undefined ? {} : { after }) };
    const page: Static<typeof listItems.gives> = await client.call(listItems, { query });
    for (const { sku, title, category } of page.items)
      if (catalogue.has(sku)) known.set(sku, { title, category });
    after = page.next;
  } while (after !== undefined);
  return known;
}

const clean = (text: string, charsMax: number): string =>
  text
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, charsMax);

export type ItemsTold = {
  sent: number;
  created: number;
  changed: number;
  unchanged: number;
  refused: number;
};

/** Sends every item, a thousand at a time. The same items again change nothing. */
export async function tellItems(client: Client, items: readonly ItemInput[]): Promise<ItemsTold> {
  const told = { sent: items.length, created: 0, changed: 0, unchanged: 0, refused: 0 };
  for (let at = 0; at < items.length; at += limits.batchRowsMax) {
    const answer = await client.call(putItems, {
      body: { items: items.slice(at, at + limits.batchRowsMax) },
    });
    for (const fate of ["created", "changed", "unchanged", "refused"] as const) told[fate] += answer[fate];
  }
  return told;
}
