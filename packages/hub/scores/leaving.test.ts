import assert from "node:assert/strict";
import test from "node:test";
import { churnHorizonOf } from "./leaving.ts";

const estimate = (mean: number) => ({ low: mean - 0.1, mean, high: mean + 0.1 });
const cardWith = (own: number, rival: string, other: number) => ({
  settings: { horizonDays: 30 },
  measured: {
    ...{ name: "log loss", says: { en: "", es: "" }, better: "less" as const, value: estimate(own) },
    rivals: [{ name: rival, value: estimate(other) }],
  },
});

test("who may leave is asked of the model of who orders again only where its card beats lifetimes", () => {
  assert.equal(churnHorizonOf(cardWith(0.4, "lifetime", 0.5)), 30);
  assert.equal(churnHorizonOf(cardWith(0.5, "lifetime", 0.5)), null);
  assert.equal(churnHorizonOf(cardWith(0.4, "as before", 0.5)), null, "nothing to compare with");
  assert.equal(churnHorizonOf({ settings: {}, measured: null }), null);
});
