import assert from "node:assert/strict";
import test from "node:test";
import { silentLog } from "./log.ts";
import { keepSnapshot, rememberPast } from "./snapshot.ts";

const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

test("whoever writes while a reading is under way sees the write after refreshing", async () => {
  let stored = 1;
  let slow: Promise<void> = Promise.resolve();
  const kept = await keepSnapshot<number>({
    name: "numbers",
    log: silentLog,
    pollMs: 60_000,
    load: async () => {
      const read = stored;
      await slow;
      return read;
    },
  });
  const { open, opened } = gate();
  slow = opened;
  const early = kept.refresh();
  stored = 2;
  const late = kept.refresh();
  open();
  assert.equal(await early, 1);
  assert.equal(await late, 2);
  assert.equal(kept.now(), 2);
  await kept.stop();
});

test("a failed look leaves the view as it was and the next one mends it", async () => {
  let broken = false;
  let stored = "a";
  const kept = await keepSnapshot<string>({
    name: "letters",
    log: silentLog,
    pollMs: 2,
    load: async () => {
      if (broken) throw new Error("away");
      return stored;
    },
  });
  broken = true;
  stored = "b";
  await assert.rejects(kept.refresh(), /away/);
  assert.equal(kept.now(), "a");
  broken = false;
  while (kept.now() !== "b") await new Promise((resolve) => setTimeout(resolve, 2));
  await kept.stop();
});

test("past views are loaded once, forgotten when there are too many, and tried again after a failure", async () => {
  const loads: string[] = [];
  let fails = false;
  const past = rememberPast(async (version) => {
    loads.push(version);
    if (fails) throw new Error("away");
    return `view ${version}`;
  }, 2);
  assert.deepEqual(await Promise.all([past("1"), past("1")]), ["view 1", "view 1"]);
  await past("2");
  await past("1");
  await past("3");
  await past("1");
  await past("2");
  assert.deepEqual(loads, ["1", "2", "3", "2"]);
  fails = true;
  await assert.rejects(past("4"), /away/);
  fails = false;
  assert.equal(await past("4"), "view 4");
});
