import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import * as contract from "@trato/contract";
import { endpointsOf, type Generated, stale } from "./generate.ts";
import { printEvents } from "./print/events.ts";
import { printJson } from "./print/json.ts";
import { printProblems } from "./print/problems.ts";
import { sayShape } from "./print/shape.ts";

test("what is committed is what would be printed now (if not: npm run generate)", async () => {
  assert.deepEqual(await stale(), []);
});

test("a changed and a missing file are stale, and are named", async () => {
  const folder = mkdtempSync(join(tmpdir(), "trato-generated-"));
  try {
    writeFileSync(join(folder, "fresh.md"), "a");
    writeFileSync(join(folder, "old.md"), "a");
    const print = (path: string, text: string): Generated => ({ path, print: () => text });
    const files = [print("fresh.md", "a"), print("old.md", "b"), print("missing.md", "")];
    assert.deepEqual(await stale(files, folder), ["old.md", "missing.md"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the whole API is one valid OpenAPI 3.1 document, with every endpoint in it", async () => {
  const endpoints = endpointsOf(contract);
  assert.ok(endpoints.length > 0);
  const document = JSON.parse(printJson(contract.openapi(endpoints))) as { openapi: string; paths: object };
  const checked = await new Validator().validate(structuredClone(document));
  assert.ok(checked.valid, JSON.stringify(checked.errors));
  const operations = Object.values(document.paths).flatMap((path: object) => Object.keys(path));
  assert.equal(operations.length, endpoints.length);
});

test("JSON that is printed for reading says the same, in short lines where it can", () => {
  const value = {
    a: [1, "dos", null, true],
    b: {},
    c: [],
    d: { e: Array(40).fill({ sku: "7861001200017" }) },
  };
  const text = printJson(value);
  assert.deepEqual(JSON.parse(text), value);
  assert.ok(text.includes('  "a": [1, "dos", null, true],\n'));
  for (const line of text.split("\n")) assert.ok(line.length <= 110, line);
});

test("the event page names every type, its personal fields, its retention and its purpose", () => {
  const page = printEvents(Object.values(contract.eventTypes));
  for (const type of Object.keys(contract.eventTypes)) assert.ok(page.includes(`\n## ${type}\n`), type);
  const consent = page.split("\n").find((line) => line.startsWith("| [`consent.given`]"));
  assert.match(consent ?? "", /`evidence`.* \| proof \| operate \|$/);
});

test("the problem page names every problem with its status, in both languages", () => {
  const page = printProblems();
  for (const [code, [status, en, es]] of Object.entries(contract.problems)) {
    assert.ok(page.includes(`| \`${code}\` | ${status} | ${en} | ${es} |`), code);
  }
});

const shapes: readonly [shape: Parameters<typeof sayShape>[0], says: string][] = [
  [{ type: "string", maxLength: 2000 }, "text, up to 2,000 characters"],
  [{ type: "integer", minimum: 0, maximum: 10 }, "whole number, from 0 up to 10"],
  [{ type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, "whole number"],
  [{ type: "number", exclusiveMinimum: 0 }, "number, above 0"],
  [{ enum: ["es", "en"] }, 'one of "es", "en"'],
  [{ anyOf: [{ const: "any" }, { type: "null" }] }, '"any" or null'],
  [
    { type: "array", maxItems: 5, items: { type: "object", properties: { a: {}, b: {} }, required: ["a"] } },
    "list, up to 5 entries: { a, b? }",
  ],
];

for (const [shape, says] of shapes) {
  test(`a shape is told in words: ${says}`, () => {
    assert.equal(sayShape(shape), says);
  });
}
