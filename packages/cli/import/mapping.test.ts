import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes, Failure } from "../failure.ts";
import { readerOfLines } from "./line.ts";
import { checkMapping, readMapping } from "./mapping.ts";

const good = {
  name: "till-7",
  currency: "USD",
  timeZone: "America/Guayaquil",
  columns: { order: "receipt", sku: "code", quantity: "qty", time: "at", price: "price" },
};

const refused = (says: RegExp) => (cause: unknown) => {
  assert.ok(cause instanceof Failure);
  assert.equal(cause.exitCode, exitCodes.usage);
  assert.match(cause.message, says);
  return true;
};

test("a mapping needs a name, a currency, a zone and five columns", () => {
  assert.deepEqual(checkMapping(good, "m.json"), good);
});

test("a wrong mapping is refused with the field that is wrong", () => {
  const { order: _, ...columns } = good.columns;
  const wrong: [object, RegExp][] = [
    [{ ...good, columns }, /\/columns\/order: it is missing/],
    [{ ...good, currency: "DM" }, /\/currency: give one of .*GBP/],
    [{ ...good, timeZone: "Ecuador" }, /\/timeZone: "Ecuador" is no time zone/],
    [{ ...good, colour: "red" }, /\/colour: a mapping has no such field/],
    [{ ...good, name: "Till 7" }, /\/name/],
    [{ ...good, columns: { ...good.columns, sku: 7 } }, /\/columns\/sku/],
    [{ ...good, identity: "name" }, /\/identity/],
  ];
  for (const [mapping, says] of wrong) assert.throws(() => checkMapping(mapping, "m.json"), refused(says));
});

test("a name that is no mapping says which are built in", () => {
  assert.throws(() => readMapping("online-retial"), refused(/online-retail/));
});

test("a column that the file lacks is named, with those it has", () => {
  const mapping = checkMapping(good, "m.json");
  assert.throws(
    () => readerOfLines(mapping, ["receipt", "code", "qty", "at"]),
    refused(/"price".*receipt, code, qty, at/),
  );
});
