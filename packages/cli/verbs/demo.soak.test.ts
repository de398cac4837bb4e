import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { exitCodes } from "../failure.ts";
import { documentOf, trato } from "../testing/trato.ts";

const folder = await mkdtemp(join(tmpdir(), "trato-demo-test-"));
after(() => rm(folder, { recursive: true, force: true }));

test("a demonstration lives for some seconds, says what came of it, and leaves nothing behind", async () => {
  const wanted = ["--households", "20", "--days", "30", "--seconds", "5"];
  const ran = await trato(["demo", ...wanted, "--json"], {
    TMPDIR: folder,
    DATABASE_URL: "postgres://nowhere/shop",
  });
  assert.equal(ran.code, exitCodes.ok, ran.err);
  const { events, people } = documentOf<{ events: Record<string, number>; people: number }>(ran);
  assert.ok(people > 0);
  const { accepted = 0, applied = 0, repeat = 0, quarantined = 0, erased = 0 } = events;
  assert.ok(applied > 0);
  assert.equal(accepted, applied + repeat + quarantined + erased);
  assert.match(ran.err, /Live: a second is/);
  assert.deepEqual(await readdir(folder), []);
});
