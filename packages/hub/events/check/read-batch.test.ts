import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@trato/base";
import { type ListPath, readBatch } from "./index.ts";

const eventBytesMax = limits.publicEventBytesMax;
const good = { id: "e1", type: "item.viewed", time: "2026-11-22T10:00:00Z", data: { sku: "cafe" } };
const goodText = JSON.stringify(good);

/** "ok" or the reason of each element, or of the whole. */
function fatesOf(text: string, list: ListPath | null = "events"): string | string[] {
  const batch = readBatch(text, { list, eventBytesMax });
  if (!batch.ok) return batch.reason;
  return batch.pieces.map((piece) =>
    piece.ok ? ["ok", ...piece.notes.map(({ code }) => code)].join(" ") : piece.reason,
  );
}

test("a batch is taken apart, and one bad element costs only that one", () => {
  const around = (...elements: string[]) =>
    `{"sentAt":"x","events":[${[goodText, ...elements, goodText].join(",")}]}`;
  const cases: readonly [name: string, text: string, fates: string | string[]][] = [
    ["good ones", around(), ["ok", "ok"]],
    ["none", '{"events":[]}', []],
    ["a bare list", `[${goodText}]`, ["ok"]],
    ["not an object", around("7"), ["ok", "ok", "ok"]],
    ["no JSON inside", around('{"a":NaN}'), ["ok", "json_invalid", "ok"]],
    ["an infinite number", around('{"a":1e400}'), ["ok", "number_not_finite", "ok"]],
    ["NUL", around('{"a":"\\u0000"}'), ["ok", "ok text_cleaned", "ok"]],
    ["a lone surrogate", around('{"a":"\\ud800"}'), ["ok", "ok text_cleaned", "ok"]],
    ["prototype", around('{"__proto__":{"x":1}}'), ["ok", "ok key_dropped", "ok"]],
    ["two of a name", around('{"a":1,"a":2}'), ["ok", "ok", "ok"]],
    ["a card", around('{"a":"4111 1111 1111 1111"}'), ["ok", "ok pci_redacted", "ok"]],
    ["a card of 19 digits as a number", around('{"a":4111111111111111110}'), ["ok", "ok pci_redacted", "ok"]],
    ["a large number", around('{"a":12345678901234567890}'), ["ok", "ok", "ok"]],
    ["a large event", around(`{"a":"${"x".repeat(eventBytesMax)}"}`), ["ok", "event_too_large", "ok"]],
    [
      "large in bytes only",
      around(`{"a":"${"é".repeat(eventBytesMax / 2)}"}`),
      ["ok", "event_too_large", "ok"],
    ],
    ["a deep event", around("[".repeat(100) + "]".repeat(100)), ["ok", "json_too_deep", "ok"]],
    ["no list", '{"batch":[]}', "batch_missing"],
    ["a list of another kind", '{"events":{"a":1}}', "batch_missing"],
    ["no JSON", "hello", "json_invalid"],
    ["nothing", "", "json_invalid"],
    ["cut off", around().slice(0, -1), "json_invalid"],
    [
      "too many",
      `{"events":[${Array(limits.batchEventsMax + 1)
        .fill("1")
        .join()}]}`,
      "batch_too_long",
    ],
  ];
  for (const [name, text, fates] of cases) assert.deepEqual(fatesOf(text), fates, name);
  assert.deepEqual(fatesOf(goodText, null), ["ok"]);
  assert.deepEqual(fatesOf("{", null), ["json_invalid"]);
});

test("hostile shapes are refused before anything is built of them", () => {
  const mib = 1024 * 1024;
  const names = Array.from({ length: 300_000 }, (_, i) => `"a${i}":1`).join();
  assert.deepEqual(fatesOf("[".repeat(100_000)), "json_invalid");
  assert.deepEqual(fatesOf(`{"events":[${"[".repeat(50_000)}${"]".repeat(50_000)}]}`), ["event_too_large"]);
  assert.deepEqual(fatesOf(`{"events":[{${names}}]}`), "json_too_wide");
  assert.deepEqual(fatesOf(`{"events":[${goodText},"${"x".repeat(4 * mib - 200)}"]}`), [
    "ok",
    "event_too_large",
  ]);
  assert.deepEqual(fatesOf(`{"events":[${Array(100_000).fill("{}").join()}]}`), "batch_too_long");
  assert.deepEqual(
    fatesOf(`{"events":[],"deep":${"[".repeat(50_000)}${"]".repeat(50_000)}}`),
    "json_too_deep",
  );
});

test("the sender's own bytes can be had for each element, cards blanked", () => {
  const spaced = '{ "id" : "x",\n "n": "4111111111111111", "cvv": 123 }';
  const batch = readBatch(`{"events":[ ${goodText} , ${spaced} ]}`, { list: "events", eventBytesMax });
  assert.ok(batch.ok);
  assert.equal(batch.bytesOf(0).toString(), goodText);
  assert.equal(batch.bytesOf(1).toString(), '{ "id" : "x",\n "n": "[card ****1111]", "cvv": "[removed]" }');
  const calm = readBatch(`{"events":[ ${goodText} , 7 ]}`, { list: "events", eventBytesMax });
  assert.equal(calm.ok && calm.bytesOf(1).toString(), "7");
});

test("of an event far too large, the start and the hash are kept", () => {
  const text = `{"id":"x","n":"${"y".repeat(1_000)} 4111111111111111 ${"z".repeat(limits.secretEventBytesMax)}"}`;
  const batch = readBatch(`{"events":[${text}]}`, { list: "events", eventBytesMax });
  assert.ok(batch.ok);
  const kept = JSON.parse(batch.bytesOf(0).toString());
  assert.equal(kept.bytes, text.length);
  assert.equal(kept.sha256.length, 64);
  assert.ok(kept.start.startsWith('{"id":"x"') && kept.start.length <= 1_024 && !/4111/.test(kept.start));
});

test("what stands around the list is handed on without it", () => {
  const batch = readBatch('{"sentAt":"2026-11-22T10:00:00Z","context":{"a":1},"batch":[1,2]}', {
    list: "batch",
    eventBytesMax,
  });
  assert.deepEqual(batch.ok && batch.frame, { sentAt: "2026-11-22T10:00:00Z", context: { a: 1 }, batch: [] });
});
