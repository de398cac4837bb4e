/**
 * # 5. A decision can be explained, and replayed
 *
 * `POST /v1/decisions` answers what to show one person at one **placement** now. Its record is committed before the answer
 * leaves, so whatever was shown can be accounted for:
 *
 * - `GET /v1/decisions/{id}` is the answer as it was given, with the prices and words of that moment.
 * - `GET /v1/decisions/{id}/why` gives each card's score as a sum of **parts**. They are whole numbers, in millionths of a
 *   minor unit of money, and add up exactly. Each says what it rests on (`evidence`) and whether it looked at the person.
 *   It also names what was refused, with the reason, what was outranked, whether the first slot was explored, and on which
 *   consent and which versions of model, items, offers, rules and policy it all rests.
 * - `POST /v1/decisions/{id}/replay` decides again: the person folded anew from the log up to the position that was
 *   recorded, everything else at its recorded version. The two records must have the same text, letter by letter,
 *   whatever has happened since.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { DecisionWhy } from "@trato/contract";
import { daysAgo, fillAndTrain, items, openShop, sale, somebody, today, train } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

let who: { email: string };
before(async () => {
  await fillAndTrain(shop);
  who = await somebody(shop, "personal");
  for (const ago of [85, 64, 42, 21])
    await shop.send(sale(`ana-${ago}`, daysAgo(ago), who, ["detergent-3kg"]));
});

const decide = (context: object = {}) => shop.decide({ identities: who, context });
const whyOf = (id: string) => shop.get<DecisionWhy>(`/v1/decisions/${id}/why`);
const cardOf = (why: DecisionWhy, sku: string) => why.shown.find((one) => one.key === `item:${sku}`)!;

test("the parts of every score add up to it, and each says what the score would be without it", async () => {
  const why = await whyOf((await decide()).decisionId);
  assert.ok(why.shown.length > 2);
  for (const { score, parts } of why.shown) {
    assert.equal(
      parts.reduce((sum, { value }) => sum + value, 0),
      score,
    );
    for (const { value, scoreWithout } of parts) assert.equal(scoreWithout, score - value);
  }
});

test("what is told to the shopper is the part that speaks most, in both languages", async () => {
  const answer = await decide();
  const detergent = answer.items.find(({ sku }) => sku === "detergent-3kg");
  assert.equal(detergent?.reason.en, "You buy it every 3 weeks; it is nearly time");
  assert.equal(detergent?.reason.es, "Suele comprarlo cada 3 semanas; ya casi le toca");
  const { parts } = cardOf(await whyOf(answer.decisionId), "detergent-3kg");
  const rhythm = parts.find(({ part }) => part === "rhythm");
  assert.equal(rhythm?.value, Math.max(...parts.map(({ value }) => value)));
});

test("taking away what a part rests on lowers the score by exactly that part", async () => {
  const onThePage = cardOf(await whyOf((await decide({ sku: "coffee-500g" })).decisionId), "coffee-filters");
  const elsewhere = cardOf(await whyOf((await decide()).decisionId), "coffee-filters");
  const context = onThePage.parts.find(({ part }) => part === "context")!;
  assert.equal(context.evidence, "page:coffee-500g");
  const itsOwn = ({ score, parts }: typeof onThePage) =>
    score - parts.filter(({ part }) => part === "variety").reduce((sum, { value }) => sum + value, 0);
  assert.equal(itsOwn(onThePage) - itsOwn(elsewhere), context.value);
});

test("what was not shown has a reason", async () => {
  await shop.put("/v1/items", { items: [{ ...items[5]!, inStock: false }] });
  const { refused } = await whyOf((await decide({ cart: [{ sku: "rice-2kg", quantity: 1 }] })).decisionId);
  const reasons = new Map(refused.flatMap(({ reason, keys }) => keys.map((key) => [key, reason])));
  assert.equal(reasons.get("item:whisk"), "out_of_stock");
  assert.equal(reasons.get("item:rice-2kg"), "already_in_cart");
  await shop.put("/v1/items", { items: [items[5]] });
});

test("after all that came later, a decision reads as it was given and replays letter by letter", async () => {
  const made = [await decide(), await decide({ sku: "coffee-500g" }), await shop.decide({})];

  const later = new Date(today + 60_000).toISOString();
  await shop.send(sale("later", later, who, ["detergent-3kg", "whisk"]));
  await shop.send(sale("older", daysAgo(30), who, ["rice-2kg"]));
  await shop.send({ ...sale("joined", daysAgo(2), { ...who, loyalty: "neighbour-3" }, ["whisk"]) });
  await shop.put("/v1/items", { items: items.map((one) => ({ ...one, priceMinor: one.priceMinor + 100 })) });
  const text = { es: "Envío gratis", en: "Free delivery" };
  await shop.put("/v1/offers", {
    offers: [{ id: "free", kind: "delivery", text, placements: ["web.home"], leverMinor: 900 }],
  });
  await train(shop);
  const now = await decide();
  assert.notDeepEqual(now.items, made[0]!.items);

  for (const answer of made) {
    assert.deepEqual(await shop.get(`/v1/decisions/${answer.decisionId}`), answer);
    const replayed = await shop.post<{ matches: boolean; differences: unknown[] }>(
      `/v1/decisions/${answer.decisionId}/replay`,
    );
    assert.deepEqual([replayed.matches, replayed.differences], [true, []]);
  }
});

test("decisions are kept under the person, whoever they turned out to be", async () => {
  const { personId } = await shop.who("loyalty", "neighbour-3");
  const { decisions } = await shop.get<{ decisions: { basis: string }[] }>(
    `/v1/decisions?personId=${personId}`,
  );
  assert.ok(decisions.length > 5);
});
