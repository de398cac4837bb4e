import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, type Group, groupsOf, runGroups } from "./test.ts";

const paths = ["packages/base/ids.test.ts", "packages/base/ids.ts", "packages/hub/people/fold.soak.test.ts"];

test("a run takes every test file but the soak tests; a soak run takes only those", () => {
  assert.deepEqual(choose(paths, { soak: false, words: [] }), ["packages/base/ids.test.ts"]);
  assert.deepEqual(choose(paths, { soak: true, words: [] }), ["packages/hub/people/fold.soak.test.ts"]);
});

test("words choose the files whose path contains one of them", () => {
  const more = [...paths, "packages/base/money.test.ts", "packages/town/day.test.ts"];
  const chosen = choose(more, { soak: false, words: ["money", "town"] });
  assert.deepEqual(chosen, ["packages/base/money.test.ts", "packages/town/day.test.ts"]);
});

test("the groups stand in the order in which they fail soonest", () => {
  const names = (words: readonly string[], soak = false) =>
    groupsOf({ soak, words }, ["a"]).map(({ name }) => name);
  assert.deepEqual(names([]), ["types", "lint", "boundaries", "tidy", "generated files", "tests"]);
  assert.deepEqual(names(["people"]), ["tests"]);
  assert.deepEqual(names([], true), ["tests"]);
});

const quiet = { say: () => undefined };
const group = (name: string, code: string, needsDatabase = false): Group => ({
  name,
  args: ["-e", code],
  needsDatabase,
});

function fakeServer() {
  const seen = { starts: 0, stops: 0 };
  const start = async () => {
    seen.starts += 1;
    const stop = async () => {
      seen.stops += 1;
    };
    return { url: "postgres://here", stop };
  };
  return { seen, start };
}

const needsUrl = "process.exit(process.env.TRATO_TEST_DATABASE_URL === 'postgres://here' ? 0 : 1)";

test("one server serves all groups that need one, and is stopped at the end", async () => {
  const { seen, start } = fakeServer();
  const groups = [group("first", ""), group("second", needsUrl, true), group("third", needsUrl, true)];
  assert.equal(await runGroups(groups, start, quiet), undefined);
  assert.deepEqual(seen, { starts: 1, stops: 1 });
});

test("the first group that fails ends the run, is named, and the server is stopped", async () => {
  const { seen, start } = fakeServer();
  const groups = [
    group("first", needsUrl, true),
    group("second", "process.exit(3)"),
    group("third", needsUrl, true),
  ];
  assert.equal(await runGroups(groups, start, quiet), "second");
  assert.deepEqual(seen, { starts: 1, stops: 1 });
});

test("groups that need no database start none", async () => {
  const { seen, start } = fakeServer();
  assert.equal(
    await runGroups([group("first", "process.exit(1)"), group("second", "", true)], start, quiet),
    "first",
  );
  assert.deepEqual(seen, { starts: 0, stops: 0 });
});

test("a run that is asked to end ends its command and stops the server", async () => {
  const { seen, start } = fakeServer();
  const ending = new AbortController();
  const running = runGroups([group("first", "setInterval(() => {}, 1000)", true)], start, {
    ...quiet,
    signal: ending.signal,
  });
  setImmediate(() => ending.abort());
  assert.equal(await running, "first");
  assert.deepEqual(seen, { starts: 1, stops: 1 });
});
