import assert from "node:assert/strict";
import { writeSync } from "node:fs";
import { appendFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { boundLog, openLog, reasonsIn } from "./logfile.ts";
import { temporaryFolder } from "./testing/start.ts";

test("a log past its bound moves aside, and who holds it open goes on writing at the new beginning", async (t) => {
  const path = join(await temporaryFolder(t), "postgres.log");
  await boundLog(path, 10);
  const log = await openLog(path);
  writeSync(log.fd, "short");
  await boundLog(path, 10);
  assert.equal(await readFile(path, "utf8"), "short");
  writeSync(log.fd, " and no longer");
  await boundLog(path, 10);
  assert.equal((await stat(path)).size, 0);
  assert.equal(await readFile(`${path}.1`, "utf8"), "short and no longer");
  writeSync(log.fd, "new");
  assert.equal(await readFile(path, "utf8"), "new");
  log.close();
});

test("the reasons of a failed start are read from what this start wrote", async (t) => {
  const path = join(await temporaryFolder(t), "postgres.log");
  await appendFile(path, "2026-01-01 00:00:00 UTC [1] FATAL:  an old story\n");
  const log = await openLog(path);
  log.close();
  const at = "2026-01-02 00:00:00 UTC [2]";
  await appendFile(path, `${at} LOG:  hello\n${at} FATAL:  no room\n`);
  await appendFile(path, `${at} FATAL:  the database system is starting up\n`.repeat(100));
  assert.equal(reasonsIn(log.since()), "FATAL:  no room");
});
