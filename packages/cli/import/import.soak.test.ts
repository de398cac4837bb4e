import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { testHub } from "../../hub/testing/hub.ts";
import { assertSound } from "../../hub/testing/sound.ts";
import { exitCodes } from "../failure.ts";
import { documentOf, trato } from "../testing/trato.ts";
import type { reportDocument } from "./report.ts";

const folder = process.env["TRATO_ONLINE_RETAIL"] ?? "../shared/data/online-retail";
const file = join(folder, "transactions.csv.gz");
const skip = existsSync(file)
  ? false
  : `${file} is not there: set TRATO_ONLINE_RETAIL to the folder of the UCI Online Retail log as CSV`;

test("the whole UCI Online Retail log goes in, adds up to its known totals, and a second time is all repeats", {
  skip,
}, async () => {
  const hub = await testHub();
  after(() => hub.stop());
  const args = [
    "import",
    file,
    "--mapping",
    "online-retail",
    "--items",
    join(folder, "descriptions.csv.gz"),
    "--json",
  ];
  const first = await trato(args, { TRATO_HOME: hub.home });
  assert.equal(first.code, exitCodes.ok, first.err);
  const report = documentOf<ReturnType<typeof reportDocument>>(first);
  assert.equal(report.lines, 541_909);
  assert.equal(report.fileTotal.amount, "9747747.934");
  assert.equal(report.total.amount, "9747747.934");
  assert.equal(report.reconciles, true);
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(report.fates).map(([fate, { lines, amount }]) => [fate, [lines, amount]]),
    ),
    {
      sales: [397_924, "8911407.904"],
      anonymous: [133_359, "1755276.64"],
      returns: [9_288, "-896812.49"],
      quarantined: [1_338, "-22124.12"],
    },
  );
  assert.equal(report.customers, 4_372);
  assert.equal(report.acknowledged.agrees, true);
  assert.equal(report.acknowledged.events.applied, report.acknowledged.events.sent);
  const counters = await assertSound(hub);
  assert.equal(counters.inLog, report.acknowledged.events.sent + report.items.created);

  const second = documentOf<ReturnType<typeof reportDocument>>(await trato(args, { TRATO_HOME: hub.home }));
  assert.equal(second.acknowledged.events.repeat, report.acknowledged.events.sent);
  assert.equal(second.acknowledged.asides.repeat, 1_338);
  assert.equal((await assertSound(hub)).inLog, counters.inLog);
});
