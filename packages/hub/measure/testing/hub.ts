import assert from "node:assert/strict";
import { dayMs, fakeClock, type JsonObject, type PersonId } from "@trato/base";
import { type Identity, type Report, report as reportShape } from "@trato/contract";
import { Value } from "typebox/value";
import { readFirstSlots } from "../../decide/index.ts";
import { createIntake, type KeptEvent } from "../../events/index.ts";
import { createFolder, createPeople, peopleSlices } from "../../people/index.ts";
import { silentLog } from "../../platform/index.ts";
import type { TestDatabase } from "../../testing/database.ts";
import { createMeasure, type Decided, measureSlices, type ReportQuery } from "../index.ts";

export const day0 = Date.UTC(2026, 10, 1);
export const november = { fromMs: day0, untilMs: day0 + 30 * dayMs, nowMs: day0 + 30 * dayMs };
const clock = fakeClock(november.nowMs);

/** A hub with people and measuring; who was decided for, and how, is told by the test. */
export async function openHub(at: TestDatabase) {
  const { database } = at;
  const folder = createFolder([...peopleSlices, ...measureSlices]);
  const people = createPeople({ database, folder, clock, tombstoneSecret: "test" });
  const onTaken = () => undefined;
  const intake = createIntake({ database, people: people.forIntake, clock, log: silentLog, onTaken });
  const decided: Decided[] = [];
  const measure = createMeasure({
    database,
    log: silentLog,
    whoIs: people.whoIs,
    firstSlots: (asked) => readFirstSlots(database, asked),
    async *decided({ fromMs, untilMs }) {
      const within = decided.filter((one) => one.firstMs >= fromMs && one.firstMs < untilMs);
      for (let i = 0; i < within.length; i += 2) yield within.slice(i, i + 2);
    },
  });
  const consumer = await measure.startConsumer();
  const take = async (...events: KeptEvent[]) => {
    const { tally } = await intake.take({ source: "shop", events, rejects: [] });
    assert.equal(tally.quarantined, 0);
    await consumer.drain();
  };
  const idOf = async (name: string): Promise<PersonId> => {
    const found = await people.find({ identities: [email(name)] });
    assert.ok(found.ok, `${name} is known`);
    return found.value.personId;
  };
  const decide = async (name: string, arm: Decided["arm"], day = 0) =>
    void decided.push({ personId: await idOf(name), arm, firstMs: day0 + day * dayMs, decisions: 1 });
  const report = async (query: Partial<ReportQuery> = {}): Promise<Report> => {
    const made = await measure.report({ ...november, ...query });
    assert.ok(made.ok, JSON.stringify(made));
    assert.deepEqual([...Value.Errors(reportShape, made.value)], [], "the answer is as declared");
    return made.value;
  };
  return { database, people, measure, consumer, decided, take, idOf, decide, report };
}

export const email = (name: string): Identity => ({ kind: "email", value: `${name}@x.ec` });
export const device = (name: string): Identity => ({ kind: "device", value: name });

let count = 0;
export function event(type: string, day: number, whose: string | Identity[], data: JsonObject): KeptEvent {
  const timeMs = day0 + day * dayMs;
  const identities = typeof whose === "string" ? [email(whose)] : whose;
  const about = { channel: "web", store: null, session: null, identities };
  return { id: `${type}-${++count}`, source: "shop", type, timeMs, receivedAtMs: timeMs, ...about, data };
}

export const arrives = (whose: string | Identity[]) => event("page.viewed", -20, whose, {});
export const exposed = (day: number, whose: string | Identity[], sku: string) =>
  event("decision.exposed", day, whose, {
    decisionId: `d-${day}`,
    placement: "web.home",
    rank: 1,
    key: `item:${sku}`,
  });
export const outcome = (day: number, whose: string, about: string) =>
  event("decision.outcome", day, whose, { decisionId: `d-${day}`, outcome: about });
export const placed = (
  day: number,
  whose: string | Identity[],
  orderId: string,
  totalMinor: number,
  sku: string,
  currency = "USD",
) =>
  event("order.placed", day, whose, {
    orderId,
    currency,
    totalMinor,
    lines: [{ sku, quantity: 1, amountMinor: totalMinor }],
  });
export const returned = (day: number, whose: string, orderId: string, totalMinor: number) =>
  event("order.returned", day, whose, {
    returnId: `r-${orderId}`,
    orderId,
    currency: "USD",
    totalMinor,
    lines: [],
  });
export const cancelled = (day: number, whose: string, orderId: string) =>
  event("order.cancelled", day, whose, { orderId });

export const armOf = (made: Report, name: Report["arms"][number]["arm"]) =>
  made.arms.find((one) => one.arm === name)!;
