import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "@trato/base";
import fc from "fast-check";
import { lnBeta } from "../numbers/special.ts";
import { fitRepeatPrior, lnComebacks, notLost } from "./repeat-prior.ts";

test("the chance of some returns and an open interval is the average over all who may stay", () => {
  const shape = fc.double({ min: 1.5, max: 9, noNaN: true });
  fc.assert(
    fc.property(
      shape,
      shape,
      fc.nat(8),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (stay, leave, returns, lasting) => {
        const slices = 20_000;
        let sum = 0;
        for (let i = 0; i < slices; i++) {
          const r = (i + 0.5) / slices;
          const density = Math.exp(
            (stay - 1) * Math.log(r) + (leave - 1) * Math.log1p(-r) - lnBeta(stay, leave),
          );
          sum += (density * r ** returns * (1 - r + r * lasting)) / slices;
        }
        assert.ok(Math.abs(Math.exp(lnComebacks(stay, leave, returns, lasting)) - sum) < 1e-5);
      },
    ),
    { numRuns: 50 },
  );
});

test("whoever was away for no time has not left more than they might, and for ever has", () => {
  assert.ok(Math.abs(notLost(0.7, 1) - 0.7) < 1e-12);
  assert.equal(notLost(0.7, 0), 0);
});

test("items that people stay with are told from those they leave, and rare ones lean on the rest", () => {
  const draw = chance(2);
  const stays = [0.9, 0.3];
  const itemOf: number[] = [];
  const returns: number[] = [];
  for (const [item, stay] of stays.entries()) {
    for (let person = 0; person < 2_000; person++) {
      let times = 0;
      while (draw() < stay) times++;
      itemOf.push(item);
      returns.push(times);
    }
  }
  itemOf.push(2);
  returns.push(0);
  const lasting = new Float64Array(itemOf.length);
  const prior = fitRepeatPrior(
    { itemOf: Int32Array.from(itemOf), returns: Float64Array.from(returns), lasting },
    3,
  );
  const mean = (item: number) => prior.stayOf[item]! / (prior.stayOf[item]! + prior.leaveOf[item]!);
  assert.ok(Math.abs(mean(0) - 0.9) < 0.03, `${mean(0)}`);
  assert.ok(Math.abs(mean(1) - 0.3) < 0.03, `${mean(1)}`);
  assert.ok(mean(2) > 0.1 && mean(2) < mean(3), `${mean(2)}, unknown ${mean(3)}`);
});

test("whoever bought only today has not left: an item's first month does not count against it", () => {
  const people = 300;
  const itemOf = Int32Array.from({ length: 2 * people }, (_, s) => s % 2);
  const returns = Float64Array.from(itemOf, (item, s) => (item === 0 && s % 10 < 6 ? 3 : 0));
  const lasting = Float64Array.from(itemOf, (item) => (item === 0 ? 0 : 1));
  const { stayOf, leaveOf } = fitRepeatPrior({ itemOf, returns, lasting }, 2);
  assert.ok(stayOf[1]! / (stayOf[1]! + leaveOf[1]!) > 0.4);
});

test("without trials one in two comes back", () => {
  const none = { itemOf: new Int32Array(0), returns: new Float64Array(0), lasting: new Float64Array(0) };
  const prior = fitRepeatPrior(none, 1);
  assert.ok(Math.abs(prior.stayOf[1]! / (prior.stayOf[1]! + prior.leaveOf[1]!) - 0.5) < 0.01);
});
