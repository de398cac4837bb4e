import { isTestCode } from "../tree.ts";
import { roomsOf } from "./rooms.ts";
import type { Finding, Tree } from "./tree.ts";

const migrations = "packages/hub/migrations/";

/** Who may name a table, and what every table must say about itself. */
export function checkSql(tree: Tree): Finding[] {
  const rooms = roomsOf(tree.files.map(({ path }) => path));
  const files = tree.texts.filter(
    ({ path }) => path.startsWith(migrations) && /\/\d{6}_[^/]*\.sql$/.test(path),
  );
  const made = files.flatMap(({ path, text }) => tablesMade(text).map((table) => ({ path, table })));
  const comments = new Map(files.flatMap(({ text }) => tableComments(text)));
  return [
    ...made.flatMap(({ path, table }) => [
      ...unowned(path, table, rooms),
      ...uncommented(path, table, comments),
    ]),
    ...strangers(tree, rooms, new Set(made.map(({ table }) => table))),
  ];
}

const withoutComments = (sql: string): string => sql.replaceAll(/--[^\n]*/g, "");

/** Tables a migration makes; partitions and temporary tables take their meaning from another. */
function tablesMade(sql: string): string[] {
  const create =
    /\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?([a-z_][\w.]*)(\s+partition\s+of)?/gi;
  return [...withoutComments(sql).matchAll(create)]
    .filter(([, , partition]) => partition === undefined)
    .map(([, table = ""]) => table);
}

function tableComments(sql: string): [table: string, comment: string][] {
  const comment = /\bcomment\s+on\s+table\s+([a-z_][\w.]*)\s+is\s+((?:\s*'(?:[^']|'')*')+)/gi;
  return [...withoutComments(sql).matchAll(comment)].map(([, table = "", text = ""]) => [table, text]);
}

function unowned(path: string, table: string, rooms: readonly string[]): Finding[] {
  if (rooms.some((room) => table.startsWith(`${room}_`))) return [];
  const says = `table ${table} belongs to no folder of the hub; begin its name with its owner's: people_…`;
  return [{ rule: "sql", path, says }];
}

const mustSay = [/owner/i, /retention|kept/i, /personal/i];

function uncommented(path: string, table: string, comments: ReadonlyMap<string, string>): Finding[] {
  const comment = comments.get(table) ?? "";
  if (mustSay.every((word) => word.test(comment))) return [];
  const says = `table ${table} needs: comment on table ${table} is 'Owner: … Retention: … Personal data: …'`;
  return [{ rule: "sql", path, says }];
}

/** Sources that name another folder's table, or their own outside of its store. */
function strangers({ facts }: Tree, rooms: readonly string[], tables: ReadonlySet<string>): Finding[] {
  if (rooms.length === 0) return [];
  const prefixed = `(?:${rooms.join("|")})_\\w+`;
  const afterSql = new RegExp(
    `\\b(?:from|join|into|update|table|truncate|references|only)\\s+(${prefixed})\\b`,
    "gi",
  );
  const anywhere = new RegExp(`\\b${prefixed}\\b`, "g");
  return facts
    .filter(({ path }) => path.startsWith("packages/") && !isTestCode(path))
    .flatMap(({ path, texts }) =>
      texts.flatMap(({ text, line }) => {
        const named = [...text.matchAll(anywhere)].map(([name]) => name).filter((name) => tables.has(name));
        const used = [...text.matchAll(afterSql)].map(([, name = ""]) => name);
        return [...new Set([...named, ...used])]
          .filter((table) => !mayName(path, table))
          .map((table) => stranger(path, line, table, rooms));
      }),
    );
}

function mayName(path: string, table: string): boolean {
  const [, room = "", inner = ""] = /^packages\/hub\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (room === "" || !table.startsWith(`${room}_`)) return false;
  return room === "platform" || /(^|[-/])store\.ts$/.test(inner) || inner.startsWith("store/");
}

function stranger(path: string, line: number, table: string, rooms: readonly string[]): Finding {
  const owner = rooms.find((room) => table.startsWith(`${room}_`));
  const says = `names ${table}; only the store.ts (or …-store.ts) of hub/${owner} may: ask it for a function`;
  return { rule: "sql", path, line, says };
}
