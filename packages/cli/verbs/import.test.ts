import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { ask } from "../../hub/testing/ask.ts";
import { testDatabase } from "../../hub/testing/database.ts";
import { testHub } from "../../hub/testing/hub.ts";
import { assertSound } from "../../hub/testing/sound.ts";
import { exitCodes } from "../failure.ts";
import type { reportDocument } from "../import/report.ts";
import { createGate } from "../testing/gate.ts";
import { inside } from "../testing/inside.ts";
import { salesFile } from "../testing/sales-file.ts";
import { documentOf, startTrato, trato } from "../testing/trato.ts";

type Report = ReturnType<typeof reportDocument>;

async function setUp(t: TestContext) {
  const hub = await testHub();
  const folder = await mkdtemp(join(tmpdir(), "trato-import-"));
  t.after(async () => {
    await hub.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const file = join(folder, "sales.csv");
  await writeFile(file, salesFile());
  return { hub, folder, file, env: { TRATO_HOME: hub.home } };
}

const args = (file: string, ...more: string[]) => [
  "import",
  file,
  "--mapping",
  "online-retail",
  "--json",
  ...more,
];

/** Forty orders of four lines; every fifth is anonymous; every fourth has a return, two of which are anonymous. */
const expected = {
  lines: 178,
  orders: 50,
  sales: 128,
  anonymous: 32,
  returns: 10,
  quarantined: 8,
  events: 50,
  /** Each of these becomes an event as well. */
  items: 25,
};

test("a file is imported, accounted for to the last line, and all of it again is a repeat", async (t) => {
  const { hub, folder, file, env } = await setUp(t);
  const titles = join(folder, "titles.csv.gz");
  await writeFile(titles, gzipSync('stock_code,description,n\nSKU1,wrong,1\nSKU1,"Mug, blue",9\n'));
  const more = ["--consent", "personalise", "--items", titles, "--batch", "7"];
  const first = await inside(args(file, ...more), env);
  assert.equal(first.code, exitCodes.ok, first.err);
  const report = documentOf<Report>(first);
  assert.equal(report.lines, expected.lines);
  assert.equal(report.orders, expected.orders);
  assert.equal(report.reconciles, true);
  for (const fate of ["sales", "anonymous", "returns", "quarantined"] as const) {
    assert.equal(report.fates[fate]?.lines, expected[fate], fate);
  }
  assert.equal(report.acknowledged.events.applied, expected.events);
  assert.equal(report.acknowledged.asides.quarantined, expected.quarantined);
  assert.equal(report.returns.linked + report.returns.unlinked, expected.returns);
  assert.ok(report.returns.linked > 0 && report.returns.unlinked > 0);

  const counters = await assertSound(hub);
  assert.equal(counters.inLog, expected.events + report.customers + expected.items);
  const { body: item } = await ask<{ title: object; priceMinor: number }>(hub, "GET", "/v1/items/SKU1");
  assert.deepEqual(item.title, { es: "Mug, blue", en: "Mug, blue" });
  const { body: consents } = await consentsOf(hub, "12000");
  assert.equal(consents.now["personalise/any"]?.given, true);

  const second = documentOf<Report>(await inside(args(file, "--consent", "personalise"), env));
  assert.equal(second.acknowledged.events.repeat, expected.events);
  assert.equal(second.acknowledged.asides.repeat, expected.quarantined);
  assert.equal(second.acknowledged.agrees, true);
  assert.equal(second.consents[0]?.tally.repeat, report.customers);
  assert.equal(second.items.unchanged, report.items.created, "titles that this run did not know are kept");
  assert.deepEqual(second.fates, report.fates);
  assert.equal((await assertSound(hub)).inLog, counters.inLog);
});

async function consentsOf(hub: Parameters<typeof ask>[0], customer: string) {
  const { body } = await ask<{ personId: string }>(hub, "GET", `/v1/people?kind=loyalty&value=${customer}`);
  return ask<{ now: Record<string, { given: boolean }> }>(hub, "GET", `/v1/people/${body.personId}/consents`);
}

test("an import that is killed goes on where it was, and ends with the same totals", async (t) => {
  const whole = await setUp(t);
  const undisturbed = documentOf<Report>(await inside(args(whole.file), whole.env));

  const { hub, file, env } = await setUp(t);
  const gate = await createGate(hub.url);
  t.after(() => gate.close());
  gate.openFor(4);
  const through = { ...env, TRATO_URL: gate.url };
  const { child, ended } = startTrato(args(file, "--batch", "4"), through);
  await untilCheckpoint(hub.home);
  child.kill("SIGKILL");
  assert.equal((await ended).code, null);

  gate.openFor(Number.POSITIVE_INFINITY);
  const resumed = await inside(args(file, "--batch", "4"), through);
  assert.equal(resumed.code, exitCodes.ok, resumed.err);
  const report = documentOf<Report>(resumed);
  assert.ok(report.resumedAtGroup > 0);
  const { applied, repeat, sent } = report.acknowledged.events;
  assert.equal(applied + repeat, sent);
  assert.equal(sent, expected.events);
  assert.equal(report.acknowledged.agrees, true);
  for (const name of [
    "fates",
    "total",
    "fileTotal",
    "returns",
    "customers",
    "orders",
    "reconciles",
  ] as const) {
    assert.deepEqual(report[name], undisturbed[name], name);
  }
  const counters = await assertSound(hub);
  assert.equal(counters.inLog, expected.events + expected.items);
  assert.deepEqual(await readdir(join(hub.home, "imports")), [], "what is done needs no checkpoint");
});

/** Waits until something is acknowledged and written down. */
async function untilCheckpoint(home: string): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    const names = await readdir(join(home, "imports")).catch(() => []);
    const name = names.find((one) => one.endsWith(".json"));
    const text =
      name === undefined ? "" : await readFile(join(home, "imports", name), "utf8").catch(() => "");
    if (text.includes('"groups"')) return;
    await delay(10);
  }
  assert.fail("nothing was acknowledged");
}

test("--restart begins anew", async (t) => {
  const { hub, file, env } = await setUp(t);
  const gate = await createGate(hub.url);
  t.after(() => gate.close());
  gate.openFor(3);
  const through = { ...env, TRATO_URL: gate.url };
  const { child, ended } = startTrato(args(file, "--batch", "4"), through);
  await untilCheckpoint(hub.home);
  child.kill("SIGKILL");
  await ended;
  gate.openFor(Number.POSITIVE_INFINITY);
  const report = documentOf<Report>(await inside(args(file, "--restart"), through));
  assert.equal(report.resumedAtGroup, 0);
  assert.equal(report.acknowledged.events.sent, expected.events);
  assert.equal((await assertSound(hub)).inLog, expected.events + expected.items);
});

test("without consent, the report says that nobody is personalised", async (t) => {
  const { file, env } = await setUp(t);
  const { out, code } = await inside(["import", file, "--mapping", "online-retail"], env);
  assert.equal(code, exitCodes.ok);
  assert.match(out, /Reconciles: yes/);
  assert.match(out, /Agrees: yes/);
  assert.match(out, /nobody in this file is\s+personalised/);
  for (const line of out.split("\n")) assert.ok([...line].length <= 80, line);
});

test("a mapping of one's own reads another file: other columns, time zone, and returns by their sign", async (t) => {
  const { hub, folder, env } = await setUp(t);
  const file = join(folder, "receipts.csv");
  const mapping = join(folder, "mapping.json");
  await writeFile(
    file,
    [
      "receipt;at;code;name;qty;price;email",
      'r1;2026-05-01 10:00;A;"Café; molido";2;5.99;ana@example.com',
      "r1;2026-05-01 10:00;B;Pan;0.5;1.01;ana@example.com",
      'r2;2026-05-02 10:00;A;"Café; molido";-1;5.99;ana@example.com',
    ].join("\n"),
  );
  await writeFile(
    mapping,
    JSON.stringify({
      name: "till",
      currency: "USD",
      timeZone: "America/Guayaquil",
      identity: "email",
      channel: "pos",
      delimiter: ";",
      columns: {
        order: "receipt",
        sku: "code",
        title: "name",
        quantity: "qty",
        time: "at",
        price: "price",
        customer: "email",
      },
    }),
  );
  const ran = await inside(["import", file, "--mapping", mapping, "--json"], env);
  assert.equal(ran.code, exitCodes.ok, ran.err);
  const report = documentOf<Report>(ran);
  assert.equal(report.total.amount, "6.495");
  assert.deepEqual(report.returns, { linked: 1, unlinked: 0 });
  const { body } = await ask<{ personId: string }>(hub, "GET", "/v1/people?kind=email&value=ana@example.com");
  const { body: events } = await ask<{
    items: { time: string; type: string; data: Record<string, unknown> }[];
  }>(hub, "GET", `/v1/people/${body.personId}/events`);
  assert.deepEqual(
    events.items.map(({ time, type, data }) => [time, type, data["orderId"], data["totalMinor"]]),
    [
      ["2026-05-01T15:00:00.000Z", "order.placed", "r1", 1_198 + 51],
      ["2026-05-02T15:00:00.000Z", "order.returned", "r1", 599],
    ],
  );
});

test("when no hub runs, import starts one for its own time", async (t) => {
  const at = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "trato-import-"));
  t.after(async () => {
    await at.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const file = join(folder, "sales.csv");
  await writeFile(file, salesFile());
  const env = { TRATO_HOME: join(folder, "home"), DATABASE_URL: at.url, TRATO_PORT: "0" };
  const ran = await trato(args(file), env);
  assert.equal(ran.code, exitCodes.ok, ran.err);
  assert.match(ran.err, /one is started for this import/);
  assert.equal(documentOf<Report>(ran).acknowledged.events.applied, expected.events);
  assert.equal((await trato(["verify"], env)).code, exitCodes.hubAway);
  const elsewhere = await trato(args(file, "--url", "http://127.0.0.1:4"), env);
  assert.equal(elsewhere.code, exitCodes.hubAway, "another's hub is not replaced by one of ours");
});
