import assert from "node:assert/strict";
import test from "node:test";
import type { KeptEvent } from "../events/index.ts";
import { silentLog } from "../platform/index.ts";
import type { SessionRecipe } from "./families/session.ts";
import { createLiveVisits } from "./live-visits.ts";
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
    const visits = createLiveVisits({ log: silentLog, browsed: () => pagesOf(past) });
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
