import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkTree } from "./boundaries.ts";
import { parse } from "./parse.ts";
import { type Excuse, excuses, excusesMax } from "./tidy/excuses.ts";
import { isCode, readTree, type Tree } from "./tidy/tree.ts";
import { bannedWords } from "./tidy/words.ts";
import { tidy } from "./tidy.ts";

test("the tree is tidy", () => {
  const found = tidy(readTree());
  assert.equal(found.length, 0, `\n${found.join("\n")}`);
});

test("the list of excuses only shrinks, and each has its reason", () => {
  assert.ok(excuses.length <= excusesMax, "put it right instead of excusing it");
  assert.ok(excuses.length === excusesMax, `lower excusesMax to ${excuses.length}`);
  for (const { path, reason } of excuses) assert.ok(reason.length > 20, `say why ${path} is excused`);
});

function treeOf(files: Readonly<Record<string, string>>): Tree {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  return {
    files: texts.map(({ path, text }) => ({ path, bytes: text.length })),
    texts,
    facts: parse(texts.filter(({ path }) => isCode(path))),
  };
}

const findings = (files: Readonly<Record<string, string>>, excused: readonly Excuse[] = []): string[] =>
  tidy(treeOf(files), excused);

const one = (files: Readonly<Record<string, string>>): string => {
  const found = findings(files);
  assert.equal(found.length, 1, `one finding: ${found.join("\n")}`);
  return found[0] ?? "";
};

const lines = (count: number, line = "export {};"): string => `${Array(count).fill(line).join("\n")}\n`;

/** A hub with one room, so that a case says only what is wrong with it. */
const room = {
  "packages/hub/people/README.md": "# people\n",
  "packages/hub/people/index.ts": "export {};\n",
};

const bannedCalls: readonly [where: string, text: string, remedy: RegExp][] = [
  ["packages/base/money.ts", "export const a = Math.random();", /use chance\(seed\)/],
  ["packages/predict/rhythm.ts", "export const a = Date.now();", /use a Clock/],
  ["packages/town/day.test.ts", "export const a = new Date();", /use a Clock/],
  ["packages/hub/main.ts", "export const a = process.env;", /use the Config/],
  ["packages/hub/main.ts", "console.log(1);", /use the Log/],
  ["packages/hub/main.ts", "export const a = {} as any;", /say the type/],
];

for (const [path, text, remedy] of bannedCalls) {
  test(`${text} in ${path} is found, with its remedy`, () => {
    assert.match(one({ [path]: text }), remedy);
  });
}

test("what is banned may stand at home, in a comment and in a text", () => {
  const files = {
    "packages/base/clock.ts": "export const a = Date.now();",
    "packages/base/money.ts":
      "// never Math.random()\nexport const a = 'Date.now()'; export const b = new Date(0);",
    "packages/hub/platform/config.ts": "export const a = process.env;",
    "packages/cli/main.ts": "console.log(process.env);",
    "bench/main.ts": "console.log(process.env);",
    ...room,
    "packages/hub/platform/README.md": "# platform\n",
    "packages/hub/platform/index.ts": "export {};\n",
  };
  assert.deepEqual(findings(files), []);
});

for (const { example, found } of bannedWords) {
  test(`"${example}" is found (${found.source})`, () => {
    assert.match(one({ "packages/base/money.ts": `${example}\n` }), /money\.ts:1: ".+" stands here/);
  });
}

test("a Spanish word is not an unfinished line, and prose may speak of one", () => {
  const text = "export const es = 'todo lo que necesita';\n";
  assert.deepEqual(findings({ "packages/base/money.ts": text, "docs/style.md": `no ${"TO"}${"DO"}` }), []);
});

test("a file, a function and a line have a budget", () => {
  assert.match(one({ "packages/base/money.ts": lines(301) }), /301 lines, over 300/);
  assert.deepEqual(findings({ "packages/base/money.ts": lines(300) }), []);
  const body = (count: number): string => `export function long() {\n${lines(count, "  long();")}}\n`;
  assert.match(one({ "packages/base/money.ts": body(69) }), /money\.ts:1: long has 71 lines, over 70/);
  assert.deepEqual(findings({ "packages/base/money.ts": body(68) }), []);
  const wide = `export const a = [${"1, ".repeat(40)}];\n`;
  assert.match(one({ "packages/base/money.ts": wide }), /money\.ts:1: 140 columns, over 120/);
});

test("a line that is one text, and a function that holds tests, may be long", () => {
  const text = `export const a =\n  "${"word ".repeat(40)}";\n`;
  const grouped = `describe("all", () => {\n${lines(80, "  a();")}  test(\`${"$"}{b}\`, c);\n});\n`;
  assert.deepEqual(findings({ "packages/base/money.ts": text, "packages/base/money.test.ts": grouped }), []);
});

test("a heavy file is found", () => {
  const tree = { ...treeOf({}), files: [{ path: "docs/film.mp4", bytes: 300 * 1024 }] };
  assert.match(tidy(tree, [])[0] ?? "", /film\.mp4: 300 KiB, over 256/);
});

test("every room and every package says what it owns", () => {
  assert.match(one({ ...room, "packages/hub/people/README.md": lines(41, "word") }), /41 lines, over 40/);
  assert.match(one({ "packages/hub/people/index.ts": "export {};\n" }), /people\/README\.md: is missing/);
  assert.match(one({ ...room, "packages/base/package.json": "{}" }), /base\/README\.md: is missing/);
  const { "packages/hub/people/index.ts": _door, ...doorless } = room;
  assert.match(one({ ...doorless, "packages/hub/people/rules.ts": "" }), /people\/index\.ts: is missing/);
});

test("files are named in kebab-case", () => {
  assert.match(one({ "packages/base/fastClock.ts": "" }), /name it packages\/base\/fast-clock\.ts/);
  assert.match(one({ "docs/decisions/0001_log.md": "" }), /name it docs\/decisions\/0001-log\.md/);
  assert.deepEqual(findings({ "docs/decisions/0001-log.md": "", "README.es.md": "" }), []);
});

const migration = "packages/hub/migrations/000002_people.sql";
const table = "create table people_person (id uuid primary key);\n";
const comment =
  "comment on table people_person is 'Owner: people. Retention: for ever. Personal data: yes.';\n";

test("a table is named after its owner and says owner, retention and personal data", () => {
  assert.deepEqual(findings({ ...room, [migration]: table + comment }), []);
  assert.match(
    one({ ...room, [migration]: table }),
    /table people_person needs: comment on table people_person/,
  );
  assert.match(
    one({ ...room, [migration]: `${table}comment on table people_person is 'People.';` }),
    /needs:/,
  );
  const strange = (table + comment).replaceAll("people_person", "person");
  assert.match(one({ ...room, [migration]: strange }), /table person belongs to no folder/);
  const parts = `${table}${comment}create table people_person_1 partition of people_person for values in (1);`;
  assert.deepEqual(findings({ ...room, [migration]: parts }), []);
});

test("only a room's store names its tables", () => {
  const hub = { ...room, [migration]: table + comment };
  const reads = "export const a = { text: `select 1 from people_person` };\n";
  const says = /names people_person; only the store\.ts \(or …-store\.ts\) of hub\/people may/;
  assert.match(one({ ...hub, "packages/hub/people/rules.ts": reads }), says);
  assert.match(one({ ...hub, "packages/hub/main.ts": reads }), says);
  assert.match(one({ ...hub, "packages/cli/show.ts": reads }), says);
  const listed = "export const a = `select 1 from x, people_person`;\n";
  assert.match(one({ ...hub, "packages/hub/main.ts": listed }), says);
  const unknown = "export const a = `update people_other set b = 1`;\n";
  assert.match(one({ ...hub, "packages/hub/main.ts": unknown }), /names people_other/);
  for (const path of ["store.ts", "merge-store.ts", "store/read.ts", "person.test.ts"]) {
    assert.deepEqual(findings({ ...hub, [`packages/hub/people/${path}`]: reads }), [], path);
  }
});

test("prose names only what exists", () => {
  const there = { "docs/start.md": "", "docs/pictures/sale.svg": "" };
  const good =
    "[a](start.md#keys) [b](pictures) ![c](pictures/sale.svg) [d](https://x.ec/y) `docs/start.md` `POST /v1/events`\n";
  assert.deepEqual(findings({ ...there, "docs/map.md": good }), []);
  const inCode = "```md\n[N](000M-….md)\n```\n";
  assert.deepEqual(findings({ "docs/map.md": inCode }), []);
  assert.match(one({ "docs/map.md": "\n[a](../start.md)\n" }), /map\.md:2: start\.md does not exist/);
  assert.match(one({ "README.md": "see `packages/hub/send/`\n" }), /packages\/hub\/send does not exist/);
  assert.match(one({ "README.md": '<img src="docs/x.svg">\n' }), /docs\/x\.svg does not exist/);
});

test("a test that is switched off is found; one that decides while running is not", () => {
  const path = "packages/base/money.test.ts";
  for (const call of [
    "test.skip('a', f)",
    "test.only('a', f)",
    "test('a', { skip: true }, f)",
    "it('a', { todo: 'b' }, f)",
  ]) {
    assert.match(one({ [path]: `${call};\n` }), /keeps tests from running/, call);
  }
  assert.deepEqual(findings({ [path]: "test('a', { skip: reason }, f);\n" }), []);
});

test("a name means one test", () => {
  const path = "packages/base/money.test.ts";
  assert.match(one({ [path]: "test('a', f);\ntest('a', g);\n" }), /money\.test\.ts:2: "a" names two tests/);
});

test("an excuse covers what it names, no more, and must go when it is no longer needed", () => {
  const path = "packages/base/money.ts";
  const excuse = (most: number): Excuse[] => [
    { rule: "file-lines", path, most, reason: "a table of currencies" },
  ];
  assert.deepEqual(findings({ [path]: lines(310) }, excuse(310)), []);
  assert.match(findings({ [path]: lines(311) }, excuse(310))[0] ?? "", /311 lines, over 300/);
  assert.match(findings({ [path]: lines(305) }, excuse(310))[0] ?? "", /lower it to 305/);
  assert.match(findings({ [path]: lines(10) }, excuse(310))[0] ?? "", /remove it/);
});

test("a bad tree on disk fails both checks, tracked by git or not yet", () => {
  const folder = mkdtempSync(join(tmpdir(), "trato-tree-"));
  const git = (...words: string[]) => execFileSync("git", words, { cwd: folder, stdio: "ignore" });
  try {
    git("init");
    mkdirSync(join(folder, "packages/base"), { recursive: true });
    writeFileSync(
      join(folder, "packages/base/bad.ts"),
      'import "@trato/hub";\nexport const a = Math.random();\n',
    );
    writeFileSync(join(folder, ".gitignore"), "ignored.ts\n");
    writeFileSync(join(folder, "packages/base/ignored.ts"), "export const a = Math.random();\n");
    const both = [...checkTree(folder), ...tidy(readTree(folder), [])];
    assert.equal(both.length, 2, both.join("\n"));
    git("add", ".");
    assert.deepEqual([...checkTree(folder), ...tidy(readTree(folder), [])], both);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
