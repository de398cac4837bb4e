import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { diskFreeBytes, watchDisk } from "./index.ts";
import { atEnd, isRoot, temporaryFolder, until } from "./testing/start.ts";

const mib = 1024 * 1024;

test("low is said once, and room again only when there is a tenth more than the minimum", async (t) => {
  let freeBytes = 2_000;
  const said: boolean[] = [];
  const watch = watchDisk({
    path: "/",
    minBytes: 1_000,
    everyMs: 60_000,
    freeBytes: async () => freeBytes,
    onChange: ({ low }) => void said.push(low),
  });
  t.after(watch.stop);
  for (const [bytes, low] of [
    [1_000, false],
    [999, true],
    [500, true],
    [1_099, true],
    [1_100, false],
  ] as const) {
    freeBytes = bytes;
    await watch.check();
    assert.equal(watch.isLow(), low, `${bytes} bytes free`);
  }
  assert.deepEqual(said, [true, false]);
});

test("a disk that can't be asked counts as low", async (t) => {
  const watch = watchDisk({ path: "/nowhere/at/all", onChange: () => undefined });
  t.after(watch.stop);
  await until(watch.isLow);
});

test("a disk that fills up is noticed before it is full, and so is the room made on it", async (t) => {
  if (!isRoot) return t.skip("needs root");
  const disk = await temporaryFolder(t);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
  if (mounted.status !== 0) return t.skip("this machine lets nobody mount");
  atEnd(t, () => spawnSync("umount", [disk]));
  const said: { low: boolean; freeBytes: number }[] = [];
  const watch = watchDisk({
    path: disk,
    minBytes: 4 * mib,
    everyMs: 10,
    onChange: (now) => void said.push(now),
  });
  atEnd(t, watch.stop);
  assert.equal(await diskFreeBytes(disk), 8 * mib);
  await writeFile(join(disk, "data"), Buffer.alloc(5 * mib));
  await until(() => said.length === 1);
  await rm(join(disk, "data"));
  await until(() => said.length === 2);
  assert.deepEqual(
    said.map(({ low }) => low),
    [true, false],
  );
});
