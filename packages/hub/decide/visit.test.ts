import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { minuteMs } from "@trato/base";
import { reasonWords } from "@trato/contract";
import { decide } from "./decide.ts";
import { shopperReason } from "./explain.ts";
import { decideHere, decisionNo, items, person, shelfOf, today, yes } from "./testing/shop.ts";

/** Who looks at the fridge looks at tea next, as strange as that is. */
const clicked = (recent: readonly string[]) =>
  recent.at(-1) === "fridge" ? [{ sku: "tea", chance: 0.4 }] : [];
const partsOf = (record: ReturnType<typeof decideHere>, sku: string) =>
  record.shown.find((one) => one.sku === sku)?.parts.map(([part, , evidence]) => [part, evidence]) ?? [];
const lookedAt = (sku: string, minutesAgo: number) => ({
  interest: { views: [{ sku, timeMs: today - minutesAgo * minuteMs }] },
});

describe("a visit under way", () => {
  test("somebody unknown is shown what others who looked at the same page looked at next", () => {
    const request = { placement: "web.home", context: { sku: "fridge" } };
    const record = decideHere({ request, clicked });
    assert.deepEqual(record.clicked, [{ sku: "tea", chance: 0.4 }]);
    assert.deepEqual(partsOf(record, "tea")[0], ["context", "next:fridge"]);
    const tea = record.shown.find((one) => one.sku === "tea")!;
    const title = items.find(({ sku }) => sku === "fridge")!.title;
    const lookup = { item: (sku: string) => items.find((one) => one.sku === sku), offer: () => undefined };
    assert.equal(shopperReason(tea, lookup).es, reasonWords.next.es.replace("{title}", title.es));
    const sum = tea.parts.reduce((total, [, micros]) => total + micros, 0);
    assert.equal(sum, tea.score, "the parts add up to the score");
  });

  test("a person's own last looks count while the visit goes on, and only with their yes", () => {
    const own = (minutesAgo: number, consent = yes("personalise/any")) =>
      decideHere({ profile: person({ consent, ...lookedAt("fridge", minutesAgo) }), clicked });
    assert.deepEqual(partsOf(own(5), "tea")[0], ["affinity", "next:fridge"]);
    assert.equal(own(45).clicked, undefined, "the visit is over");
    assert.equal(own(5, {}).clicked, undefined, "without a yes nobody asks what they looked at");
  });

  test("what the index said is in the record: it is decided again without the index", () => {
    const request = { placement: "web.home", context: { viewed: ["fridge"] } };
    const made = { decisionId: decisionNo(3), nowMs: today, request, profile: null, shelf: shelfOf() };
    const rest = { spent: new Set<string>(), soldOut: new Set<string>(), foldVersion: "f" };
    const record = decide({ ...made, ...rest, clicked });
    const kept = JSON.parse(JSON.stringify(record)) as typeof record;
    const again = decide({ ...made, ...rest, clicked: () => kept.clicked ?? [] });
    assert.equal(JSON.stringify(again), JSON.stringify(record));
  });
});
