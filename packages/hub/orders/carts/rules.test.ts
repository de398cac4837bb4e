import assert from "node:assert/strict";
import { test } from "node:test";
import { type Currency, limits } from "@trato/base";
import type { CartChange } from "@trato/contract";
import fc from "fast-check";
import type { Cart, CartLine } from "./cart.ts";
import { makeCode, readCode } from "./code.ts";
import { changeCart, mergeCarts } from "./rules.ts";
import { cartTokens } from "./token.ts";

const nowMs = Date.UTC(2026, 10, 22, 15);
const cartOf = (lines: readonly CartLine[], cartId = "c"): Cart => ({
  ...{
    cartId,
    code: "K7Q-4MPX",
    state: "open",
    personId: null,
    version: 1,
    expiresMs: nowMs + 1,
    mergedInto: null,
  },
  ...{ orderId: null, channel: "app", placeId: null, currency: "USD" as Currency, groups: [] },
  ...{ lines, held: [], heldUntilMs: 0, changedMs: nowMs },
});
const change = (cart: Cart, changes: readonly CartChange[], ifVersion?: number) =>
  changeCart(cart, { changes, ifVersion, context: {} }, nowMs);
const linesAfter = (cart: Cart, changes: readonly CartChange[]): Record<string, number> => {
  const changed = change(cart, changes);
  assert.ok(changed.ok);
  return Object.fromEntries(changed.value.cart.lines.map(({ sku, quantity }) => [sku, quantity]));
};

const sku = fc.constantFrom("a", "b", "c", "d");
const someLines = fc
  .uniqueArray(fc.record({ sku, quantity: fc.integer({ min: 1, max: 9 }) }), { selector: (line) => line.sku })
  .map((lines): CartLine[] => lines);
const someChange: fc.Arbitrary<CartChange> = fc.oneof(
  fc.record({ do: fc.constant("add" as const), sku, quantity: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant("take" as const), sku, quantity: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant("set" as const), sku, quantity: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ do: fc.constant("empty" as const) }),
);

test("any changes do what a shopping list of plain numbers would", () => {
  fc.assert(
    fc.property(someLines, fc.array(someChange, { maxLength: 20 }), (lines, changes) => {
      const list: Record<string, number> = Object.fromEntries(lines.map((one) => [one.sku, one.quantity]));
      for (const one of changes) {
        if (one.do === "empty") for (const name of Object.keys(list)) delete list[name];
        else {
          const before = list[one.sku] ?? 0;
          const after = { add: before + one.quantity, take: before - one.quantity, set: one.quantity }[
            one.do
          ];
          if (after > 0) list[one.sku] = after;
          else delete list[one.sku];
        }
      }
      assert.deepEqual(linesAfter(cartOf(lines), changes), list);
    }),
  );
});

test("what is added in several channels at once is the same cart in whatever order it arrives", () => {
  const adds = fc.array(
    fc.record({ do: fc.constant("add" as const), sku, quantity: fc.integer({ min: 1, max: 9 }) }),
  );
  fc.assert(
    fc.property(someLines, adds, fc.infiniteStream(fc.nat()), (lines, changes, draws) => {
      const shuffled = changes
        .map((one) => ({ one, at: draws.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      assert.deepEqual(linesAfter(cartOf(lines), changes), linesAfter(cartOf(lines), shuffled));
    }),
  );
});

test("merging loses no line and doubles none: in any order, and twice, it is the same cart", () => {
  const merged = (into: readonly CartLine[], from: readonly CartLine[]) => {
    const done = mergeCarts(cartOf(into, "1"), cartOf(from, "2"), nowMs);
    assert.ok(done.ok);
    return [...done.value.into.lines].sort((a, b) => (a.sku < b.sku ? -1 : 1));
  };
  fc.assert(
    fc.property(someLines, someLines, someLines, (a, b, c) => {
      assert.deepEqual(merged(a, b), merged(b, a));
      assert.deepEqual(merged(merged(a, b), b), merged(a, b));
      assert.deepEqual(merged(merged(a, b), c), merged(a, merged(b, c)));
      for (const { sku: name, quantity } of [...a, ...b]) {
        const kept = merged(a, b).find((line) => line.sku === name)!.quantity;
        assert.ok(kept >= quantity && kept <= 9, "the larger of the two");
      }
    }),
  );
});

test("a change is refused when the cart was bought, is over, has changed since, or would burst; nothing is done then", () => {
  const add: CartChange = { do: "add", sku: "a", quantity: 1 };
  const problemOf = (cart: Cart, changes: readonly CartChange[] = [add], ifVersion?: number) => {
    const done = change(cart, changes, ifVersion);
    return done.ok ? "ok" : done.problem;
  };
  const full = Array.from({ length: limits.cartLinesMax }, (_, i) => ({ sku: `x${i}`, quantity: 1 }));
  assert.equal(problemOf({ ...cartOf([]), state: "ordered" }), "cart_closed");
  assert.equal(problemOf({ ...cartOf([]), expiresMs: nowMs }), "cart_unknown");
  assert.equal(problemOf(cartOf([]), [add], 7), "cart_changed");
  assert.equal(problemOf(cartOf(full)), "cart_full");
  assert.equal(problemOf(cartOf([{ sku: "a", quantity: limits.cartQuantityMax }])), "cart_full");
  assert.equal(problemOf(cartOf(full), [{ do: "set", sku: "x0", quantity: 0 }, add]), "ok");
});

test("a code that is read out is understood, and one wrong or swapped character is noticed", () => {
  const bytes = fc.uint8Array({ minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(bytes, fc.nat(6), fc.nat(30), (random, at, other) => {
      const code = makeCode(() => random);
      assert.match(code, /^[0-9A-HJKMNP-TW-Z]{3}-[0-9A-HJKMNP-TW-Z]{4}$/);
      const typed = code.toLowerCase().replace("-", " ").replaceAll("0", "o").replaceAll("1", "l");
      assert.equal(readCode(typed), code);
      const plain = code.replace("-", "");
      const wrong = "0123456789ABCDEFGHJKMNPQRSTWXYZ"[other]!;
      if (plain[at] !== wrong)
        assert.equal(readCode(plain.slice(0, at) + wrong + plain.slice(at + 1)), undefined);
      const next = (at + 1) % 7;
      if (plain[at] === plain[next]) return;
      const swapped = [...plain];
      [swapped[at], swapped[next]] = [plain[next]!, plain[at]!];
      assert.equal(readCode(swapped.join("")), undefined);
    }),
  );
});

test("a token opens its cart and no other, and nobody makes one without the secret", () => {
  const { of, read } = cartTokens("a secret");
  const cartId = "0198c0de-0000-7000-8000-0000000000c1";
  assert.equal(read(of(cartId)), cartId);
  assert.ok(of(cartId).length <= 42);
  fc.assert(
    fc.property(fc.nat(of(cartId).length - 1), fc.constantFrom(..."abcXYZ019-_"), (at, wrong) => {
      const token = of(cartId);
      if (token[at] !== wrong)
        assert.equal(read(token.slice(0, at) + wrong + token.slice(at + 1)), undefined);
    }),
  );
  assert.equal(cartTokens("another").read(of(cartId)), undefined);
  for (const wrong of ["", "x", of(cartId).slice(1), `${of(cartId)}A`]) assert.equal(read(wrong), undefined);
});
