import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, pickInt } from "@trato/base";
import { interactionsFrom } from "../arrays/interactions.ts";
import { chooseBlend, fitChosen } from "./choose-blend.ts";
import { fitEase } from "./ease.ts";
import { fitIals } from "./ials.ts";
import { type ItemModel, itemModelFrom, rowWriter } from "./item-model.ts";
import { fitRp3Beta } from "./rp3beta.ts";
import { tasteBlend, tasteBlendFromBytes } from "./taste-blend.ts";

/** Sixty people of two tastes, each with eight of twenty items of theirs. */
const people = Array.from({ length: 60 }, (_, person) => {
  const draw = chance(person);
  return Array.from({ length: 8 }, () => 2 * pickInt(draw, 20) + (person % 2));
});
const interactions = interactionsFrom(people, 40);

test("a blend's scores and parts are its members', each times its share, and bytes keep it", () => {
  const members = [fitRp3Beta(interactions), fitIals(interactions, { dimensions: 4, rounds: 3 })];
  const blend = tasteBlend(members, [2, 0.5]);
  const again = tasteBlendFromBytes(blend.toBytes());
  const [seeds, weights] = [
    [0, 2, 5],
    [1, 1, 0.5],
  ];
  const [all, kept, one, other] = Array.from({ length: 4 }, () => new Float64Array(40)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  blend.scores(seeds, weights, all);
  again.scores(seeds, weights, kept);
  members[0]!.scores(seeds, weights, one);
  members[1]!.scores(seeds, weights, other);
  const parts = new Float64Array(3);
  for (let item = 0; item < 40; item++) {
    assert.ok(Math.abs(all[item]! - (2 * one[item]! + 0.5 * other[item]!)) < 1e-12);
    assert.equal(kept[item], all[item]);
    const sum = blend.parts(item, seeds, weights, parts);
    assert.ok(Math.abs(sum - all[item]!) < 1e-5);
    assert.ok(Math.abs(parts.reduce((total, part) => total + part, 0) - sum) < 1e-12);
  }
});

/** Speaks for the other taste: an item's neighbours are those of the wrong parity. */
function contrary(): ItemModel {
  const writer = rowWriter(40, 40);
  for (let item = 0; item < 40; item++) {
    for (let other = 0; other < 40; other++) if (other % 2 !== item % 2) writer.offer(other, 1);
    writer.end();
  }
  return itemModelFrom(writer.rows());
}

test("what is chosen is never worse, on what was held back, than the best alone; the useless stay out", () => {
  const contenders = [
    { name: "contrary", fit: contrary },
    { name: "ease", fit: (some: typeof interactions) => fitEase(some, { ridge: 5 }) },
    { name: "rp3beta", fit: (some: typeof interactions) => fitRp3Beta(some) },
  ];
  const choice = chooseBlend(interactions, contenders, { heldShare: 0.25, k: 5 });
  const best = Math.max(...choice.alone.map(({ report }) => report.ndcg));
  assert.ok(choice.together.ndcg >= best);
  assert.ok(choice.shares[0]!.contender.name !== "contrary");
  const scores = new Float64Array(40);
  fitChosen(interactions, choice).scores([0], [1], scores);
  assert.ok(Math.max(...scores.filter((_, item) => item % 2 === 0 && item > 0)) > 0);
});

test("without contenders there is nothing to choose from", () => {
  assert.throws(() => chooseBlend(interactions, []), /contender/);
});
