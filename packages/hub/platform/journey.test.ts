import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import pg from "pg";
import { testDatabase } from "../testing/database.ts";
import type { Statement } from "./database.ts";
import { askAlone, type CarriedOut, journeysOn } from "./journey.ts";

const { url, stop } = await testDatabase();
const pool = new pg.Pool({ connectionString: url, max: 2, pipeline: true } as pg.PoolConfig);
const client = await pool.connect();
after(async () => {
  client.release();
  await pool.end();
  await stop();
});
const { ask, leave } = journeysOn(client);
const sql = (name: string, text: string, ...values: unknown[]): Statement => ({ name, text, values });
const one = sql("one", "select 1 as n");
const fails = (nth: number) => sql(`fails-${nth}`, "select 1 / $1::int as n", 0);

/** How many writes the connection makes while `work` is done. */
async function writesOf(work: () => Promise<unknown>): Promise<number> {
  const { stream } = (client as unknown as { connection: pg.Connection }).connection;
  const write = stream.write;
  let writes = 0;
  stream.write = ((...args: Parameters<typeof write>) => {
    writes += 1;
    return write.apply(stream, args);
  }) as typeof write;
  await work();
  stream.write = write;
  return writes;
}

test("what is asked in one turn leaves in one write, each seeing what the one before did", async () => {
  const table = sql("make", "create temporary table kept (n int)");
  const put = (n: number) => sql("put", "insert into kept values ($1) returning n", n);
  const all = sql("all", "select n from kept order by n");
  await ask(table);
  const answers: CarriedOut[] = [];
  const travel = async () => {
    answers.push(...(await Promise.all([ask(put(1)), ask(all), ask(put(2)), ask(all)])));
  };
  assert.equal(await writesOf(travel), 1);
  assert.deepEqual(
    answers.map(({ rows }) => rows),
    [[{ n: 1 }], [{ n: 1 }], [{ n: 2 }], [{ n: 1 }, { n: 2 }]],
  );
  assert.equal(answers[0]!.command, "INSERT 0 1");
  answers.length = 0;
  await travel();
  assert.deepEqual(answers[3]!.rows, [{ n: 1 }, { n: 1 }, { n: 2 }, { n: 2 }], "prepared, and not described");
});

test("of a journey that fails, what came before is answered, and what comes after is left out", async () => {
  await ask(sql("begin", "begin"));
  const [first, second, third] = await Promise.allSettled([ask(one), ask(fails(1)), ask(one)]);
  assert.deepEqual((first as PromiseFulfilledResult<CarriedOut>).value.rows, [{ n: 1 }]);
  assert.match(String((second as PromiseRejectedResult).reason), /division by zero/);
  assert.equal((third as PromiseRejectedResult).reason.code, "25P02");
  const again = ask(one);
  leave();
  const back = ask(sql("rollback", "rollback"));
  await assert.rejects(again, { code: "25P02" });
  assert.equal((await back).command, "ROLLBACK");
  await assert.rejects(ask(fails(1)), /division by zero/, "it can be prepared again");
  assert.deepEqual((await ask(one)).rows, [{ n: 1 }]);
});

test("a value that cannot be sent fails before anything leaves", async () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const sent = ask(sql("circle", "select $1::json as j", circle));
  await assert.rejects(sent, /circular/i);
  assert.deepEqual((await ask(one)).rows, [{ n: 1 }]);
});

test("two texts never go by one name", async () => {
  await ask(one);
  await assert.rejects(ask(sql("one", "select 2 as n")), /one text has the name one/);
});

test("a statement alone has failed when its commit has", async () => {
  await ask(sql("late", "create table late (n int unique deferrable initially deferred)"));
  const twice = sql("twice", "insert into late values (1), (1)");
  await assert.rejects(askAlone(pool, twice), /duplicate key/);
  assert.deepEqual((await askAlone(pool, sql("count", "select count(*)::int as n from late"))).rows, [
    { n: 0 },
  ]);
});

test("a connection that breaks fails all that are under way", async () => {
  const broken = await pool.connect();
  broken.on("error", () => undefined);
  const under = journeysOn(broken);
  const asked = [sql("die", "select pg_terminate_backend(pg_backend_pid())"), one].map(under.ask);
  for (const { status } of await Promise.allSettled(asked)) assert.equal(status, "rejected");
  broken.release(true);
});

const kinds: Record<string, (n: number) => Statement> = {
  row: (n) => sql("row", "select $1::int as n, null as nothing, $2::text as t", n, `é${n}`),
  rows: (n) => sql("rows", "select i, i::text as t from generate_series(1, $1::int) i", n),
  empty: () => sql("empty", ""),
  none: () => sql("none", "select 1 as n where false"),
  unnamed: (n) => sql("", `select ${n} as m`),
  typed: (n) =>
    sql("typed", "select $1::bigint as b, array[$1::int] as a, json_build_object('k', $1::int) as j", n),
  bad: (n) => sql("bad", "select 1 / ($1::int - $1::int) as n", n),
};

test("statements that travel together say what they say one by one", async () => {
  const drawn = fc.array(
    fc.record({ kind: fc.constantFrom(...Object.keys(kinds)), n: fc.nat({ max: 200 }), turn: fc.boolean() }),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(drawn, async (steps) => {
      const together: Promise<CarriedOut>[] = [];
      for (const { kind, n, turn } of steps) {
        const asked = ask(kinds[kind]!(n));
        asked.catch(() => undefined);
        together.push(asked);
        if (turn || kind === "bad") leave();
      }
      for (const [i, { kind, n }] of steps.entries()) {
        const { text, values } = kinds[kind]!(n);
        if (kind === "bad") await assert.rejects(together[i]!, /division by zero/);
        else assert.deepEqual((await together[i]!).rows, (await pool.query(text, [...values])).rows);
      }
    }),
    { numRuns: 60 },
  );
});
