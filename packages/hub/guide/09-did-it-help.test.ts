/**
 * # 9. Did it help?
 *
 * A decision is an intention. What was really shown is told by `decision.exposed` (the decision's id, placement, rank and
 * key), what came of it by `decision.outcome` (clicked, accepted, dismissed, bought, used) and by ordinary orders. Only what
 * was exposed counts towards the limits on how often somebody is shown something; so report what a page rendered, not
 * what it fetched.
 *
 * `GET /v1/report` (or `trato report`) compares people who were decided for with the **holdout**, the 5 % who by chance see
 * what everybody sees. Everybody with a decision in the period counts in the arm that chance put them in, from their first
 * decision on, whether they looked or not: that is what makes the two alike in everything else. An order is worth what is
 * left of it after its returns. Judge by revenue per person: showing people what they would have bought anyway makes
 * conversions, and earns nothing.
 *
 * It says how sure it is. With few people it says that too, instead of a figure that may change tomorrow.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { DecisionAnswer, Report } from "@trato/contract";
import { hourMs, items, openShop, sale, somebody, today, untilHeard } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const at = (hours: number): string => new Date(today + hours * hourMs).toISOString();
const shown = (who: object, answer: DecisionAnswer, hours: number) => {
  const { rank, key, sku } = answer.items[0]!;
  const data = { decisionId: answer.decisionId, placement: answer.placement, rank, key, sku };
  const id = `seen-${answer.decisionId}`;
  return { id, type: "decision.exposed", time: at(hours), channel: "web", identities: who, data };
};
const report = async (): Promise<Report> => {
  await untilHeard(shop);
  return shop.get<Report>("/v1/report");
};
const armOf = ({ arms }: Report, name: string) => arms.find(({ arm }) => arm === name)!;

let treated: { email: string };
let heldOut: { email: string };
before(async () => {
  await shop.put("/v1/items", { items });
  treated = await somebody(shop, "personal");
  heldOut = await somebody(shop, "holdout");
  shop.clock.advance(24 * hourMs);
});

test("what was seen is counted once, however often it is told", async () => {
  const answer = await shop.decide({ identities: treated });
  await shop.send(shown(treated, answer, 20));
  await shop.send({ ...shown(treated, answer, 21), id: "seen-again" });
  const other = await shop.decide({ identities: heldOut });
  await shop.send(shown(heldOut, other, 20));
  const told = await report();
  assert.equal(armOf(told, "treated").exposures, 1);
  assert.equal(armOf(told, "holdout").exposures, 1);
  assert.ok(
    armOf(told, "holdout").people >= 1,
    "chance may have held out some of those who were made before",
  );
});

test("an order within seven days of what was seen is a conversion; a click is one when it is told", async () => {
  const answer = await shop.decide({ identities: treated });
  const [first] = answer.items;
  await shop.send(shown(treated, answer, 22), sale("after", at(23), treated, [first!.sku!]), {
    ...{ id: "click", type: "decision.outcome", time: at(22.5), identities: treated },
    data: { decisionId: answer.decisionId, outcome: "clicked", key: first!.key },
  });
  const { clicks, conversions, orders, revenueMinor } = armOf(await report(), "treated");
  assert.equal(clicks, 1);
  assert.equal(conversions, 1);
  assert.equal(orders, 1);
  assert.equal(revenueMinor, items.find(({ sku }) => sku === first!.sku)!.priceMinor);
});

test("what is brought back is taken off again, from the next report on", async () => {
  const before = armOf(await report(), "treated").revenueMinor;
  const back = { returnId: "r1", orderId: "after", currency: "USD", totalMinor: 100, lines: [] };
  await shop.send({ id: "back", type: "order.returned", time: at(23.5), identities: treated, data: back });
  assert.equal(armOf(await report(), "treated").revenueMinor, before - 100);
});

test("with too few people the report says so, and gives no verdict", async () => {
  const { verdict, flags, says } = await report();
  assert.ok(verdict === "nothing_to_compare" || verdict === "too_few");
  assert.ok(flags.includes("too_few"));
  assert.ok(says.en.length > 0 && says.es.length > 0);
});

test("a limit on how often counts what was seen: an e-mail placement is full after three things a day", async () => {
  const data = { purpose: "marketing", channel: "email", textVersion: "1", language: "es", evidence: "Box." };
  const who = await somebody(shop, "personal");
  await shop.send({ id: "mail-yes", type: "consent.given", time: at(1), identities: who, data });
  const mail = () => shop.decide({ placement: "email.slot", identities: who });
  const first = await mail();
  assert.equal(first.items.length, 3);
  assert.equal((await mail()).items.length, 3, "what was only decided, and not seen, does not count");
  await shop.send(
    ...first.items.map(({ rank, key }) => ({
      ...{ id: `mail-${rank}`, type: "decision.exposed", time: at(23), channel: "email", identities: who },
      data: { decisionId: first.decisionId, placement: "email.slot", rank, key },
    })),
  );
  assert.deepEqual((await mail()).items, []);
});
