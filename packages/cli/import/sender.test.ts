import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, pickInt } from "@trato/base";
import { postEvents } from "@trato/contract";
import type { Client } from "../client.ts";
import { createSender } from "./sender.ts";

const batchOf = (groups: number) => ({ events: [`{"id":"${groups}"}`], asides: [], groups });

/** A hub that answers in another order than it was asked. */
function unruly(seed: number, refuseAt = Number.POSITIVE_INFINITY) {
  const draw = chance(seed);
  const waiting: (() => void)[] = [];
  let underWay = 0;
  let most = 0;
  let asked = 0;
  const call = async (endpoint: { name: string }) => {
    assert.equal(endpoint.name, postEvents.name);
    const turn = ++asked;
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      setImmediate(() => waiting.splice(pickInt(draw, waiting.length), 1)[0]?.());
    });
    underWay -= 1;
    if (turn === refuseAt) throw new Error("The hub is gone.");
    return { success: true, accepted: 1, applied: 1, repeat: 0, quarantined: 0, erased: 0 };
  };
  return { client: { url: "", keyId: "", call: call as Client["call"] } satisfies Client, most: () => most };
}

test("batches are told as acknowledged in the order of the file, however the answers come", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const hub = unruly(seed);
    const told: number[] = [];
    const sender = createSender(hub.client, ({ groups }) => told.push(groups), 4);
    for (let groups = 1; groups <= 50; groups++) await sender.send(batchOf(groups));
    await sender.end();
    assert.deepEqual(
      told,
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    assert.equal(hub.most(), 4);
  }
});

test("when one is refused, none after it is told as acknowledged, and the failure is thrown", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const told: number[] = [];
    const sender = createSender(unruly(seed, 10).client, ({ groups }) => told.push(groups), 4);
    const work = async () => {
      for (let groups = 1; groups <= 50; groups++) await sender.send(batchOf(groups));
      await sender.end();
    };
    await assert.rejects(work(), /The hub is gone/);
    assert.ok(told.length <= 9);
    assert.deepEqual(
      told,
      Array.from({ length: told.length }, (_, i) => i + 1),
    );
  }
});
