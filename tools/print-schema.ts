/**
 * Prints a database's schema from PostgreSQL's catalogue: sorted, so that the same migrations always give the same
 * text. For people and for review; nothing runs it.
 */

/** Runs one statement without values. */
export type Query = <Row>(text: string) => Promise<readonly Row[]>;

const head =
  "-- Printed from the migrations by `npm run generate`. For reading: migrations make the database.\n";

export async function printSchema(query: Query): Promise<string> {
  const kinds = await Promise.all([
    extensions(query),
    types(query),
    sequences(query),
    functions(query),
    tables(query),
    views(query),
    triggers(query),
  ]);
  return `${[head, ...kinds.flat()].join("\n").trimEnd()}\n`;
}

type Made = { readonly made: string };
const statements = async (query: Query, text: string): Promise<string[]> =>
  (await query<Made>(text)).map(({ made }) => `${made.trimEnd().replace(/;$/, "")};\n`);

/** What an extension made belongs to the extension. */
const notOfExtension = (oid: string): string =>
  `not exists (select 1 from pg_depend d where d.objid = ${oid} and d.deptype = 'e')`;

const extensions = (query: Query): Promise<string[]> =>
  statements(
    query,
    `select format('create extension %I', extname) as made from pg_extension where extname <> 'plpgsql' order by extname`,
  );

const types = (query: Query): Promise<string[]> =>
  statements(
    query,
    `select format('create type %I as enum (%s)', t.typname,
              string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)) as made
       from pg_type t join pg_enum e on e.enumtypid = t.oid
      where t.typnamespace = 'public'::regnamespace and ${notOfExtension("t.oid")}
      group by t.typname order by t.typname`,
  );

/** Sequences of their own; an identity column's is part of its column. */
const sequences = (query: Query): Promise<string[]> =>
  statements(
    query,
    `select format('create sequence %I as %s', c.relname, format_type(s.seqtypid, null)) as made
       from pg_sequence s join pg_class c on c.oid = s.seqrelid
      where c.relnamespace = 'public'::regnamespace
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype in ('i', 'a', 'e'))
      order by c.relname`,
  );

const functions = (query: Query): Promise<string[]> =>
  statements(
    query,
    `select pg_get_functiondef(p.oid) as made from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p') and ${notOfExtension("p.oid")}
      order by p.proname, pg_get_function_identity_arguments(p.oid)`,
  );

const triggers = (query: Query): Promise<string[]> =>
  statements(
    query,
    `select pg_get_triggerdef(t.oid) as made from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and t.tgparentid = 0
      order by c.relname, t.tgname`,
  );

const views = (query: Query): Promise<string[]> =>
  statements(
    query,
    `select format(E'create %sview %I as\\n%s', case c.relkind when 'm' then 'materialized ' else '' end,
              c.relname, pg_get_viewdef(c.oid, true)) || coalesce(
              format(E';\\ncomment on view %I is %L', c.relname, obj_description(c.oid, 'pg_class')), '') as made
       from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm') and ${notOfExtension("c.oid")}
      order by c.relname`,
  );

/** Each table with its columns and constraints, then its indexes and what it says about itself. */
async function tables(query: Query): Promise<string[]> {
  const rows = await query<Table>(`
    select c.relname as name,
           case c.relpersistence when 'u' then 'unlogged ' else '' end as logged,
           case when c.relispartition
                then format(' partition of %I %s', i.inhparent::regclass, pg_get_expr(c.relpartbound, c.oid))
                else '' end as of_parent,
           coalesce(' partition by ' || pg_get_partkeydef(c.oid), '') as partitioned,
           coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '') as options,
           coalesce(${columnsOf}, '{}') as columns,
           coalesce(${constraintsOf}, '{}') as constraints,
           coalesce(${indexesOf}, '{}') as indexes,
           coalesce(${commentsOf}, '{}') as comments
      from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and ${notOfExtension("c.oid")}
     order by c.relname`);
  return rows.map(tableText);
}

type Table = {
  readonly name: string;
  readonly logged: string;
  readonly of_parent: string;
  readonly partitioned: string;
  readonly options: string;
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
  readonly comments: readonly string[];
};

/** A partition shows only what it does not take from its parent. */
function tableText(table: Table): string {
  const parts = table.of_parent === "" ? [...table.columns, ...table.constraints] : [];
  const body = parts.length === 0 ? "" : ` (\n${parts.map((part) => `  ${part}`).join(",\n")}\n)`;
  const { name, logged, of_parent, partitioned, options } = table;
  const create = `create ${logged}table ${name}${of_parent}${body}${partitioned}${options}`;
  return `${[create, ...table.indexes, ...table.comments].map((made) => `${made};`).join("\n")}\n`;
}

const columnsOf = `(
  select array_agg(concat(quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod),
           case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation end,
           case a.attidentity when 'a' then ' generated always as identity'
                              when 'd' then ' generated by default as identity' end,
           case a.attgenerated
             when 's' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
             when 'v' then format(' generated always as (%s)', pg_get_expr(d.adbin, d.adrelid))
             else ' default ' || pg_get_expr(d.adbin, d.adrelid) end,
           case when a.attnotnull then ' not null' end) order by a.attnum)
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`;

/** Not-null stands with its column: PostgreSQL 18 lists it among the constraints, earlier ones do not. */
const constraintsOf = `(
  select array_agg(format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid, true))
           order by position(k.contype::text in 'pufcx'), k.conname)
    from pg_constraint k
   where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0)`;

/** Indexes that no constraint made. */
const indexesOf = `(
  select array_agg(regexp_replace(pg_get_indexdef(x.indexrelid), ' ON (ONLY )?public\\.', ' ON ') order by n.relname)
    from pg_index x join pg_class n on n.oid = x.indexrelid
   where x.indrelid = c.oid and not n.relispartition
     and not exists (
       select 1 from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x')))`;

const commentsOf = `(
  select array_agg(case when s.objsubid = 0
           then format('comment on table %I is %L', c.relname, s.description)
           else format('comment on column %I.%I is %L', c.relname, a.attname, s.description) end order by s.objsubid)
    from pg_description s left join pg_attribute a on a.attrelid = s.objoid and a.attnum = s.objsubid
   where s.classoid = 'pg_class'::regclass and s.objoid = c.oid)`;
