/**
 * # 10. One sale becomes one better decision
 *
 * The whole road, as [ARCHITECTURE.md](../../ARCHITECTURE.md) draws it. Ana buys detergent at a till, as she does every three
 * weeks. Three weeks later, before the packet is empty, the app asks what to show her. The clock of the hub is moved;
 * everything else is as it is in a shop.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { DecisionAnswer, DecisionWhy, Moment, Report } from "@trato/contract";
import {
  dayMs,
  daysAgo,
  fillAndTrain,
  hourMs,
  openShop,
  sale,
  somebody,
  untilHeard,
} from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const now = (): string => new Date(shop.clock.nowMs()).toISOString();
let ana: { email: string };
let answer: DecisionAnswer;

test("Ana has bought detergent every three weeks; today she buys it again, at the till", async () => {
  await fillAndTrain(shop);
  ana = await somebody(shop, "personal");
  const past = [84, 63, 42, 21].map((ago) => sale(`ana-${ago}`, daysAgo(ago), ana, ["detergent-3kg"]));
  await shop.send(...past);
  const { applied } = await shop.send(sale("ana-today", now(), ana, ["detergent-3kg"]));
  assert.equal(applied, 1);
  const today = await shop.decide({ placement: "app.card", identities: ana });
  assert.ok(
    today.items.every(({ sku }) => sku !== "detergent-3kg"),
    "nobody is sold what they have just bought",
  );
});

test("nineteen days later the hub finds that it is running out", async () => {
  shop.clock.advance(19 * dayMs);
  await shop.hub.rooms.watcher.tick();
  const { personId } = await shop.who("email", ana.email);
  const { moments } = await shop.get<{ moments: Moment[] }>(`/v1/moments?personId=${personId}&open=true`);
  const found = moments.find(({ subject }) => subject === "detergent-3kg");
  assert.equal(found?.kind, "runs_out");
  assert.equal(found?.evidence["count"], 5);
});

test("the app asks, and shows it with the reason, which can be explained part by part", async () => {
  answer = await shop.decide({ placement: "app.card", identities: ana });
  const card = answer.items.find(({ sku }) => sku === "detergent-3kg");
  assert.equal(card?.reason.en, "You buy it every 3 weeks; it is nearly time");
  assert.equal(card?.personalised, true);
  const why = await shop.get<DecisionWhy>(`/v1/decisions/${answer.decisionId}/why`);
  const parts = why.shown.find(({ sku }) => sku === "detergent-3kg")!.parts.map(({ part }) => part);
  assert.ok(parts.includes("rhythm") && parts.includes("moment"));
});

test("Ana sees the card, buys, and the report counts the sale to what she was shown", async () => {
  const { rank, key, sku } = answer.items.find((one) => one.sku === "detergent-3kg")!;
  const exposed = { decisionId: answer.decisionId, placement: "app.card", rank, key, sku };
  await shop.send({
    id: "seen",
    type: "decision.exposed",
    time: now(),
    channel: "app",
    identities: ana,
    data: exposed,
  });
  shop.clock.advance(2 * hourMs);
  await shop.send(sale("ana-again", now(), ana, ["detergent-3kg"]));
  shop.clock.advance(hourMs);
  await untilHeard(shop);
  const { arms, currency } = await shop.get<Report>("/v1/report");
  const treated = arms.find(({ arm }) => arm === "treated")!;
  assert.deepEqual([currency, treated.exposures, treated.conversions], ["USD", 1, 1]);
});

test("the purchase closed the moment, and the decision still replays to the letter", async () => {
  const { personId } = await shop.who("email", ana.email);
  const { moments } = await shop.get<{ moments: Moment[] }>(`/v1/moments?personId=${personId}&open=true`);
  assert.ok(moments.every(({ subject }) => subject !== "detergent-3kg"));
  const { matches } = await shop.post<{ matches: boolean }>(`/v1/decisions/${answer.decisionId}/replay`);
  assert.equal(matches, true);
});
