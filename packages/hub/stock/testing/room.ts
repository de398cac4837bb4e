import assert from "node:assert/strict";
import { fakeClock } from "@trato/base";
import type { Item, StockLevel } from "@trato/contract";
import { openCatalog } from "../../catalog/index.ts";
import { silentLog } from "../../platform/index.ts";
import { testDatabase } from "../../testing/database.ts";
import { serve } from "../../testing/serve.ts";
import { checkBooks, openStock, stockRoutes, type Want } from "../index.ts";

export const noonMs = Date.UTC(2026, 10, 20, 12);

export const placeOf = (placeId: string, more: object = {}) => ({
  placeId,
  kind: "store",
  name: placeId,
  country: "EC",
  timezone: "America/Guayaquil",
  channels: ["web", "pos"],
  ...more,
});

export const bundleOf = (sku: string, parts: NonNullable<Item["parts"]>) => ({
  sku,
  title: sku,
  category: "test",
  priceMinor: 100,
  currency: "USD",
  parts,
});

/** The room over a database of its own, with three places, behind HTTP without a socket. */
export async function testRoom(placeIds: readonly string[] = ["A", "B", "C"]) {
  const at = await testDatabase();
  const { database } = at;
  const clock = fakeClock(noonMs);
  const catalog = await openCatalog({ database, log: silentLog, pollMs: 60_000 });
  await catalog.putPlaces(placeIds.map((placeId, i) => placeOf(placeId, { priority: i })));
  const places = () => catalog.places().places;
  // Nothing is tidied away by itself: what a test sees is judged by the clock.
  const items = () => catalog.now().items;
  const stock = openStock({
    ...{ database, clock, log: silentLog, places, items },
    sweepMs: 3_600_000,
  });
  const { ask, stop } = serve(database, stockRoutes(stock, { places, items, clock }), clock);
  const want = (holdId: string, lines: Want["lines"], more: Partial<Want> = {}): Want => ({
    ...{ holdId, owner: holdId, channel: "web", placeIds, lines },
    expiresMs: clock.nowMs() + 60_000,
    ...more,
  });
  return {
    ...{ at, database, clock, catalog, stock, ask, want },
    feed: async (...levels: unknown[]) => {
      const answer = await ask<{ results: { result: string; errors?: { pointer: string }[] }[] }>(
        "PUT",
        "/v1/stock",
        { levels },
      );
      assert.equal(answer.status, 200);
      return answer.body.results.map(({ result }) => result);
    },
    hold: (...wants: Want[]) => database.transaction((tx) => stock.hold(tx, wants, clock.nowMs())),
    release: (...ids: string[]) => database.transaction((tx) => stock.release(tx, ids, clock.nowMs())),
    allocate: (...asked: { holdId: string; orderId: string }[]) =>
      database.transaction((tx) => stock.allocate(tx, asked, clock.nowMs())),
    level: async (sku: string, placeId: string): Promise<StockLevel | undefined> => {
      const { body } = await ask<{ levels: StockLevel[] }>("GET", `/v1/stock?sku=${sku}&placeId=${placeId}`);
      return body.levels[0];
    },
    /** The books balance: I1 to I3 for stock. */
    assertBooks: async (about = ""): Promise<void> => {
      assert.deepEqual((await checkBooks(database)).wrong, [], about);
    },
    stop: async () => {
      await stop();
      await stock.stop();
      await catalog.stop();
      await at.stop();
    },
  };
}
