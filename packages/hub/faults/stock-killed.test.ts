import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { openDatabase, silentLog } from "../platform/index.ts";
import { checkBooks } from "../stock/index.ts";
import { placeOf } from "../stock/testing/room.ts";
import { ask } from "../testing/ask.ts";
import { homeFor, spawnHub } from "../testing/spawn-hub.ts";

type Kept = { readonly holdId: string; readonly lines: readonly unknown[] };

test("a hub killed while it holds and counts leaves each hold whole or absent, and books that balance", async (t) => {
  const home = await homeFor(t);
  const acknowledged = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const hub = await spawnHub(t, { home });
    await ask(hub, "PUT", "/v1/places", { places: [placeOf("A"), placeOf("B")] });
    const levels = ["x", "y", "z"].flatMap((sku) =>
      ["A", "B"].map((placeId) => ({ sku, placeId, onHand: 100_000 })),
    );
    await ask(hub, "PUT", "/v1/stock", { levels });
    let isUp = true;
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      for (let n = 0; isUp; n++) {
        const holdId = `r${round}-${lane}-${n}`;
        const lines = ["x", "y", "z"].map((sku) => ({ sku, quantity: 1 + (n % 3) }));
        const want = { holdId, owner: holdId, channel: "web", lines };
        const held = await ask(hub, "POST", "/v1/holds", want).catch(() => undefined);
        if (held?.status === 201) acknowledged.add(holdId);
      }
    });
    await delay(400 + 200 * round);
    await hub.kill();
    isUp = false;
    await Promise.all(lanes);
  }
  const hub = await spawnHub(t, { home });
  const database = openDatabase({ url: hub.databaseUrl, log: silentLog });
  assert.deepEqual((await checkBooks(database)).wrong, []);
  assert.ok(acknowledged.size > 0);
  for (const holdId of acknowledged) {
    const { status, body } = await ask<Kept>(hub, "GET", `/v1/holds/${holdId}`);
    assert.equal(status, 200, `${holdId} was acknowledged`);
    assert.equal(body.lines.length, 3, `${holdId} is whole`);
  }
  await database.stop();
  await hub.stop();
});
