import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { hubInMemory } from "../testing/hub-in-memory.ts";
import { header } from "../testing/sales-file.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { onlineRetail } from "./online-retail.ts";
import { type ImportOptions, openImport, runImport } from "./run.ts";
import { reconciles } from "./totals.ts";

const folder = await mkdtemp(join(tmpdir(), "trato-account-"));
after(() => rm(folder, { recursive: true, force: true }));

type Row = { order: string; sku: string; quantity: string; price: string; customer: string };

const row = fc.record({
  order: fc.constantFrom("1", "1", "2", "3", "C4", "C5", "C5", ""),
  sku: fc.constantFrom("x", "x", "y", "z", ""),
  quantity: fc.constantFrom("1", "2", "5", "-1", "-1", "-2", "-4", "0", "many", "1.5"),
  price: fc.constantFrom("1", "2.55", "0.005", "0", "-3", "free", "1.2345"),
  customer: fc.constantFrom("", "17", "17", "18"),
});

const textOf = ({ order, sku, quantity, price, customer }: Row): string =>
  `${order},${sku},${quantity},2011-05-0${1 + (order.length % 9)} 10:00,${price},${customer},France`;

async function importRows(rows: readonly Row[]) {
  const path = join(folder, "rows.csv");
  await writeFile(path, [header, ...rows.map(textOf)].join("\n"));
  const options: ImportOptions = {
    path,
    mapping: onlineRetail,
    itemsPath: undefined,
    consents: [],
    batch: 3,
    user: "ana",
    saidAt: "2026-11-22T10:00:00Z",
  };
  const hub = hubInMemory();
  const checkpoint: Checkpoint = { read: () => undefined, write: () => undefined, remove: () => undefined };
  const stop = new AbortController().signal;
  const tools = { checkpoint, remembered: 1_000, onProgress: () => undefined, stop };
  const done = await runImport(hub.client, await openImport(options), options, tools);
  return { hub, done };
}

/** Digits as whole numbers, in thousandths; undefined when it is no number. */
function thousandths(text: string): bigint | undefined {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d{0,3}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return BigInt(`${sign}${whole}${fraction.padEnd(3, "0")}`);
}

const isSold = (one: Row): boolean => {
  const [quantity, price] = [thousandths(one.quantity), thousandths(one.price)];
  if (quantity === undefined || price === undefined || one.order === "" || one.sku === "") return false;
  if (price < 0n || quantity === 0n || (price === 0n && quantity < 0n)) return false;
  return one.order.startsWith("C") === quantity < 0n;
};

/** The amount in pence: a penny is ten thousand millionths. */
function penceOf(one: Row): number {
  const micros = thousandths(one.quantity)! * thousandths(one.price)!;
  return Number(((micros < 0n ? -micros : micros) + 5_000n) / 10_000n);
}

type Expected = { id: string; lines: [sku: string, quantity: number, pence: number][]; purchase?: string };

/** The whole import as a shopkeeper would do it with a pencil: slow, and with no memory but the list of purchases. */
function byHand(rows: readonly Row[]): Expected[] {
  const events: Expected[] = [];
  const purchases: { customer: string; sku: string; orderId: string; left: number }[] = [];
  const stretches: Record<string, number> = {};
  let before: Row | undefined;
  let orderId = "";
  for (const one of rows.filter(isSold)) {
    const goesOn = before !== undefined && before.order === one.order && before.customer === one.customer;
    if (!goesOn) {
      const count = (stretches[one.order] ?? 0) + 1;
      stretches[one.order] = count;
      orderId = count === 1 ? one.order : `${one.order}/${count}`;
    }
    before = one;
    const quantity = Math.abs(Number(one.quantity));
    const same = ({ customer, sku }: { customer: string; sku: string }) =>
      one.customer !== "" && customer === one.customer && sku === one.sku;
    let id = orderId;
    let purchase: string | undefined;
    if (one.order.startsWith("C")) {
      const found = purchases.findLast((bought) => same(bought) && bought.left >= quantity);
      if (found !== undefined) {
        found.left -= quantity;
        purchase = found.orderId;
        id = `${orderId}:${purchase}`;
      }
    } else {
      const bought = purchases.find((other) => same(other) && other.orderId === orderId);
      if (bought !== undefined) bought.left += quantity;
      else purchases.push({ customer: one.customer, sku: one.sku, orderId, left: quantity });
    }
    const line: Expected["lines"][number] = [one.sku, quantity, penceOf(one)];
    const event = events.find((other) => other.id === id);
    if (event !== undefined) event.lines.push(line);
    else events.push({ id, lines: [line], ...(purchase === undefined ? {} : { purchase }) });
  }
  return events;
}

test("orders, returns and their purchases come out as a shopkeeper would do it by hand", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
      const { hub } = await importRows(rows);
      const told = [...hub.events.values()].map(({ id, type, data }): Expected => {
        const lines = data["lines"] as { sku: string; quantity: number; amountMinor: number }[];
        const sum = lines.reduce((total, line) => total + line.amountMinor, 0);
        assert.equal(data["totalMinor"], sum);
        const purchase = type === "order.returned" ? (data["orderId"] as string | undefined) : undefined;
        return {
          id: id.slice("online-retail/".length),
          lines: lines.map((line) => [line.sku, line.quantity, line.amountMinor]),
          ...(purchase === undefined ? {} : { purchase }),
        };
      });
      const sorted = (events: Expected[]) => events.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      assert.deepEqual(sorted(told), sorted(byHand(rows)));
    }),
    { numRuns: 300 },
  );
});

test("every line has one fate, and the amounts of the fates add up to the file's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
      const { hub, done } = await importRows(rows);
      const { totals } = done;
      assert.ok(reconciles(totals));
      assert.equal(totals.file.lines, rows.length);
      const exact = rows.map((one) => [thousandths(one.quantity), thousandths(one.price)] as const);
      assert.equal(
        totals.file.micros,
        exact.reduce((sum, [quantity, price]) => sum + (quantity ?? 0n) * (price ?? 0n), 0n),
      );
      const sold = rows.filter(isSold);
      const isReturn = (one: Row) => one.order.startsWith("C");
      assert.equal(totals.byFate.quarantined.lines, rows.length - sold.length);
      assert.equal(totals.byFate.returns.lines, sold.filter(isReturn).length);
      assert.equal(
        totals.byFate.anonymous.lines,
        sold.filter((one) => !isReturn(one) && one.customer === "").length,
      );
      assert.equal(hub.asides.length, rows.length - sold.length);
      assert.equal(done.linked + done.unlinked, totals.byFate.returns.lines);
    }),
    { numRuns: 200 },
  );
});
