import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, pickInt } from "@trato/base";
import { fitRp3Beta } from "../affinity/rp3beta.ts";
import { interactionsFrom } from "../arrays/interactions.ts";
import { fitInWorker } from "./fit-in-worker.ts";

function taken(people: number, items: number) {
  const draw = chance(3);
  return interactionsFrom(
    Array.from({ length: people }, () => Array.from({ length: 20 }, () => pickInt(draw, items))),
    items,
  );
}

test("a thread fits the same model, bit for bit, and tells how far it is", async () => {
  const interactions = taken(400, 300);
  const told: number[] = [];
  const model = await fitInWorker("rp3beta", [interactions, { alpha: 0.7 }], {
    onProgress: (share) => told.push(share),
  });
  assert.deepEqual(model.toBytes(), fitRp3Beta(interactions, { alpha: 0.7 }).toBytes());
  assert.deepEqual(
    told,
    [...told].sort((a, b) => a - b),
  );
  assert.ok(told.length > 10 && told.at(-1) === 1);
});

test("what a fit refuses its data with comes back as it was said", async () => {
  await assert.rejects(fitInWorker("theta", [new Float64Array(0)]), /a series has a value/);
});

test("a fit that is told to stop stops in the middle, with the signal's reason", async () => {
  const stopping = new AbortController();
  const fitting = fitInWorker("ease", [taken(3_000, 6_000)], {
    signal: stopping.signal,
    onProgress: () => stopping.abort(new Error("no longer needed")),
  });
  await assert.rejects(fitting, /no longer needed/);
  await assert.rejects(
    fitInWorker("theta", [new Float64Array(3)], { signal: stopping.signal }),
    /no longer needed/,
  );
});

test("buffers that are handed over are not copied: the caller's views become empty", async () => {
  const values = Float64Array.from({ length: 50 }, (_, t) => t % 7);
  const model = await fitInWorker("seasonalNaive", [values, { seasonRows: 7 }], {
    handOver: [values.buffer],
  });
  assert.equal(values.length, 0);
  assert.deepEqual([...model.forecast(7)], [1, 2, 3, 4, 5, 6, 0]);
});
