import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { BatchResult, Offer, Placement } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import { silentLog } from "../platform/index.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { type Ask, serve } from "../testing/serve.ts";
import {
  listOffersRoute,
  listPlacementsRoute,
  type Offers,
  openOffers,
  putOffersRoute,
  putPlacementsRoute,
} from "./index.ts";

const twoForOne: Offer = {
  id: "two-for-one",
  kind: "discount",
  text: { es: "Dos por uno", en: "Two for one" },
  placements: ["web.home"],
  leverMinor: 20,
};

describe("offers and placements", () => {
  let at: TestDatabase;
  let offers: Offers;
  let ask: Ask;
  let stop: () => Promise<unknown>;
  before(async () => {
    at = await testDatabase();
    offers = await openOffers({ database: at.database, log: silentLog, pollMs: 60_000 });
    const routes = [putOffersRoute, listOffersRoute, putPlacementsRoute, listPlacementsRoute];
    ({ ask, stop } = serve(
      at.database,
      routes.map((one) => one(offers)),
    ));
  });
  after(async () => {
    await stop();
    await offers.stop();
    await at.stop();
  });
  const put = (...rows: unknown[]) => ask<BatchResult>("PUT", "/v1/offers", { offers: rows });
  const outcome = (
    decisionId: string,
    more: object,
  ): { event: KeptEvent; personId: string; position: string } => ({
    personId: "p",
    position: "1",
    event: {
      id: "e",
      source: "shop",
      type: "decision.outcome",
      timeMs: 1_000,
      receivedAtMs: 1_000,
      channel: null,
      store: null,
      session: null,
      identities: [],
      data: { decisionId, ...more } as KeptEvent["data"],
    },
  });
  const hear = (...events: ReturnType<typeof outcome>[]) =>
    at.database.transaction((tx) => offers.hear(tx, events));

  test("six placements are there from the beginning, and a shop may change them or add its own", async () => {
    const { body } = await ask<{ placements: Placement[] }>("GET", "/v1/placements");
    const names = body.placements.map((one) => one.name);
    assert.deepEqual(names, ["app.card", "email.slot", "pos.screen", "push", "web.home", "web.product"]);
    const kiosk: Placement = { name: "kiosk.door", channel: "pos", slotsMax: 2, kinds: ["product"] };
    const written = await ask<BatchResult>("PUT", "/v1/placements", {
      placements: [kiosk, body.placements[0]],
    });
    assert.deepEqual(
      written.body.results.map((one) => one.result),
      ["created", "unchanged"],
    );
    assert.deepEqual(offers.now().placements.get("kiosk.door"), kiosk);
  });

  test("an offer is there at once; the same again makes no new version; what it was stays readable", async () => {
    const first = await put(twoForOne);
    assert.equal(first.body.created, 1);
    const again = await put(twoForOne);
    assert.equal(again.body.version, first.body.version);
    const changed = await put({ ...twoForOne, leverMinor: 30 });
    assert.notEqual(changed.body.version, first.body.version);
    assert.equal(offers.now().offers.get("two-for-one")?.leverMinor, 30);
    assert.equal((await offers.asOf(first.body.version)).offers.get("two-for-one")?.leverMinor, 20);
    const some = await offers.offersAsOf(["two-for-one"], first.body.version);
    assert.equal(some.get("two-for-one")?.leverMinor, 20);
    assert.ok((await offers.asOf(first.body.version)).placements.has("web.home"));
  });

  test("a wrong offer is refused with the field that is wrong", async () => {
    const cases: [object, string][] = [
      [{ placements: ["web.nowhere"] }, "/placements/0"],
      [{ window: { from: "2026-02-01T00:00:00Z", until: "2026-01-01T00:00:00Z" } }, "/window/until"],
      [{ window: { from: "yesterday" } }, "/window/from"],
      [{ kind: "bribe" }, "/kind"],
      [{ leverMinor: -5 }, "/leverMinor"],
      [{ eligibility: { allOf: [{ fact: "income", is: "high" }] } }, "/eligibility/allOf/0/fact"],
      [{ id: "no spaces" }, "/id"],
      [{ colour: "red" }, "/colour"],
    ];
    for (const [i, [wrong, pointer]] of cases.entries()) {
      const { status, body } = await put({ ...twoForOne, id: `wrong-${i}`, ...wrong });
      assert.equal(status, 200);
      assert.equal(body.results[0]?.result, "refused", pointer);
      assert.ok(
        body.results[0]?.errors?.some((one) => one.pointer === `/body/offers/0${pointer}`),
        JSON.stringify(body),
      );
    }
  });

  test("a decision uses an offer once however often it is told, and a spent budget is known at once", async () => {
    await put({ ...twoForOne, id: "few", budgetUnits: 2 }, { ...twoForOne, id: "many" });
    await hear(
      outcome("d1", { outcome: "accepted", key: "offer:few" }),
      outcome("d1", { outcome: "bought", key: "offer:few" }),
    );
    await hear(
      outcome("d1", { outcome: "used", key: "offer:few" }),
      outcome("d2", { outcome: "clicked", key: "offer:few" }),
    );
    await hear(
      outcome("d3", { outcome: "bought", key: "item:few" }),
      outcome("d4", { outcome: "bought", key: "offer:gone" }),
    );
    await hear(outcome("d5", { outcome: "bought", key: "offer:many" }), outcome("d6", { outcome: "bought" }));
    await offers.refresh();
    assert.deepEqual([...offers.spent()], []);
    await hear(outcome("d7", { outcome: "bought", key: "offer:few" }));
    await offers.refresh();
    assert.deepEqual([...offers.spent()], ["few"]);
    const { body } = await ask<{ offers: { id: string; usedUnits: number }[] }>("GET", "/v1/offers");
    const used = Object.fromEntries(body.offers.map((one) => [one.id, one.usedUnits]));
    assert.deepEqual([used["few"], used["many"]], [2, 1]);
  });

  test("a budget that is raised is not spent any more", async () => {
    await put({ ...twoForOne, id: "few", budgetUnits: 3 });
    assert.deepEqual([...offers.spent()], []);
  });
});
