import { fastify } from "fastify";
import pg from "pg";

// The floor of an add: the same server, one read of a row by its key and one update of it, each for itself.
const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
await pool.query("create table bare_row (id integer primary key, n bigint not null, body text not null)");
await pool.query("insert into bare_row select i, 0, repeat('x', 500) from generate_series(0, 4999) i");
let turn = 0;
const app = fastify();
app.post("/row", async () => {
  turn = (turn + 1) % 5_000;
  const read = { name: "read", text: "select n, body from bare_row where id = $1", values: [turn] };
  const found = await pool.query(read);
  await pool.query({ name: "add", text: "update bare_row set n = n + 1 where id = $1", values: [turn] });
  return found.rows[0];
});
await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${(app.server.address() as { port: number }).port}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
