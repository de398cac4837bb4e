import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freePort } from "../hub/platform/postgres/port.ts";
import { exitCodes } from "./failure.ts";
import { inside } from "./testing/inside.ts";
import { documentOf, trato } from "./testing/trato.ts";

/** Where nobody listens: below the ports that outgoing connections are given. */
const url = `http://127.0.0.1:${await freePort([])}`;
const folder = await mkdtemp(join(tmpdir(), "trato-program-"));
after(() => rm(folder, { recursive: true, force: true }));

const verbs = [
  "start",
  "demo",
  "import",
  "train",
  "decide",
  "why",
  "replay",
  "verify",
  "report",
  "quarantine",
  "keys",
];
const nested = [
  "quarantine list",
  "quarantine show",
  "quarantine repair",
  "quarantine drop",
  "keys create",
  "keys list",
  "keys revoke",
];

test("every verb says what it does, in 80 columns", async () => {
  const { out, code } = await inside(["--help"]);
  assert.equal(code, exitCodes.ok);
  for (const verb of verbs) assert.match(out, new RegExp(`^  ${verb}\\b`, "m"));
  for (const verb of [...verbs, ...nested]) {
    const help = await inside([...verb.split(" "), "--help"]);
    assert.equal(help.code, exitCodes.ok, verb);
    assert.match(help.out, new RegExp(`^Usage: trato ${verb}`));
    assert.match(help.out, /--json/);
    assert.equal(help.err, "");
    for (const line of help.out.split("\n")) assert.ok([...line].length <= 80, line);
  }
});

const away = { TRATO_URL: url };
const id = "0198c0de-0000-7000-8000-000000000001";

test("without a hub, every verb that asks one says how to start it, and exits with 3", async () => {
  const lines = [
    "train",
    "decide",
    `why ${id}`,
    `replay ${id}`,
    "verify",
    "report",
    "keys list",
    "quarantine list",
  ];
  for (const line of lines) {
    const { code, out, err } = await inside(line.split(" "), away);
    assert.equal(code, exitCodes.hubAway, line);
    assert.equal(err, `No hub answers at ${url}: start one with \`trato start\`.\n`, line);
    assert.equal(out, "", line);
  }
});

test("with --json, a failure is a document on standard output too", async () => {
  const ran = await trato(["verify", "--json"], away);
  assert.equal(ran.code, exitCodes.hubAway);
  assert.equal(documentOf<{ code: string }>(ran).code, "hub_away");
});

test("what was typed wrongly is said, and exits with 2", async () => {
  const mapping = join(folder, "mapping.json");
  await writeFile(mapping, '{"name":"x"}');
  const wrong: [string, RegExp][] = [
    ["", /Usage: trato/],
    ["nothing", /unknown command 'nothing'/],
    ["why", /missing required argument 'decisionId'/],
    ["decide --limit 99", /whole number from 1 to 20/],
    ["decide --limit ten", /whole number from 1 to 20/],
    ["decide --cart x:0", /sku:quantity/],
    ["decide --person x --email a@b.ec", /not both/],
    ["decide --language fr", /give es or en/],
    ["decide --url shop", /no address of a hub/],
    ["report --from yesterday", /Give a day/],
    ["report --currency XYZ", /Give one of/],
    ["import no-such-file.csv --mapping online-retail", /is no file/],
    [`import ${mapping} --mapping ${mapping}`, /is wrong at \/currency: it is missing/],
    [`import ${mapping} --mapping nothing`, /built in: online-retail/],
    [`import ${mapping}`, /--mapping <name>/],
    ["quarantine list --reason odd", /Allowed choices/],
    ["quarantine repair x", /--event or --file/],
    ["quarantine repair x --event []", /no JSON object/],
    ["keys create", /--source/],
    ["keys create --source a --kind public --scope events:append", /can only append/],
    ["start --port 99999", /whole number from 0 to 65535/],
  ];
  for (const [line, says] of wrong) {
    const { code, err } = await inside(line === "" ? [] : line.split(" "), away);
    assert.equal(code, exitCodes.usage, `${line}: ${err}`);
    assert.match(err, says, line);
  }
});

test("a setting of the hub that is wrong is said before anything is started", async () => {
  const { code, err } = await inside(["start"], { TRATO_HOME: join(folder, "home"), TRATO_PORT: "many" });
  assert.equal(code, exitCodes.usage);
  assert.match(err, /TRATO_PORT is "many"/);
});
