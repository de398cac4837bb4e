import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { testDatabase } from "../../hub/testing/database.ts";
import { exitCodes } from "../failure.ts";
import { startTrato, trato } from "../testing/trato.ts";

const at = await testDatabase();
const home = await mkdtemp(join(tmpdir(), "trato-start-"));
after(async () => {
  await at.stop();
  await rm(home, { recursive: true, force: true });
});
const env = { TRATO_HOME: home, DATABASE_URL: at.url, TRATO_PORT: "0", TRATO_LOG: "error" };

test("start says where the hub, the key and the reference are, and Ctrl-C stops it in good order", async () => {
  const { child, ended } = startTrato(["start", "--json"], env);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", resolve);
    child.once("close", () => reject(new Error("it did not start")));
  });
  const { url, keyFile, reference } = JSON.parse(line) as Record<"url" | "keyFile" | "reference", string>;
  for (const address of [`${url}/readyz`, reference]) {
    const response = await fetch(address);
    assert.equal(response.status, 200);
    await response.text();
  }
  assert.match(await readFile(keyFile, "utf8"), /^trk_/);
  assert.equal((await trato(["verify"], { TRATO_HOME: home })).code, exitCodes.ok);

  const taken = await trato(["start", "--port", new URL(url).port], { ...env, TRATO_HOME: `${home}/other` });
  assert.equal(taken.code, exitCodes.refused);
  assert.match(taken.err, /is taken, perhaps by another hub/);

  child.kill("SIGINT");
  const { code, err } = await ended;
  assert.equal(code, exitCodes.ok, err);
  assert.equal((await trato(["verify"], { TRATO_HOME: home })).code, exitCodes.hubAway);
});
