import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Chance, chance, pick, pickInt } from "@trato/base";
import type { DecisionAnswer } from "@trato/contract";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { makePolicy } from "./index.ts";
import { agreed, folder, openHub, placed, type TestHub, type Told, viewed } from "./testing/hub.ts";
import { items, offer, plainPolicy, scores } from "./testing/shop.ts";

type Replay = { matches: boolean; differences: { pointer: string }[]; code?: string };

describe("replay", () => {
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
    const asked = { placement: "web.home", ...body };
    return (await hub.ask<DecisionAnswer>("POST", "/v1/decisions", asked)).body;
  };
  const replay = async (id: string) => (await hub.ask<Replay>("POST", `/v1/decisions/${id}/replay`)).body;

  test("a drawn life, decided now and then, replays letter by letter after all that came later", async () => {
    const seed = 20_261_120;
    const draw = chance(seed);
    const skus = items.map((item) => item.sku);
    const who = ["r1@x.ec", "r2@x.ec", "r3@x.ec"];
    const made: string[] = [];
    const bases = new Set<string>();
    for (let round = 0; round < 40; round++) {
      const email = pick(draw, who);
      if (round === 20)
        await hub.take("r3@x.ec", {
          type: "consent.withdrawn",
          daysAgo: 0,
          data: { purpose: "personalise" },
        });
      const more = Array.from({ length: pickInt(draw, 4) }, () => somethingOf(draw));
      await hub.take(email, agreed("personalise"), ...more);
      const context = draw() < 0.5 ? {} : { sku: pick(draw, skus) };
      const answer = await decide({ identities: { email }, context });
      made.push(answer.decisionId);
      bases.add(answer.basis);
      if (draw() < 0.3)
        await hub.catalog.put([{ ...pick(draw, items), priceMinor: 100 + pickInt(draw, 900) }]);
      if (draw() < 0.3)
        await hub.offers.putOffers([
          offer(pick(draw, ["a", "b"]), {
            leverMinor: pickInt(draw, 50),
            placements: ["web.home"],
            skus: [pick(draw, skus)],
          }),
        ]);
    }
    assert.deepEqual([...bases].sort(), ["no_consent", "personal"], `seed ${seed} draws both`);
    await hub.take("r1@x.ec", { ...viewed("tea", 100), also: { kind: "device", value: "tablet" } });
    await hub.take("r2@x.ec", { ...viewed("milk", 90), also: { kind: "device", value: "tablet" } });
    for (const id of made) {
      const { matches, differences } = await replay(id);
      assert.ok(matches, `seed ${seed}: ${id} differs at ${JSON.stringify(differences)}`);
    }
    await hub.catalog.put(items);
    await hub.offers.putOffers([offer("a", { active: false }), offer("b", { active: false })]);
  });

  test("an offer whose budget was spent then is spent in the replay, though it is not now", async () => {
    const few = offer("few", { placements: ["web.home"], budgetUnits: 1, leverMinor: 900 });
    await hub.offers.putOffers([few]);
    const event = {
      type: "decision.outcome",
      data: { decisionId: "d", outcome: "bought", key: "offer:few" },
    };
    await at.database.transaction((tx) =>
      hub.offers.hear(tx, [{ personId: "p", position: "1", event: { ...event, timeMs: 1 } as never }]),
    );
    await hub.offers.refresh();
    const answer = await decide({});
    assert.ok(answer.items.every((item) => item.offerId !== "few"));
    await hub.offers.putOffers([{ ...few, budgetUnits: 9 }]);
    assert.ok((await decide({})).items.some((item) => item.offerId === "few"));
    assert.equal((await replay(answer.decisionId)).matches, true);
    await hub.offers.putOffers([{ ...few, active: false }]);
  });

  test("a record that was tampered with does not match, and the place is named", async () => {
    const { decisionId } = await decide({});
    await at.database.query({
      name: "",
      text: `update decide_decision set record = replace(record::text, '"nobody"', '"holdout"')::json where decision_id = $1`,
      values: [decisionId],
    });
    const { matches, differences } = await replay(decisionId);
    assert.equal(matches, false);
    assert.deepEqual(
      differences.map((one) => one.pointer),
      ["/basis"],
    );
  });

  test("another policy in charge does not disturb it; another fold or a lost model is refused by name", async () => {
    await hub.take("ana@x.ec", agreed("personalise"), viewed("coffee"));
    const { decisionId } = await decide({ identities: { email: "ana@x.ec" } });
    const bolder = await openHub(at, { policy: makePolicy({ ...plainPolicy, varietyShare: 0.9 }) });
    const other = await bolder.ask<Replay>("POST", `/v1/decisions/${decisionId}/replay`);
    assert.equal(other.body.matches, true);
    await bolder.stop();
    const folded = await openHub(at, { foldVersion: `${folder.version},new:1` });
    const refused = await folded.ask<Replay>("POST", `/v1/decisions/${decisionId}/replay`);
    assert.deepEqual([refused.status, refused.body.code], [409, "replay_code_changed"]);
    await folded.stop();
    hub.models.inCharge = { ...scores, version: "99" };
    const lost = await decide({});
    hub.models.inCharge = scores;
    assert.equal(
      (await hub.ask<Replay>("POST", `/v1/decisions/${lost.decisionId}/replay`)).body.code,
      "model_unknown",
    );
  });
});

/** Anything that can happen to a person. */
function somethingOf(draw: Chance): Told {
  const skus = items.map((item) => item.sku);
  const daysAgo = draw() * 120;
  const sku = pick(draw, skus);
  const window = {
    windowStart: new Date(Date.UTC(2026, 10, 1)).toISOString(),
    windowEnd: new Date(Date.UTC(2026, 11, 1)).toISOString(),
  };
  return pick(draw, [
    viewed(sku, daysAgo),
    placed(String(draw()), daysAgo, sku, pick(draw, skus)),
    { type: "cart.updated", daysAgo, data: { lines: [{ sku, quantity: 1 }] } },
    {
      type: pick(draw, ["consent.given", "consent.withdrawn"]),
      daysAgo,
      data: { purpose: "personalise" },
    },
    {
      type: "decision.exposed",
      daysAgo,
      data: { decisionId: "d", placement: "web.home", rank: 1, key: `item:${sku}` },
    },
    {
      type: "moment.found",
      daysAgo,
      data: { momentId: "m", kind: "runs_out", subject: sku, ...window, confidence: 0.7, evidence: {} },
    },
    { type: "person.described", daysAgo, data: { language: "es", country: pick(draw, ["EC", "CO"]) } },
  ]);
}
