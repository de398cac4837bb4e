/**
 * # 4. Late events change nothing but the truth
 *
 * A till was offline all Saturday; a telephone sends last week's visits when it finds a network. A profile is therefore
 * never "the last thing we heard": it is the **fold** of everything the log holds of a person, sorted by the time at which
 * things happened. An event that is newer than all others is folded on top. An event that belongs before one of them makes
 * that person's profile be folded again from the log.
 *
 * So the order of arrival does not matter, and a profile can be proved: `POST /v1/verify` (or `trato verify`) folds everybody
 * again and compares with the live profiles, bit for bit.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chance, pickInt } from "@trato/base";
import { daysAgo, openShop, sale } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

type Verified = { ok: boolean; people: number; different: unknown[] };
const verify = () => shop.post<Verified>("/v1/verify");

/** The same life for whoever is named: purchases, a cart, views, a return, a cancelled order. */
const lifeOf = (loyalty: string): { id: string; time: string }[] => {
  const who = { loyalty };
  const about = (id: string, days: number, type: string, data: object) => ({
    ...{ id: `${loyalty}-${id}`, type, time: daysAgo(days), channel: "web", identities: who, data },
  });
  const back = {
    currency: "USD",
    totalMinor: 1_250,
    lines: [{ sku: "detergent-3kg", quantity: 1, amountMinor: 1_250 }],
  };
  const bought = (n: number, days: number, ...skus: string[]) => ({
    ...sale(`o${n}`, daysAgo(days), who, skus),
    id: `${loyalty}-sale-${n}`,
  });
  return [
    bought(1, 60, "detergent-3kg", "rice-2kg"),
    bought(2, 40, "detergent-3kg"),
    about("view-1", 30, "item.viewed", { sku: "whisk" }),
    about("back-1", 25, "order.returned", { returnId: "r1", orderId: "o2", ...back }),
    bought(3, 19, "detergent-3kg", "softener-1l"),
    about("view-2", 12, "item.viewed", { sku: "coffee-500g" }),
    about("cart-1", 11, "cart.updated", { lines: [{ sku: "coffee-500g", quantity: 2 }] }),
    bought(4, 5, "whisk"),
    about("off-1", 4, "order.cancelled", { orderId: "o4" }),
  ];
};

/** What is known, without the ids by which the two lives differ. */
const knownOf = async (loyalty: string) => {
  const { slices, lastEventAt } = await shop.who("loyalty", loyalty);
  return JSON.parse(JSON.stringify({ slices, lastEventAt }).replaceAll(loyalty, "somebody"));
};

test("events that come one by one, backwards and in any order give the profile they give in order", async () => {
  await shop.send(...lifeOf("in-order"));
  const expected = await knownOf("in-order");
  for (const event of lifeOf("backwards").reverse()) await shop.send(event);
  assert.deepEqual(await knownOf("backwards"), expected);

  const seed = 20_261_122;
  const draw = chance(seed);
  const left = lifeOf("shuffled");
  while (left.length > 0) await shop.send(...left.splice(pickInt(draw, left.length), 1));
  assert.deepEqual(await knownOf("shuffled"), expected, `seed ${seed}`);
});

test("what comes late takes its place: an order that was heard of last was not the last order", async () => {
  const [first, second, ...rest] = lifeOf("saturday");
  await shop.send(first!, ...rest);
  await shop.send(second!);
  const { orders } = (await knownOf("saturday")).slices as { orders: { lastOrder: { skus: string[] } } };
  assert.notDeepEqual(orders.lastOrder.skus, ["detergent-3kg"]);
  assert.deepEqual(await knownOf("saturday"), await knownOf("in-order"));
});

test("every live profile is the fold of the log, bit for bit", async () => {
  const { ok, people, different } = await verify();
  assert.deepEqual([ok, different], [true, []]);
  assert.equal(people, 4);
});

test("a profile that somebody changed behind the log's back is found, named, and put right from the log", async () => {
  const text = `update people_person set slices = replace(slices::text, 'detergent-3kg', 'detergent-9kg')::json`;
  await shop.database.query({ name: "", text, values: [] });
  const found = await verify();
  assert.deepEqual([found.ok, found.different.length], [false, 4]);
  await shop.post("/v1/refold");
  assert.equal((await verify()).ok, true);
});

test("an event of the future is put aside; one of years ago is not", async () => {
  const far = { id: "far", type: "item.viewed", time: daysAgo(-2), data: { sku: "whisk" } };
  const old = { id: "old", type: "item.viewed", time: "1999-12-31T23:59:59-05:00", data: { sku: "whisk" } };
  const { applied, quarantined } = await shop.send(far, old);
  assert.deepEqual([applied, quarantined], [1, 1]);
});
