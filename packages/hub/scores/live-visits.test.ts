import assert from "node:assert/strict";
import test from "node:test";
import type { KeptEvent } from "../events/index.ts";
import { type Database, openDatabase, silentLog } from "../platform/index.ts";
import { until } from "../platform/postgres/testing/start.ts";
import { testDatabase } from "../testing/database.ts";
import type { SessionRecipe } from "./families/session.ts";
import { createLiveVisits } from "./live-visits.ts";
import { shareClicks } from "./shared-clicks.ts";
import { browsing, trailItem, trailLength } from "./testing/browsing.ts";
import { pagesOf } from "./testing/small-shop.ts";

const weights = { alike: 0.27, next: 0.05, near: 0.03, walk: 0.3, last: 0.03, again: 0.1 };
const recipes: readonly SessionRecipe[] = (["vmis-knn", "decay-knn", "blend"] as const).map((recipe) => {
  return { recipe, weights, chances: [0.1, 0.05, 0.01] };
});

let told = 0;
const viewed = (who: string, sku: string): KeptEvent => ({
  ...{ id: `e${told}`, source: "shop", type: "item.viewed", timeMs: told++, receivedAtMs: told },
  ...{ channel: "web", store: null, session: null, identities: [{ kind: "anonymous", value: who }] },
  data: { sku },
});

for (const recipe of recipes) {
  test(`${recipe.recipe}: a hub that starts knows what was looked at lately, and the next click at once`, async () => {
    const past = browsing({ visits: 300, days: 30, seed: 3 });
    const visits = createLiveVisits({ log: silentLog, browsed: () => pagesOf(past), tell: () => undefined });
    assert.deepEqual(visits.next([trailItem(0)]), [], "nothing without a model");
    await visits.follow(recipe);
    const [first] = visits.next([trailItem(0)]);
    assert.equal(first?.chance, 0.1);
    assert.ok([trailItem(1), trailItem(trailLength - 1)].includes(first.sku), "a neighbour on the trail");
    assert.deepEqual(visits.next(["new-1"]), [], "nobody has looked at it yet");

    visits.hear(["a", "b", "c"].flatMap((who) => [viewed(who, "new-1"), viewed(who, "new-2")]));
    assert.equal(visits.next(["new-1"])[0]?.sku, "new-2");
    await visits.follow(null);
    assert.deepEqual(visits.next([trailItem(0)]), []);
  });
}

test("what one hub is told, the other knows as well: by whom it was seen is not said", async (context) => {
  const at = await testDatabase();
  const other = openDatabase({ url: at.url, log: silentLog, connectionsMax: 2 });
  const notes: string[] = [];
  const unlisten = await other.listen("scores_clicks", (note) => notes.push(note));
  const hubs = await Promise.all([hubOn(at.database), hubOn(other)]);
  context.after(async () => {
    await unlisten();
    for (const hub of hubs) await hub.shared.stop();
    await other.stop();
    await at.stop();
  });
  const [one, two] = hubs as [Hub, Hub];
  one.visits.hear([viewed("ana@x.ec", "before a model")]);
  for (const { visits } of hubs) await visits.follow(recipes[0]!);

  const skus = Array.from({ length: 100 }, (_, at) => `${"ñ".repeat(40)}-${at}`);
  one.visits.hear(["a", "b", "c"].flatMap((who) => skus.map((sku) => viewed(`${who}@x.ec`, sku))));
  const late = skus[97]!;
  assert.ok(one.visits.next([late]).length > 0);
  await until(async () => two.visits.next([late]).length > 0);
  assert.deepEqual(two.visits.next([late]), one.visits.next([late]), "counted once by both");
  // More than fits into one note; this listener may hear them later than the hub.
  await until(async () => notes.filter((note) => note !== "").length > 3);
  assert.ok(!notes.some((note) => note.includes("x.ec") || note.includes("before a model")));

  two.visits.hear(["d", "e"].flatMap((who) => [viewed(who, "tea"), viewed(who, "cup")]));
  await until(async () => one.visits.next(["tea"])[0]?.sku === "cup");
  await at.database.query({ name: "", text: "select pg_notify('scores_clicks', 'x[1,{\"')", values: [] });
  two.visits.hear(["d", "e"].flatMap((who) => [viewed(who, "milk"), viewed(who, "oats")]));
  await until(async () => one.visits.next(["milk"]).some(({ sku }) => sku === "oats"));
});

type Hub = Awaited<ReturnType<typeof hubOn>>;

async function hubOn(database: Database) {
  const visits = createLiveVisits({
    ...{ log: silentLog, browsed: () => pagesOf([]) },
    tell: (clicks) => shared.tell(clicks),
  });
  const shared = await shareClicks({ database, log: silentLog, hear: visits.add });
  return { visits, shared };
}
