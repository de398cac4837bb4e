import assert from "node:assert/strict";
import { test } from "node:test";
import { generated } from "../generate.ts";
import { listFiles, readTexts } from "../tree.ts";
import { chapterOf, printChapter } from "./guides.ts";

const path = "packages/hub/guide/03-of-tea.test.ts";
const text = `/**
 * # 3. Of tea
 *
 * Tea is **hot**.
 */
import assert from "node:assert/strict";
import {
  openShop,
} from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const tea = 3;

test("tea is three", async () => {
  assert.equal(tea, 3);
});

test("and stays three", async () => {
  if (tea) {
    assert.equal(tea, 3);
  }
});
`;

test("a chapter is printed as its prose, what it is given, and each test under its name", () => {
  const page = printChapter({ path, text });
  assert.ok(page.startsWith("# 3. Of tea\n\n*Printed from"));
  assert.ok(page.includes("\n\nTea is **hot**.\n\n## Given\n\n```ts\nconst tea = 3;\n```\n"));
  assert.ok(page.includes("\n## Tea is three\n\n```ts\nassert.equal(tea, 3);\n```\n"));
  assert.ok(page.endsWith("## And stays three\n\n```ts\nif (tea) {\n  assert.equal(tea, 3);\n}\n```\n"));
});

test("a chapter without a title is refused with what to write", () => {
  assert.throws(
    () => printChapter({ path, text: "test();\n" }),
    /03-of-tea\.test\.ts is a chapter: begin it/,
  );
});

test("no test of a chapter is left out of its page", () => {
  const chapters = readTexts(
    listFiles().filter((one) => chapterOf(one) !== undefined),
    [".ts"],
  );
  assert.ok(chapters.length > 0);
  for (const chapter of chapters) {
    const headings = printChapter(chapter).match(/^## (?!Given$)/gm)?.length;
    assert.equal(headings, chapter.text.match(/^test\(/gm)?.length, chapter.path);
  }
});

test("every page of the guide is printed from a chapter", () => {
  const pages = listFiles().filter((one) => one.startsWith("docs/guides/"));
  const printed = new Set(generated.map((one) => one.path));
  assert.deepEqual(
    pages.filter((one) => !printed.has(one)),
    [],
  );
});
