import assert from "node:assert/strict";
import { after, test } from "node:test";
import { limits, minuteMs } from "@trato/base";
import type { Received } from "./testing/receiver.ts";
import { change, stage, verify } from "./testing/stage.ts";

const on = await stage();
after(() => on.stop());
const { ask, clock, database, make, remove, sender, shop, tell } = on;

test("the published library accepts the signature, and refuses it altered, late, early, incomplete or with another secret", async () => {
  const made = await make("/signed");
  await tell(change("s1"));
  await sender.sendDue();
  const [got] = shop.at("/signed");
  assert.ok(got !== undefined);
  assert.deepEqual(verify(made.secret, got, clock.nowMs()), JSON.parse(got.body));
  const refused = (one: Received, atMs = clock.nowMs(), secret = made.secret) =>
    assert.throws(() => verify(secret, one, atMs), { name: /./ });
  refused({ ...got, body: `${got.body} ` });
  refused(got, clock.nowMs() + 6 * minuteMs);
  refused(got, clock.nowMs() - 6 * minuteMs);
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
    refused({ ...got, headers: { ...got.headers, [name]: undefined } });
  }
  refused({ ...got, headers: { ...got.headers, "webhook-id": "msg_another" } });
  refused(got, undefined, `whsec_${Buffer.alloc(32).toString("base64")}`);
  await remove(made);
});

test("after two rotations within a day every secret somebody may still have is good", async () => {
  const made = await make("/twice");
  const rotate = async () =>
    (await ask<{ secret: string }>("POST", `/v1/webhooks/${made.webhookId}/rotate`)).body.secret;
  const secrets = [made.secret, await rotate(), await rotate()];
  await tell(change("t1"));
  await sender.sendDue();
  for (const secret of secrets) verify(secret, shop.at("/twice")[0]!, clock.nowMs());
  await remove(made);
});

test("after a rotation both secrets are good for a day, and then only the new one", async () => {
  const made = await make("/rotated");
  const { body } = await ask<{ secret: string }>("POST", `/v1/webhooks/${made.webhookId}/rotate`);
  assert.notEqual(body.secret, made.secret);
  await tell(change("r1"));
  await sender.sendDue();
  for (const secret of [made.secret, body.secret]) verify(secret, shop.at("/rotated")[0]!, clock.nowMs());
  clock.advance(limits.sendOldSecretMs);
  await tell(change("r2"));
  await sender.sendDue();
  verify(body.secret, shop.at("/rotated")[1]!, clock.nowMs());
  assert.throws(() => verify(made.secret, shop.at("/rotated")[1]!, clock.nowMs()));
  const listed = await ask("GET", "/v1/webhooks");
  for (const secret of [made.secret, body.secret]) {
    assert.ok(!JSON.stringify(listed.body).includes(secret));
    const stored = await database.query({
      name: "",
      text: "select 1 from platform_idempotency where response::text like '%' || $1 || '%'",
      values: [secret],
    });
    assert.deepEqual(stored, []);
  }
  await remove(made);
});
