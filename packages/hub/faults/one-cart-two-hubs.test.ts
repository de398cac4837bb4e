import assert from "node:assert/strict";
import { after, test } from "node:test";
import { systemClock } from "@trato/base";
import type { CartAnswer } from "@trato/contract";
import fc from "fast-check";
import { add, openOrdersShop, profileOf, quantities, shopAt, take } from "../orders/testing/shop.ts";
import { testDatabase } from "../testing/database.ts";
import { testHub } from "../testing/hub.ts";
import { assertSound } from "../testing/sound.ts";

const database = await testDatabase();
const one = await openOrdersShop({ database, clock: systemClock, onHand: 1_000_000 });
const second = await testHub({ database });
const two = shopAt(second);
const hubs = [one, two] as const;
after(async () => {
  await one.stop();
  await second.stop();
  await database.stop();
});

test("two hundred clients at two hubs change one cart: no line is lost, and both show the same", async () => {
  const identities = { email: "both@example.com" };
  const opened = await Promise.all([...hubs, ...hubs].map((hub) => hub.open({ identities })));
  assert.equal(new Set(opened.map(({ cartId }) => cartId)).size, 1, "four at once open one cart");
  const { cartId } = opened[0]!;
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      hubs[i % 2]!.change(cartId, [add(i % 4 < 2 ? "coffee" : "filter")]),
    ),
  );
  assert.ok(answers.every(({ status }) => status === 200));
  const seen = await Promise.all(hubs.map((hub) => hub.cart(cartId)));
  for (const cart of seen) assert.deepEqual(quantities(cart), { coffee: 100, filter: 100 });
  assert.equal(seen[0]!.version, seen[1]!.version);
  assert.deepEqual((await profileOf(one, identities.email)).cart?.lines, { coffee: 100, filter: 100 });
});

test("of two hubs that buy one cart at once, one does", async () => {
  for (let round = 0; round < 5; round++) {
    const { cartId } = await one.open();
    await two.change(cartId, [add("coffee")]);
    const answers = await Promise.all([...hubs, ...hubs].map((hub) => hub.buy(cartId)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    for (const { status, body } of answers)
      assert.ok(status === 201 || body.code === "cart_closed", body.code);
  }
});

type Step = {
  readonly hub: 0 | 1;
  readonly do: "add" | "take" | "sign_in";
  readonly sku: string;
  readonly quantity: number;
};
const step: fc.Arbitrary<Step> = fc.record({
  hub: fc.constantFrom(0 as const, 1 as const),
  do: fc.constantFrom("add" as const, "add" as const, "take" as const, "sign_in" as const),
  sku: fc.constantFrom("coffee", "filter"),
  quantity: fc.integer({ min: 1, max: 5 }),
});

test("random commands at either hub end as on a shopping list of plain numbers, and the books of all rooms balance", async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const identities = { email: `list-${round++}@example.com` };
      let { cartId } = await one.open();
      const list: Record<string, number> = {};
      for (const { hub, do: what, sku, quantity } of steps) {
        if (what === "sign_in") {
          const path = `/v1/carts/${cartId}/sign-in`;
          cartId = (await hubs[hub]!.done<CartAnswer>("POST", path, { identities })).cartId;
          continue;
        }
        const changed = await hubs[hub]!.change(cartId, [(what === "add" ? add : take)(sku, quantity)]);
        assert.equal(changed.status, 200, changed.text);
        const after_ = (list[sku] ?? 0) + (what === "add" ? quantity : -quantity);
        if (after_ > 0) list[sku] = after_;
        else delete list[sku];
      }
      const cart = await two.cart(cartId);
      assert.deepEqual(quantities(cart), list);
      const held = Object.fromEntries(cart.held.map(({ sku, quantity }) => [sku, quantity]));
      assert.deepEqual(held, list, "just that is held");
    }),
    { numRuns: 25 },
  );
  await assertSound(one.at);
});
