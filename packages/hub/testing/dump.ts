import pg from "pg";

/** One row of one table as text: every column in it, bytes as the text they hold. */
export type DumpedRow = { readonly table: string; readonly text: string };

/** Everything a database holds, to look for what must not be in it. */
export async function dumpDatabase(url: string): Promise<DumpedRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found: DumpedRow[] = [];
    for (const { table, columns } of await tablesOf(client)) {
      const { rows } = await client.query<{ text: string }>(
        `select concat_ws(E'\\n', ${columns.join(", ")}) as text from ${table} order by 1`,
      );
      for (const { text } of rows) found.push({ table, text });
    }
    return found;
  } finally {
    await client.end();
  }
}

async function tablesOf(client: pg.Client): Promise<{ table: string; columns: string[] }[]> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select format('%I.%I', c.table_schema, c.table_name) as table,
            array_agg(format(case when data_type = 'bytea' then '%L || replace(encode(%I, ''escape''), ''\\000'', '''')' else '%L || %I::text' end,
                             column_name || '=', column_name) order by ordinal_position) as columns
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
      group by c.table_schema, c.table_name order by 1`,
  );
  return rows;
}

/** Tables of the hub's own that have a column of this name. */
export async function tablesWith(url: string, column: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
        where table_type = 'BASE TABLE' and table_schema = 'public' and column_name = $1 order by 1`,
      [column],
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** How often the log holds an event of each id, of whichever source. */
export async function eventsInLog(url: string): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; n: number }>(
      "select id, count(*)::int as n from events_log group by id",
    );
    return new Map(rows.map(({ id, n }) => [id, n]));
  } finally {
    await client.end();
  }
}
