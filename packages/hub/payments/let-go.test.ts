import assert from "node:assert/strict";
import { after, test } from "node:test";
import { beginAuthorise, beginCapture, beginVoid } from "./acts.ts";
import { checkBooks } from "./books.ts";
import type { Answered } from "./provider.ts";
import { openRoom } from "./testing/room.ts";
import { scripted } from "./testing/scripted.ts";

const { provider, script } = scripted();
const asked: string[] = [];
/** What the provider waits for before it answers that it let go, and what it answers. */
let letGo: Promise<Answered> | undefined;
const room = await openRoom({
  providers: [
    {
      ...provider,
      release: async (one) => {
        asked.push("release");
        return letGo ?? provider.release(one);
      },
    },
  ],
});
after(() => room.stop());
const { payments, database, clock } = room;

async function open(): Promise<string> {
  const tender = { kind: "provider", provider: "stripe", amountMinor: 5_000 } as const;
  const opened = await database.transaction((tx) =>
    payments.open(tx, { currency: "USD", tender }, clock.nowMs()),
  );
  assert.ok(opened.ok);
  return opened.value.paymentId;
}
const moneyOf = async (paymentId: string) => {
  const { state, authorisedMinor, releasedMinor } = (await payments.find(paymentId))!;
  return [state, authorisedMinor, releasedMinor];
};

for (const [comes, answer, money] of [
  ["before the provider let go", { is: "done" }, ["voided", 0, 5_000]],
  ["and the provider does not let go", { is: "failed", reason: "no" }, ["authorised", 5_000, 0]],
] as const) {
  test(`a payment that is voided while its buyer acts: what is set aside ${comes}`, async () => {
    const paymentId = await open();
    script.push("action_needed");
    await payments.act({ paymentId, once: undefined }, (shared, act) => beginAuthorise(shared, act, "pm_x"));
    const gate = Promise.withResolvers<Answered>();
    letGo = gate.promise;
    asked.length = 0;
    const voiding = payments.act({ paymentId, once: undefined }, beginVoid);
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const reference = (await payments.find(paymentId))!.reference!;
    await payments.hear("stripe", { id: `evt-${paymentId}`, paymentId, reference, what: "authorised" });
    assert.deepEqual(await moneyOf(paymentId), ["voided", 0, 5_000], "no order can be paid with it");
    gate.resolve(answer);
    await voiding;
    letGo = undefined;
    assert.deepEqual(await moneyOf(paymentId), money);
    assert.deepEqual((await checkBooks(database)).wrong, []);
  });
}

test("what could not be taken is let go at the provider, too: the buyer's money is not kept", async () => {
  const paymentId = await open();
  await payments.act({ paymentId, once: undefined }, (shared, act) => beginAuthorise(shared, act, "pm_x"));
  asked.length = 0;
  script.push("failed");
  await payments.act({ paymentId, once: undefined }, (shared, act) => beginCapture(shared, act, 3_000));
  await payments.settler.sweep();
  assert.deepEqual([await moneyOf(paymentId), asked], [["voided", 0, 5_000], ["release"]]);
  assert.deepEqual((await checkBooks(database)).wrong, []);
});
