import { fastify } from "fastify";
import pg from "pg";

// The floor of a decision: the same server, one read of one profile by its key, the row sent back, nothing decided.
const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
const { rows } = await pool.query("select person_id from people_person where merged_into is null limit 5000");
let turn = 0;
const app = fastify();
app.post("/person", async () => {
  turn = (turn + 1) % rows.length;
  const found = await pool.query({
    name: "one",
    text: "select person_id, version, slices from people_person where person_id = $1",
    values: [rows[turn].person_id],
  });
  return { personId: found.rows[0].person_id, version: found.rows[0].version };
});
await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${(app.server.address() as { port: number }).port}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
