import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { measureDepth } from "./scan.ts";
import { splitBatch, splitElements } from "./split.ts";

/** The slow, obvious version. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
function namesOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + namesOf(inner), own);
}

const space = fc.constantFrom("", " ", "\n\t", "  \r\n");

test("depth and names are those of the parsed value, however it is written", () => {
  const written = fc.tuple(fc.jsonValue(), fc.constantFrom(0, 1, "\t"), space);
  fc.assert(
    fc.property(written, ([value, indent, around]) => {
      const { depth, names } = measureDepth(around + JSON.stringify(value, null, indent) + around);
      assert.deepEqual({ depth, names }, { depth: depthOf(value), names: namesOf(value) });
    }),
    { numRuns: 2_000 },
  );
});

test("the largest element of a batch is measured as it stands in the text", () => {
  const elements = fc.array(fc.tuple(fc.jsonValue(), fc.constantFrom(0, 2)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(elements, (list) => {
      const texts = list.map(([value, indent]) => JSON.stringify(value, null, indent));
      const size = measureDepth(`{"sentAt":"x","events":[${texts.join(",")}]}`);
      assert.equal(size.elements, texts.length);
      assert.equal(size.elementCharsMax, Math.max(...texts.map((text) => text.length)));
      assert.equal(size.elementNamesMax, Math.max(...list.map(([value]) => namesOf(value))));
    }),
    { numRuns: 1_000 },
  );
});

test("what is no JSON is measured too, without an error", () => {
  const pieces = fc.array(fc.constantFrom('"', "\\", "[", "]", "{", "}", ",", ":", "a", "\u0000"));
  const broken = fc.oneof(
    fc.string(),
    pieces.map((list) => list.join("")),
  );
  fc.assert(
    fc.property(broken, (text) => {
      measureDepth(text);
      splitElements(text, "events");
      splitElements(text, "");
    }),
    { numRuns: 5_000 },
  );
});

test("a batch is split into the very texts its elements were written with", () => {
  const element = fc
    .tuple(fc.jsonValue(), fc.constantFrom(0, 2))
    .map(([value, indent]) => JSON.stringify(value, null, indent));
  const before = fc.dictionary(
    fc.string().filter((name) => name !== "events"),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      fc.array(element),
      before,
      fc.array(space, { minLength: 4, maxLength: 4 }),
      (texts, fields, gaps) => {
        const [a, b, c, d] = gaps as [string, string, string, string];
        const others = Object.entries(fields).map(
          ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
        );
        const list = `[${a}${texts.join(`${b},${c}`)}${d}]`;
        const body = `${a}{${[...others, `"events"${b}:${c}${list}`].join(",")}${d}}`;
        const split = splitBatch(body, "events");
        assert.deepEqual(split?.elements, texts);
        assert.deepEqual(JSON.parse(split!.frame), { ...JSON.parse(body), events: [] });
        assert.deepEqual(splitElements(list, ""), texts);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("odd batches are split as JSON.parse would read them, or not at all", () => {
  const cases: readonly [body: string, elements: readonly string[] | undefined][] = [
    ['{"events":[]}', []],
    ['{"events":[1],"events":[2,3]}', ["2", "3"]],
    ['{"\\u0065vents":[1]}', ["1"]],
    ['{"context":{"events":[1]},"events":[2]}', ["2"]],
    ['{"events":[{"a":NaN},{"b":1}]}', ['{"a":NaN}', '{"b":1}']],
    ['{"events":["]","}",",","\\"","\\\\"]}', ['"]"', '"}"', '","', '"\\""', '"\\\\"']],
    ['{"events":{"0":1}}', undefined],
    ['{"batch":[1]}', undefined],
    ['{"events":[1,2', undefined],
    ['{"events":[1 2]}', undefined],
    ["[1]", undefined],
    ["", undefined],
  ];
  for (const [body, elements] of cases) assert.deepEqual(splitElements(body, "events"), elements, body);
});
