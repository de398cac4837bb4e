import assert from "node:assert/strict";
import { test } from "node:test";
import { limits, systemClock } from "@trato/base";
import { until } from "../platform/postgres/testing/start.ts";
import { ask, send } from "../testing/ask.ts";
import { assertProblem } from "../testing/endpoints.ts";
import { untilReady } from "../testing/senders.ts";
import { smallDisk } from "../testing/small-disk.ts";
import { assertSound } from "../testing/sound.ts";
import { homeFor, spawnHub } from "../testing/spawn-hub.ts";

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
const event = (id: string) => ({
  id,
  type: "item.viewed",
  time,
  identities: { user: "u" },
  data: { sku: "x" },
});

test("when the disk is nearly full, writes are put off and reads go on; when there is room, all goes on", async (t) => {
  const disk = await smallDisk(t, 900);
  if (typeof disk === "string") return t.skip(disk);
  const hub = await spawnHub(t, { home: await homeFor(t, disk.path), logLevel: "info" });
  assert.equal((await send(hub, [event("before")])).body.applied, 1);

  disk.fillUpTo(limits.diskFreeBytesMin / 2);
  await until(async () => (await send(hub, [event("before")])).status !== 200);
  const refused = await send(hub, [event("while")]);
  assert.equal(assertProblem(refused, "write"), "disk_low");
  assert.ok(Number(refused.headers.get("retry-after")) >= 10, "a full disk is not mended in a second");
  const decision = await ask(hub, "POST", "/v1/decisions", { placement: "web.home" });
  assert.equal(assertProblem(decision, "a decision is kept, and so a write"), "disk_low");
  assert.equal(assertProblem(await ask(hub, "GET", "/readyz"), "ready"), "disk_low");
  for (const path of [
    "/healthz",
    "/v1/events/counters",
    "/v1/people?kind=user&value=u",
    "/metrics",
    "/v1/items",
  ]) {
    assert.equal((await ask(hub, "GET", path)).status, 200, path);
  }
  assert.match(hub.log(), /nearly full/);

  await disk.makeRoom();
  await untilReady(hub);
  assert.equal((await send(hub, [event("while")])).body.applied, 1);
  await assertSound(hub);
});
