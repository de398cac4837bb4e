import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { atEnd, isRoot } from "../platform/postgres/testing/start.ts";

export type SmallDisk = {
  readonly path: string;
  /** Takes up room until so many bytes are free. */
  fillUpTo(freeBytes: number): void;
  makeRoom(): Promise<void>;
};

/** A disk of its own in memory, gone with the test; a text that says why when this machine lets nobody make one. */
export async function smallDisk(t: TestContext, megabytes: number): Promise<SmallDisk | string> {
  if (!isRoot) return "only root may mount a small disk";
  const path = await mkdtemp(join(tmpdir(), "trato-disk-"));
  atEnd(t, () => rm(path, { recursive: true, force: true }));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=711`, "tmpfs", path]);
  if (mounted.status !== 0) return "this machine lets nobody mount a small disk";
  atEnd(t, () => spawnSync("umount", ["-l", path]));
  const ballast = join(path, "ballast");
  return {
    path,
    fillUpTo: (freeBytes) => {
      spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=1M"]);
      if (freeBytes > 0) spawnSync("truncate", ["-s", `-${freeBytes}`, ballast]);
    },
    makeRoom: () => rm(ballast, { force: true }),
  };
}
