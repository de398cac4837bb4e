import assert from "node:assert/strict";
import { test } from "node:test";
import { type Currency, currencyScale } from "@trato/base";
import fc from "fast-check";
import { lineMinorOf, minorOf } from "./money.ts";

test("a decimal price becomes exactly its minor units, or nothing", () => {
  const cases: readonly [given: unknown, currency: Currency, minor: number | undefined][] = [
    [18.99, "USD", 1899],
    ["18.99", "USD", 1899],
    [" 18.9 ", "USD", 1890],
    [1.005, "KWD", 1005],
    [1.15, "USD", 115],
    [59.97 + 0.000000000000006, "USD", 5997],
    [0.1 + 0.2, "USD", 30],
    [1990, "CLP", 1990],
    [1990.5, "CLP", undefined],
    [-5, "USD", -500],
    [1234567890.12, "COP", 123456789012],
    [18.999, "USD", undefined],
    ["12,50", "USD", undefined],
    ["1,234.50", "USD", undefined],
    ["$5", "USD", undefined],
    ["", "USD", undefined],
    [1e21, "USD", undefined],
    [Number.NaN, "USD", undefined],
    [null, "USD", undefined],
    [{}, "USD", undefined],
  ];
  for (const [given, currency, minor] of cases)
    assert.equal(minorOf(given, currency), minor, `${given} ${currency}`);
});

test("any amount of minor units survives being written as a decimal number", () => {
  const currency = fc.constantFrom(...(Object.keys(currencyScale) as Currency[]));
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 11), max: 10 ** 11 }), currency, (minor, code) => {
      assert.equal(minorOf(minor / 10 ** currencyScale[code], code), minor);
      assert.equal(minorOf((minor / 10 ** currencyScale[code]).toFixed(currencyScale[code]), code), minor);
    }),
    { numRuns: 5_000 },
  );
});

test("a line is price times quantity, rounded once", () => {
  const cases: readonly [price: unknown, quantity: number, currency: Currency, minor: number | undefined][] =
    [
      [6.45, 2, "USD", 1290],
      [1.899, 10, "USD", 1899],
      [1.899, 10.5, "USD", 1994],
      [0.125, 1, "USD", 13],
      [-0.125, 1, "USD", -13],
      [333.33, 3, "CLP", 1000],
      ["x", 1, "USD", undefined],
    ];
  for (const [price, quantity, currency, minor] of cases) {
    assert.equal(lineMinorOf(price, quantity, currency), minor, `${price} ${quantity}`);
  }
});
