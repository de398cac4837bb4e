import { randomBytes } from "node:crypto";
import type { Queries } from "./database.ts";

/** A random secret of the installation, made when it is first asked for and the same in every hub from then on. */
export async function keepSecret(queries: Queries, name: string): Promise<string> {
  await queries.query({
    name: "platform/make_secret",
    text: "insert into platform_setting (name, value) values ($1, to_json($2::text)) on conflict (name) do nothing",
    values: [`secret/${name}`, randomBytes(32).toString("base64url")],
  });
  const rows = await queries.query<{ value: string }>({
    name: "platform/read_secret",
    text: "select value from platform_setting where name = $1",
    values: [`secret/${name}`],
  });
  return rows[0]!.value;
}
