import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { takeLock } from "./lock.ts";
import { bornAt } from "./processes.ts";
import { temporaryFolder } from "./testing/start.ts";

test("of many who ask at once exactly one gets the lock, whatever a dead hub left there", async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, "hub.lock");
  const dead = { pid: 999_999_999, born: "" };
  const pidNowAnothers = { pid: process.ppid, born: `not ${bornAt(process.ppid)}` };
  for (const left of [
    undefined,
    JSON.stringify(dead),
    JSON.stringify(pidNowAnothers),
    "",
    "null",
    '{"pid":',
  ]) {
    if (left !== undefined) await writeFile(path, left);
    const tried = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path)));
    const taken = tried.filter((one) => one.status === "fulfilled");
    assert.equal(taken.length, 1, `with ${left} left`);
    assert.equal(JSON.parse(await readFile(path, "utf8")).pid, process.pid);
    await taken[0]?.value();
    assert.deepEqual(await readdir(folder), []);
  }
});

test("a hub that was killed while taking the lock does not keep others from it", async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, "hub.lock.taking"));
  const giveBack = await takeLock(join(folder, "hub.lock"));
  await giveBack();
  assert.deepEqual(await readdir(folder), []);
});

test("giving back does not take away what another hub holds meanwhile", async (t) => {
  const path = join(await temporaryFolder(t), "hub.lock");
  const giveBack = await takeLock(path);
  await writeFile(path, "another's");
  await giveBack();
  assert.equal(await readFile(path, "utf8"), "another's");
});
