import assert from "node:assert/strict";
import test from "node:test";
import { dayMs, hourMs, minuteMs, type PersonId } from "@trato/base";
import { type Due, findCartLeft, findRunsOut } from "./rules.ts";

const ana = "0198c1de-7f3a-7a10-9d55-2f0a8e4b6c11" as PersonId;
const day0 = Date.UTC(2026, 0, 1);

/** Columns are split on two or more spaces; the first line names them. */
function readTable(text: string): Record<string, string>[] {
  const [head = "", ...rows] = text.trim().split("\n");
  const names = head.trim().split(/\s{2,}/);
  return rows.map((row) => {
    const cells = row.trim().split(/\s{2,}/);
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""]));
  });
}

test("a cart is left when nothing happened for half an hour, and old news after three days", () => {
  const cases = readTable(`
    cart              told  idle for    moment
    coffee            no    29 minutes  no
    coffee            no    30 minutes  yes
    coffee            no    5 hours     yes
    coffee            yes   5 hours     no
    -                 no    5 hours     no
    coffee            no    72 hours    yes
    coffee            no    73 hours    no
    coffee            no    900 hours   no
  `);
  for (const { cart, told, "idle for": idle = "", moment } of cases) {
    const [count, unit] = idle.split(" ");
    const idleMs = Number(count) * (unit === "hours" ? hourMs : minuteMs);
    const lines = cart === "-" ? [] : [{ sku: "coffee", quantity: 1 }];
    const found = findCartLeft(ana, { lines, changedMs: day0, told: told === "yes" }, day0 + idleMs);
    assert.equal(found === null ? "no" : "yes", moment, `${cart}, idle for ${idle}, told: ${told}`);
  }
  assert.equal(findCartLeft(ana, null, day0), null);
});

test("the moment names the first twenty items of a large cart and how many there are", () => {
  const lines = Array.from({ length: 50 }, (_, i) => ({ sku: `item-${i}`, quantity: i + 1 }));
  const found = findCartLeft(ana, { lines, changedMs: day0, told: false }, day0 + hourMs);
  assert.equal(found?.evidence["items"], 50);
  assert.equal(Object.keys(found?.evidence["lines"] as object).length, 20);
});

/** Needed on a day between `low` and `high`, each as likely. */
function evenly(low: number, high: number): Due {
  const between = (ms: number) =>
    Math.min(1, Math.max(0, (ms - day0 - low * dayMs) / ((high - low) * dayMs)));
  return {
    medianMs: day0 + ((low + high) / 2) * dayMs,
    lowMs: day0 + low * dayMs,
    highMs: day0 + high * dayMs,
    probability: (fromMs, untilMs) => {
      const left = 1 - between(fromMs);
      return left === 0 ? 0 : (between(untilMs) - between(fromMs)) / left;
    },
  };
}

test("an item runs out from three days before its window until its end, unless the window says too little", () => {
  const cases = readTable(`
    needed between days  today  moment  until day
    20 and 30            16     no      -
    20 and 30            17     yes     30
    20 and 30            25     yes     30
    20 and 30            30     no      -
    20 and 30            40     no      -
    20 and 120           25     no      -
    20 and 120           90     yes     104
    20 and 120           110    yes     120
  `);
  for (const { "needed between days": span = "", today, moment, "until day": until } of cases) {
    const [low, high] = span.split(" and ").map(Number);
    const bought = { sku: "coffee", count: 4, lastMs: day0 };
    const at = { nowMs: day0 + Number(today) * dayMs, modelVersion: "3" };
    const found = findRunsOut(ana, bought, evenly(low!, high!), at);
    const said = found === null ? "-" : String((found.windowEndMs - day0) / dayMs);
    assert.deepEqual([found === null ? "no" : "yes", said], [moment, until], `${span}, day ${today}`);
  }
});

test("an item bought once needs a surer word from everybody else's rhythm", () => {
  const cases = readTable(`
    bought  chance  moment
    once    0.4     no
    once    0.5     yes
    twice   0.2     no
    twice   0.3     yes
  `);
  for (const { bought, chance, moment } of cases) {
    const due = { ...evenly(20, 30), probability: () => Number(chance) };
    const count = bought === "once" ? 1 : 2;
    const at = { nowMs: day0 + 21 * dayMs, modelVersion: "3" };
    const found = findRunsOut(ana, { sku: "coffee", count, lastMs: day0 }, due, at);
    assert.equal(found === null ? "no" : "yes", moment, `${bought}, ${chance}`);
  }
});

test("the evidence of an item that runs out says what was bought when, and which model thought so", () => {
  const bought = { sku: "coffee", count: 4, lastMs: day0 };
  const found = findRunsOut(ana, bought, evenly(20, 30), { nowMs: day0 + 21 * dayMs, modelVersion: "3" });
  assert.deepEqual(found?.evidence, {
    lastMs: day0,
    count: 4,
    medianMs: day0 + 25 * dayMs,
    lowMs: day0 + 20 * dayMs,
    highMs: day0 + 30 * dayMs,
    modelVersion: "3",
  });
  assert.equal(found?.confidence, 1);
  assert.equal(findRunsOut(ana, bought, null, { nowMs: day0, modelVersion: "3" }), null);
});

test("the same cause gives the same id, another purchase or cart another one", () => {
  const lines = [{ sku: "coffee", quantity: 1 }];
  const left = (changedMs: number) =>
    findCartLeft(ana, { lines, changedMs, told: false }, day0 + 2 * hourMs)?.momentId;
  assert.equal(left(day0), left(day0));
  assert.notEqual(left(day0), left(day0 + 1));
  assert.match(left(day0)!, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});
