import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { chooseAccount, nameFor } from "./account.ts";
import { startPostgres } from "./index.ts";
import { ask, startFor, until } from "./testing/start.ts";

const silent = () => undefined;

// One home for all: each test finds what the one before left, as a hub does.
const home = await mkdtemp(join(tmpdir(), "trato-postgres-"));
after(() => rm(home, { recursive: true }));

test("a first start that was cut short leaves nothing that stops the next", async (t) => {
  await assert.rejects(startPostgres({ home, log: silent, settings: { fsync: "off" } }), /fsync stays on/);
  await mkdir(join(home, "postgres.new/data/base"), { recursive: true });
  const postgres = await startFor(t, { home });
  assert.deepEqual(await ask(postgres.url, "select 1 as one"), [{ one: 1 }]);
  await assert.rejects(stat(join(home, "postgres.new")), { code: "ENOENT" });
});

test("what was written before a stop is there after the next start, at the same address", async (t) => {
  const first = await startFor(t, { home });
  assert.equal(first.state(), "up");
  await ask(first.url, "create table kept as select 42 as answer");
  await first.stop();
  await first.stop();
  assert.equal(first.state(), "stopped");
  assert.equal(first.pid(), undefined);

  const second = await startFor(t, { home });
  assert.deepEqual(await ask(second.url, "select answer from kept"), [{ answer: 42 }]);
  assert.equal(second.url, first.url);
});

test("a new database is safe by default", async (t) => {
  const postgres = await startFor(t, { home });
  const { password, port } = new URL(postgres.url);

  await t.test("the password is random, private, and asked for", async () => {
    assert.equal(Buffer.from(password, "base64url").length, 32);
    assert.equal((await stat(join(home, "postgres.password"))).mode & 0o777, 0o600);
    assert.equal((await stat(join(home, "postgres"))).mode & 0o077, 0);
    await assert.rejects(ask(postgres.url.replace(password, "guess"), "select 1"), { code: "28P01" });
    const [auth] = await ask<{ rolpassword: string }>(
      postgres.url,
      "select rolpassword from pg_authid where rolname = 'trato'",
    );
    assert.match(auth?.rolpassword ?? "", /^SCRAM-SHA-256\$/);
    const rules = await ask<{ auth_method: string }>(
      postgres.url,
      "select distinct auth_method from pg_hba_file_rules",
    );
    assert.deepEqual(rules, [{ auth_method: "scram-sha-256" }]);
  });

  await t.test("it listens on loopback only, and pages have checksums", async () => {
    const settings = await ask<{ name: string; setting: string }>(
      postgres.url,
      `select name, setting from pg_settings
        where name in ('listen_addresses', 'unix_socket_directories', 'data_checksums', 'fsync', 'synchronous_commit',
                       'full_page_writes', 'server_encoding', 'TimeZone')`,
    );
    assert.deepEqual(Object.fromEntries(settings.map(({ name, setting }) => [name, setting])), {
      TimeZone: "UTC",
      data_checksums: "on",
      fsync: "on",
      full_page_writes: "on",
      listen_addresses: "127.0.0.1",
      server_encoding: "UTF8",
      synchronous_commit: "on",
      unix_socket_directories: nameFor(
        join(home, "postgres"),
        await chooseAccount(home, join(home, "postgres")),
      ),
    });
    assert.equal((await readFile(join(home, "postgres.port"), "utf8")).trim(), port);
    assert.notEqual(postgres.nearUrl, postgres.url);
    assert.deepEqual(await ask(postgres.nearUrl, "select inet_client_addr() as from"), [{ from: null }]);
    await assert.rejects(ask(postgres.nearUrl.replace(password, "guess"), "select 1"), { code: "28P01" });
  });

  await t.test("text is sorted by code point, and letters of every language have a case", async () => {
    const rows = await ask(postgres.url, "select upper('ñandú') as upper, 'Z' < 'a' as sorted");
    assert.deepEqual(rows, [{ upper: "ÑANDÚ", sorted: true }]);
  });

  await t.test("a second hub on the same home is refused, with the first one's pid", async () => {
    await assert.rejects(
      startPostgres({ home, log: silent }),
      new RegExp(`pid ${process.pid}\\b.*TRATO_HOME`),
    );
    assert.deepEqual(await ask(postgres.url, "select 1 as one"), [{ one: 1 }]);
  });

  await t.test("an error's details, where personal data stands, are not in its log", async () => {
    await ask(postgres.url, "create table persons (email text unique)");
    const twice =
      "insert into persons select e from unnest(array['ana' || '@example.com', 'ana' || '@example.com']) e";
    await assert.rejects(ask(postgres.url, twice), { code: "23505" });
    const log = () => readFile(join(home, "postgres.log"), "utf8");
    await until(async () => (await log()).includes("persons_email_key"));
    assert.ok(!(await log()).includes("ana@example.com"));
  });
});

test("when its port was taken meanwhile it moves to another", async (t) => {
  const first = await startFor(t, { home });
  const port = Number(new URL(first.url).port);
  await first.stop();
  const squatter = createServer().listen(port, "127.0.0.1");
  t.after(() => squatter.close());
  const second = await startFor(t, { home });
  assert.notEqual(Number(new URL(second.url).port), port);
  assert.deepEqual(await ask(second.url, "select 1 as one"), [{ one: 1 }]);
  await second.stop();

  await t.test("a setting that PostgreSQL refuses is named, and nothing is left running", async () => {
    const wrong = startPostgres({ home, log: silent, settings: { work_mem: "plenty" } });
    await assert.rejects(wrong, /invalid value for parameter "work_mem": "plenty"/);
    await (await startFor(t, { home })).stop();
  });

  await t.test("data whose password was exchanged is refused, not opened or replaced", async () => {
    await writeFile(join(home, "postgres.password"), "another\n");
    await assert.rejects(startPostgres({ home, log: silent }), /postgres\.password is not the one of/);
    await writeFile(join(home, "postgres.password"), "");
    await assert.rejects(startPostgres({ home, log: silent }), /Restore it from the backup/);
  });

  await t.test("data of another version is refused, with what to do", async () => {
    await writeFile(join(home, "postgres/PG_VERSION"), "17\n");
    await assert.rejects(startPostgres({ home, log: silent }), /written by PostgreSQL 17.*brings 18/);
  });
});
