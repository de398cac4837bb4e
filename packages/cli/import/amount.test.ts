import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatMicros, microsPerMinor, multiply, parseThousandths, toMinor, writeMicros } from "./amount.ts";

const parts = fc.record({
  negative: fc.boolean(),
  whole: fc.integer({ min: 0, max: 99_999_999 }),
  fraction: fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 0, maxLength: 3 }),
});
type Parts = { negative: boolean; whole: number; fraction: string };

const textOf = ({ negative, whole, fraction }: Parts): string =>
  `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;

/** Slow and obvious: the digits as one whole number. */
function exactly({ negative, whole, fraction }: Parts): bigint {
  const size = BigInt(whole + fraction.padEnd(3, "0"));
  return negative ? -size : size;
}

test("a product is exact to the last digit, however large", () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const [quantity, price] = [parseThousandths(textOf(a))!, parseThousandths(textOf(b))!];
      assert.equal(multiply(quantity, price), exactly(a) * exactly(b));
    }),
  );
});

test("what is no decimal number of at most three digits is none", () => {
  for (const text of ["", "-", ".", "1.", ".5", "1e3", "1,5", "1.2345", "0x1", "NaN", "1 000", "--1"]) {
    assert.equal(parseThousandths(text), undefined, text);
  }
  assert.equal(parseThousandths("1.2500"), 1_250);
  assert.equal(parseThousandths("-0.000"), 0);
  assert.equal(parseThousandths("+2"), 2_000);
});

test("halves round away from zero, both ways", () => {
  const perMinor = microsPerMinor(2);
  const cases = [
    [4_999n, 0],
    [5_000n, 1],
    [14_999n, 1],
    [15_000n, 2],
    [-5_000n, -1],
    [-4_999n, 0],
  ] as const;
  for (const [micros, minor] of cases) assert.equal(toMinor(micros, perMinor), minor);
});

test("rounding is never off by more than half a minor unit", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc.integer({ min: 0, max: 4 }),
      (micros, digits) => {
        const perMinor = microsPerMinor(digits);
        const off = BigInt(toMinor(micros, perMinor)!) * perMinor - micros;
        assert.ok((off < 0n ? -off : off) * 2n <= perMinor);
      },
    ),
  );
});

test("an amount is written exactly, with two digits after the point at least", () => {
  assert.equal(writeMicros(9_747_747_934_000n), "9747747.934");
  assert.equal(writeMicros(-500_000n), "-0.50");
  assert.equal(writeMicros(1n), "0.000001");
  assert.equal(formatMicros(-9_747_747_934_000n, "en"), "-9,747,747.934");
  assert.equal(formatMicros(1_234_500_000n, "es"), "1.234,50");
});
