import assert from "node:assert/strict";
import { test } from "node:test";
import { areaOf, checkTree, crossings, type Doors, type Import, importsOf, mayImport } from "./boundaries.ts";
import { parse } from "./parse.ts";
import { printBoundaries } from "./print/boundaries.ts";

const doors: Doors = new Map([
  ["base", "packages/base/index.ts"],
  ["contract", "packages/contract/index.ts"],
  ["predict", "packages/predict/index.ts"],
  ["hub", "packages/hub/main.ts"],
  ["town", "packages/town/index.ts"],
]);

const said = (file: string, specifier: string): string[] => crossings([{ file, line: 1, specifier }], doors);

test("the tree crosses no boundary", () => {
  const found = checkTree();
  assert.equal(found.length, 0, `\n${found.join("\n")}`);
});

test("no two rows of the table reach each other", () => {
  const reach = (from: string, seen: ReadonlySet<string>): void => {
    assert.ok(!seen.has(from), `${[...seen, from].join(" → ")} is a circle`);
    for (const to of mayImport[from] ?? []) reach(to, new Set([...seen, from]));
  };
  for (const area of Object.keys(mayImport)) reach(area, new Set());
});

test("every name in a row has a row of its own", () => {
  for (const to of Object.values(mayImport).flat()) assert.ok(to in mayImport, `${to} has no row`);
});

const forbidden: readonly [file: string, specifier: string, says: RegExp][] = [
  ["packages/hub/people/store.ts", "../decide/index.ts", /hub\/people may not import hub\/decide/],
  ["packages/hub/scores/train.ts", "../measure/index.ts", /hub\/scores may not import hub\/measure/],
  ["packages/hub/moments/slice.ts", "../offers/index.ts", /hub\/moments may not import hub\/offers/],
  ["packages/hub/govern/erase.ts", "../people/index.ts", /hub\/govern may not import hub\/people/],
  ["packages/hub/people/store.ts", "../main.ts", /hub\/people may not import hub/],
  ["packages/hub/people/store.ts", "@trato/hub", /hub\/people may not import hub/],
  ["packages/hub/platform/config.ts", "@trato/predict", /hub\/platform may not import predict/],
  ["packages/hub/people/rules.ts", "../events/event.ts", /import hub\/events through its index\.ts/],
  ["packages/hub/main.ts", "./people/store.ts", /import hub\/people through its index\.ts/],
  ["packages/hub/people/rules.ts", "@trato/base/clock.ts", /import base as @trato\/base/],
  ["packages/hub/people/rules.ts", "../../base/index.ts", /import base as @trato\/base/],
  ["packages/base/bucket.ts", "@trato/contract", /base may not import contract/],
  ["packages/base/clock.ts", "@trato/base", /import the file itself/],
  ["packages/town/shop.ts", "@trato/hub", /town may not import hub/],
  ["packages/cli/start.ts", "../hub/people/index.ts", /cli may not import hub\/people/],
  ["packages/base/limits.ts", "node:fs", /base may not use node:fs/],
  ["packages/base/chance.ts", "node:crypto", /base may not use node:crypto/],
  ["packages/predict/rhythm.ts", "node:worker_threads", /predict may not use node:worker_threads/],
  ["packages/predict/rhythm.ts", "lodash", /predict may not use lodash/],
  ["packages/hub/people/store.ts", "../testing/database.ts", /may not import test code/],
  ["packages/hub/people/store.ts", "./rules.test.ts", /may not import test code/],
  ["packages/hub/people/store.ts", "../../../tools/tree.ts", /hub\/people may not import tools/],
  ["packages/hub/astrology/index.ts", "@trato/base", /hub\/astrology stands in no row/],
];

for (const [file, specifier, says] of forbidden) {
  test(`${file} may not import ${specifier}`, () => {
    const [first = "nothing was found"] = said(file, specifier);
    assert.match(first, says);
    assert.ok(first.startsWith(`${file}:1: `), first);
  });
}

const allowed: readonly [file: string, specifier: string][] = [
  ["packages/base/money.ts", "./assert.ts"],
  ["packages/contract/problems.ts", "typebox"],
  ["packages/hub/people/store.ts", "../events/index.ts"],
  ["packages/hub/people/routes/read-person.ts", "../store.ts"],
  ["packages/hub/people/routes/read-person.ts", "../../platform/index.ts"],
  ["packages/hub/decide/gather.ts", "../moments/index.ts"],
  ["packages/hub/main.ts", "./govern/index.ts"],
  ["packages/cli/main.ts", "@trato/hub"],
  ["packages/hub/people/fold.test.ts", "../decide/store.ts"],
  ["packages/hub/testing/database.ts", "../platform/postgres/index.ts"],
  ["bench/decide.ts", "../packages/hub/decide/decide.ts"],
];

for (const [file, specifier] of allowed) {
  test(`${file} may import ${specifier}`, () => {
    assert.deepEqual(said(file, specifier), []);
  });
}

test("every way to import is seen: static, for its effects, re-export, type, dynamic", () => {
  const text = `
    import { a } from "./a.ts";
    import "./b.ts";
    export * from "./c.ts";
    import type { D } from "./d.ts";
    export type E = import("./e.ts").E;
    export const f = () => import("./f.ts");
    // import "./comment.ts";
    export const text = 'import "./text.ts"';
  `;
  const seen = importsOf(parse([{ path: "packages/base/all.ts", text }])).map((one: Import) => one.specifier);
  assert.deepEqual(seen.sort(), ["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
});

test("a file belongs to its package, or to its folder of the hub", () => {
  assert.equal(areaOf("packages/base/ids.ts"), "base");
  assert.equal(areaOf("packages/hub/main.ts"), "hub");
  assert.equal(areaOf("packages/hub/people/routes/read-person.ts"), "hub/people");
  assert.equal(areaOf("tools/tidy/words.ts"), "tools");
});

test("the page names every row, and its picture draws each edge once", () => {
  const page = printBoundaries();
  for (const area of Object.keys(mayImport)) assert.ok(page.includes(`| \`${area}\` |`), area);
  const edges = page.split("\n").filter((line) => line.includes("-->"));
  assert.equal(new Set(edges).size, edges.length);
  assert.ok(!page.includes('hub_decide["hub/decide"] --> base'), "what other arrows explain is left out");
});
