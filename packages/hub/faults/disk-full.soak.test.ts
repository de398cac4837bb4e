import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@trato/base";
import { until } from "../platform/postgres/testing/start.ts";
import { send } from "../testing/ask.ts";
import { eventsInLog } from "../testing/dump.ts";
import { startSenders } from "../testing/senders.ts";
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

test("when the disk fills up at once under load, nothing acknowledged is lost, and the hub goes on by itself", async (t) => {
  const disk = await smallDisk(t, 900);
  if (typeof disk === "string") return t.skip(disk);
  const hub = await spawnHub(t, { home: await homeFor(t, disk.path) });
  const load = startSenders(hub, {
    senders: 4,
    batch: 20,
    eventOf: (sender, n) => ({
      ...event(`s${sender}-${n}`),
      type: "custom.large",
      data: { text: `${n}`.repeat(2_000) },
    }),
  });
  await until(() => load.acknowledged.length > 200, 60_000);
  disk.fillUpTo(0);
  await until(async () => (await send(hub, [event("full")]).catch(() => undefined))?.status !== 200);
  await disk.makeRoom();
  const before = load.acknowledged.length;
  await until(() => load.acknowledged.length > before + 200, 60_000);
  await load.stop();
  const kept = await eventsInLog(hub.databaseUrl);
  assert.deepEqual(
    load.acknowledged.filter((id) => kept.get(id) !== 1),
    [],
  );
  await assertSound(hub);
});
