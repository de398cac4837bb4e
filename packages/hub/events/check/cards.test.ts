import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, pickInt } from "@trato/base";
import fc from "fast-check";
import { findCards, hasCard, isCard } from "./cards.ts";
import { accessKey, cnpj, gs1, luhn } from "./check-digits.ts";

const draw = chance(20_261_122);
const random = (digits: number) => Array.from({ length: digits }, () => pickInt(draw, 10)).join("");
const withCheck = (digits: string, isRight: (whole: string) => boolean) => {
  for (let check = 0; check < 10; check++) if (isRight(`${digits}${check}`)) return `${digits}${check}`;
  throw new Error(`no check digit fits ${digits}`);
};
const hex = (digits: number) => Array.from({ length: digits }, () => pickInt(draw, 16).toString(16)).join("");

/** Test numbers that the card networks publish. */
const published = [
  "4111111111111111", "4012888888881881", "4000056655665556", "5555555555554444", "5105105105105100",
  "2223003122003222", "2720999999999996", "6011111111111117", "6011000990139424", "3530111333300000",
  "378282246310005", "371449635398431", "38520000023237", "30569309025904", "36227206271667",
  "6200000000000005", "6500000000000002",
]; // biome-ignore format: a table

test("the published test numbers are cards, and one digit more or less is not", () => {
  for (const number of published) {
    assert.ok(isCard(number), number);
    assert.ok(!isCard(`${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`), number);
    assert.deepEqual(findCards(`9${number}`).concat(findCards(`${number}9`)), []);
  }
});

test("measured on numbers of trade, next to nothing is taken for a card", () => {
  const count = 20_000;
  const rows: readonly [kind: string, make: () => string, shareMax: number][] = [
    ["GTIN-13", () => withCheck(random(12), gs1), 0],
    ["GTIN-14", () => withCheck(random(13), gs1), 0.006],
    ["SSCC-18", () => withCheck(random(17), gs1), 0],
    ["IMEI", () => withCheck(`${["01", "35", "86", "99"][pickInt(draw, 4)]}${random(12)}`, luhn), 0],
    ["RUC of Ecuador", () => `${String(1 + pickInt(draw, 24)).padStart(2, "0")}${random(8)}001`, 0],
    ["time in ms", () => `17${random(11)}`, 0],
    ["time in µs", () => `17${random(14)}`, 0],
    [
      "time, RFC 3339",
      () => `2026-1${pickInt(draw, 3)}-2${pickInt(draw, 10)}T1${pickInt(draw, 10)}:00:00.${random(3)}-05:00`,
      0,
    ],
    ["random 16 digits", () => random(16), 0.03],
    ["access key of 49 digits", () => random(49), 0],
    ["UUID", () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`, 0],
    ["SHA-256", () => hex(64), 0],
    ["MD5", () => hex(32), 0],
    ["price", () => `${pickInt(draw, 10_000)}.${random(2)}`, 0],
    ["fraction of 16 digits", () => `0.${random(16)}`, 0],
    ["phone", () => `+5939${random(8)}`, 0],
    ["invoice of Ecuador", () => `001-${random(3)}-${random(9)}`, 0],
  ];
  for (const [kind, make, shareMax] of rows) {
    let taken = 0;
    for (let i = 0; i < count; i++) if (hasCard(`{"a":"${make()}"}`)) taken++;
    assert.ok(taken / count <= shareMax, `${kind}: ${((100 * taken) / count).toFixed(3)} % (seed 20261122)`);
  }
});

test("the check digits of trade are those their owners publish", () => {
  for (const gtin of ["4006381333931", "036000291452", "96385074", "00614141123452", "106141411928374657"]) {
    assert.ok(gs1(gtin), gtin);
  }
  assert.ok(cnpj("11222333000181") && !cnpj("11222333000182"));
  assert.ok(accessKey(withCheck(random(48), accessKey)) && accessKey(withCheck(random(43), accessKey)));
  assert.ok(luhn("490154203237518"));
});

/** The slow, obvious version: every run of digits, every way a card may stand in it. */
function slowCards(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const { index, 0: run } of text.matchAll(/\d(?:[ -]?\d)*/g)) {
    const isFraction = /(?<!\d|\d[ -])\d{1,9}\.$/.test(text.slice(0, index));
    const groups = [...run.matchAll(/\d+/g)].map((group) => ({
      start: index + group.index,
      digits: group[0],
    }));
    if (isFraction) groups.shift();
    const ways = [groups];
    for (let i = 0; i < groups.length; i++) {
      ways.push([groups[i]!]);
      for (const count of [5, 4, 3]) {
        const some = groups.slice(i, i + count);
        if (["4,4,4,4", "4,6,5", "4,6,4", "4,4,4,4,3"].includes(some.map((g) => g.digits.length).join()))
          ways.push(some);
      }
    }
    let free = 0;
    for (const way of ways) {
      if (way.length === 0 || way[0]!.start < free || !isCard(way.map((g) => g.digits).join(""))) continue;
      free = way.at(-1)!.start + way.at(-1)!.digits.length;
      found.push({ start: way[0]!.start, end: free });
    }
  }
  return found;
}

test("cards are found where the slow version finds them", () => {
  const grouped = fc.constantFrom(...published).map((n) => n.replace(/(\d{4})(?=\d)/g, "$1 "));
  const amex = fc.constantFrom("3782 822463 10005", "3714-496353-98431", "3056 930902 5904");
  const digits = fc.nat(1e6).map(String);
  const piece = fc.oneof(
    fc.constantFrom(...published),
    grouped,
    amex,
    digits,
    fc.constantFrom(" ", "-", ".", "x", "0.", ",", "  "),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join("");
      assert.deepEqual(
        findCards(text).map(({ start, end }) => ({ start, end })),
        slowCards(text),
        text,
      );
    }),
    { numRuns: 20_000 },
  );
});
