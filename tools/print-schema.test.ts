import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type TestDatabase, testDatabase } from "../packages/hub/testing/database.ts";
import { printSchema, type Query } from "./print-schema.ts";

let opened: TestDatabase;
before(async () => {
  opened = await testDatabase();
});
after(() => opened.stop());

const query: Query = (text) => opened.database.query({ name: "", text, values: [] });
const make = (text: string) => opened.database.transaction((tx) => tx.script(text));

/** What `text` adds to the printed schema, line by line. */
async function added(text: string): Promise<string[]> {
  const before = new Set((await printSchema(query)).split("\n"));
  await make(text);
  return (await printSchema(query)).split("\n").filter((line) => !before.has(line));
}

test("a table is printed with its columns, checks, keys, indexes and comments", async () => {
  const lines = await added(`
    create table shelf_place (
      place_id bigint generated always as identity primary key, "order" int, unique ("order"));
    create unlogged table shelf_item (
      sku text collate "C" primary key,
      place bigint not null references shelf_place (place_id),
      held int not null default 0 check (held >= 0),
      free int generated always as (10 - held) stored
    ) with (fillfactor = 73);
    create index shelf_item_held on shelf_item (held) where held > 0;
    comment on table shelf_item is 'What''s where.';
    comment on column shelf_item.held is 'Promised.'`);
  assert.deepEqual(lines, [
    "create unlogged table shelf_item (",
    '  sku text collate "C" not null,',
    "  place bigint not null,",
    "  held integer default 0 not null,",
    "  free integer generated always as ((10 - held)) stored,",
    "  constraint shelf_item_pkey PRIMARY KEY (sku),",
    "  constraint shelf_item_place_fkey FOREIGN KEY (place) REFERENCES shelf_place(place_id),",
    "  constraint shelf_item_held_check CHECK (held >= 0)",
    ") with (fillfactor=73);",
    "CREATE INDEX shelf_item_held ON shelf_item USING btree (held) WHERE (held > 0);",
    "comment on table shelf_item is 'What''s where.';",
    "comment on column shelf_item.held is 'Promised.';",
    "create table shelf_place (",
    "  place_id bigint generated always as identity not null,",
    '  "order" integer,',
    "  constraint shelf_place_pkey PRIMARY KEY (place_id),",
    '  constraint shelf_place_order_key UNIQUE ("order")',
  ]);
});

test("partitions, types, sequences, functions, triggers and views are printed", async () => {
  const lines = await added(`
    create type shelf_state as enum ('open', 'closed');
    create sequence shelf_number;
    create table shelf_day (day date not null) partition by range (day);
    create table shelf_day_2026 partition of shelf_day for values from ('2026-01-01') to ('2027-01-01');
    create function shelf_note() returns trigger language plpgsql as 'begin return new; end';
    create trigger shelf_noted after insert on shelf_day for each row execute function shelf_note();
    create view shelf_today as select day from shelf_day;
    comment on view shelf_today is 'Open to all.'`);
  const text = lines.join("\n");
  for (const part of [
    "create type shelf_state as enum ('open', 'closed');",
    "create sequence shelf_number as bigint;",
    "create table shelf_day (\n  day date not null\n) partition by RANGE (day);",
    "create table shelf_day_2026 partition of shelf_day FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
    "CREATE OR REPLACE FUNCTION public.shelf_note()",
    "CREATE TRIGGER shelf_noted AFTER INSERT ON public.shelf_day FOR EACH ROW",
    "create view shelf_today as\n SELECT day",
    "comment on view shelf_today is 'Open to all.';",
  ]) {
    assert.ok(text.includes(part.split("\n")[0] ?? ""), `${part}\nis in\n${text}`);
  }
  assert.equal(
    lines.filter((line) => line.includes("TRIGGER shelf_noted")).length,
    1,
    "once, not per partition",
  );
});

test("the same database prints the same text", async () => {
  assert.equal(await printSchema(query), await printSchema(query));
});
