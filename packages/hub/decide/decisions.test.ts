import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { DecisionAnswer, DecisionWhy } from "@trato/contract";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { agreed, openHub, placed, type TestHub, type Told } from "./testing/hub.ts";
import { items, offer } from "./testing/shop.ts";

describe("decisions", () => {
  let at: TestDatabase;
  let hub: TestHub;
  before(async () => {
    at = await testDatabase();
    hub = await openHub(at);
  });
  after(async () => {
    await hub?.stop();
    await at?.stop();
  });
  const decide = async (body: object): Promise<DecisionAnswer> => {
    const answered = await hub.ask<DecisionAnswer>("POST", "/v1/decisions", {
      placement: "web.home",
      ...body,
    });
    assert.equal(answered.status, 200, JSON.stringify(answered.body));
    return answered.body;
  };
  const why = async (id: string) => (await hub.ask<DecisionWhy>("GET", `/v1/decisions/${id}/why`)).body;
  const regular: Told[] = [placed("1", 62, "coffee"), placed("2", 41, "coffee"), placed("3", 20, "coffee")];

  test("a regular customer who agreed is offered her coffee, with the reason in both languages", async () => {
    await hub.take("ana@x.ec", agreed("personalise"), ...regular);
    const answer = await decide({ identities: { email: "ana@x.ec" } });
    assert.equal(answer.basis, "personal");
    assert.equal(answer.personId, await hub.idOf("ana@x.ec"));
    const [first] = answer.items;
    assert.equal(first?.key, "item:coffee");
    assert.equal(first?.reason.es, "Suele comprarlo cada 3 semanas; ya casi le toca");
    assert.equal(first?.reason.en, "You buy it every 3 weeks; it is nearly time");
    assert.deepEqual([first?.priceMinor, first?.currency], [600, "USD"]);
    assert.equal(answer.personalised, true);
    assert.deepEqual(await decide({ personId: answer.personId }).then((again) => again.items), answer.items);
  });

  test("a withdrawal counts in the very next decision", async () => {
    await hub.take("rita@x.ec", agreed("personalise"), ...regular);
    assert.equal((await decide({ identities: { email: "rita@x.ec" } })).basis, "personal");
    await hub.take("rita@x.ec", { type: "consent.withdrawn", daysAgo: 0, data: { purpose: "personalise" } });
    const answer = await decide({ identities: { email: "rita@x.ec" } });
    assert.equal(answer.basis, "no_consent");
    assert.equal(answer.personalised, false);
    assert.deepEqual(answer.items, (await decide({})).items);
    const { consent } = await why(answer.decisionId);
    assert.equal(consent.personalise, "refused");
  });

  test("an item that sells out is not offered in the very next decision, and staff see why", async () => {
    const coffee = items.find((item) => item.sku === "coffee")!;
    await hub.catalog.put([{ ...coffee, inStock: false }]);
    const answer = await decide({});
    assert.ok(answer.items.every((item) => item.sku !== "coffee"));
    const out = (await why(answer.decisionId)).refused.find((one) => one.reason === "out_of_stock");
    assert.deepEqual(out?.keys.sort(), ["item:chocolate", "item:coffee"]);
    assert.equal(out?.says.es, "No hay existencias.");
    await hub.catalog.put([coffee]);
  });

  test("what was shown as often as allowed today is not shown again", async () => {
    await hub.offers.putOffers([
      offer("capped", { capPerPersonPerDay: 2, placements: ["web.home"], leverMinor: 900 }),
    ]);
    await hub.take("eva@x.ec", agreed("personalise"));
    const ask = () => decide({ identities: { email: "eva@x.ec" } });
    const exposed: Told = {
      type: "decision.exposed",
      daysAgo: 0.01,
      data: { decisionId: "d", placement: "web.home", rank: 1, key: "offer:capped" },
    };
    assert.equal((await ask()).items[0]?.key, "offer:capped");
    await hub.take("eva@x.ec", exposed);
    assert.ok((await ask()).items.some((item) => item.key === "offer:capped"));
    await hub.take("eva@x.ec", exposed);
    const answer = await ask();
    assert.ok(answer.items.every((item) => item.key !== "offer:capped"));
    const capped = (await why(answer.decisionId)).refused.find((one) => one.reason === "cap_person");
    assert.deepEqual(capped?.keys, ["offer:capped"]);
    await hub.offers.putOffers([offer("capped", { active: false })]);
  });

  test("a decision reads the same later, whatever became of the items since", async () => {
    const answer = await decide({ identities: { email: "ana@x.ec" }, context: { sku: "filters" } });
    await hub.catalog.put(
      items.map((item) => ({ ...item, title: "renamed", priceMinor: item.priceMinor + 1 })),
    );
    assert.deepEqual((await hub.ask("GET", `/v1/decisions/${answer.decisionId}`)).body, answer);
    await hub.catalog.put(items);
    assert.deepEqual((await hub.ask("GET", `/v1/decisions/${answer.decisionId}`)).body, answer);
  });

  test("an unknown placement, person or decision is said to be unknown; an unknown identity is nobody", async () => {
    const nowhere = await hub.ask<{ code: string }>("POST", "/v1/decisions", { placement: "moon" });
    assert.deepEqual([nowhere.status, nowhere.body.code], [404, "placement_unknown"]);
    const stranger = "0198c0de-0000-7000-8000-00000000dead";
    const unknown = await hub.ask<{ code: string }>("POST", "/v1/decisions", {
      placement: "web.home",
      personId: stranger,
    });
    assert.deepEqual([unknown.status, unknown.body.code], [404, "person_unknown"]);
    for (const path of [stranger, `${stranger}/why`])
      assert.equal((await hub.ask("GET", `/v1/decisions/${path}`)).status, 404);
    assert.equal((await hub.ask("POST", `/v1/decisions/${stranger}/replay`)).status, 404);
    const answer = await decide({ identities: { email: "new@x.ec" } });
    assert.deepEqual([answer.basis, answer.personId], ["nobody", null]);
  });

  test("a request that is wrong is refused with the field", async () => {
    const wrong: [object, string][] = [
      [{ limit: 0 }, "/body/limit"],
      [{ limit: 21 }, "/body/limit"],
      [{ context: { cart: [{ sku: "a", quantity: 0 }] } }, "/body/context/cart/0/quantity"],
      [{ context: { mood: "good" } }, "/body/context"],
      [{ personId: "ana" }, "/body/personId"],
      [{ identities: { horoscope: "leo" } }, "/body/identities"],
    ];
    for (const [more, pointer] of wrong) {
      const { status, body } = await hub.ask<{ errors: { pointer: string }[] }>("POST", "/v1/decisions", {
        placement: "web.home",
        ...more,
      });
      assert.equal(status, 400);
      assert.ok(
        body.errors.some((error) => error.pointer.startsWith(pointer)),
        JSON.stringify(body),
      );
    }
  });

  test("many decisions at once are all kept", async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, i) => decide({ context: { sku: items[i % items.length]!.sku } })),
    );
    const ids = new Set(answers.map((one) => one.decisionId));
    assert.equal(ids.size, 300);
    const kept = await Promise.all([...ids].map((id) => hub.ask("GET", `/v1/decisions/${id}`)));
    assert.ok(kept.every((one) => one.status === 200));
  });

  test("decisions are listed latest first, by person and placement, a page at a time", async () => {
    await hub.take("lia@x.ec", agreed("personalise"));
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      hub.clock.advance(5);
      made.unshift((await decide({ identities: { email: "lia@x.ec" } })).decisionId);
    }
    const personId = await hub.idOf("lia@x.ec");
    const listed: string[] = [];
    let after = "";
    do {
      const { body } = await hub.ask<{ decisions: { decisionId: string }[]; next?: string }>(
        "GET",
        `/v1/decisions?personId=${personId}&limit=2${after}`,
      );
      listed.push(...body.decisions.map((one) => one.decisionId));
      after = body.next === undefined ? "" : `&after=${body.next}`;
    } while (after !== "");
    assert.deepEqual(listed, made);
    const elsewhere = await hub.ask<{ decisions: unknown[] }>(
      "GET",
      `/v1/decisions?personId=${personId}&placement=push`,
    );
    assert.deepEqual(elsewhere.body.decisions, []);
  });

  test("an erased person's decisions are gone, and nobody else's", async () => {
    await hub.take("zoe@x.ec", agreed("personalise"));
    const gone = await decide({ identities: { email: "zoe@x.ec" } });
    const stays = await decide({ identities: { email: "ana@x.ec" } });
    await at.database.transaction((tx) => hub.decisions.erase(tx, [gone.personId as never]));
    assert.equal((await hub.ask("GET", `/v1/decisions/${gone.decisionId}`)).status, 404);
    assert.equal((await hub.ask("GET", `/v1/decisions/${stays.decisionId}`)).status, 200);
  });
});
