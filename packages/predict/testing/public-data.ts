import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Where public data lie beside the project; nothing of them is in it. */
const folder = new URL("../../../../shared/data/", import.meta.url);

/** Why a test on this file is skipped, or false: `test(name, { skip: absent("cdnow/…") }, …)`. */
export function absent(path: string): string | false {
  const file = new URL(path, folder);
  return existsSync(file) ? false : `needs ${file.pathname}`;
}

/** The text of a gzip file of lines, without the last line's end. */
export function readGzip(path: string): string {
  return gunzipSync(readFileSync(new URL(path, folder)))
    .toString("utf8")
    .trimEnd();
}

/** Columns of a gzip CSV by name, as texts. A field with a comma stands between quotes, and holds none. */
export function readColumns(path: string): Record<string, string[]> {
  const [head = "", ...lines] = readGzip(path).split("\n");
  const names = head.trim().split(",");
  const rows = lines.map((line) => fieldsOf(line.trimEnd()));
  return Object.fromEntries(names.map((name, at) => [name, rows.map((row) => row[at]!)]));
}

function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  return Array.from(
    line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g),
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
}

/** A column of numbers; an empty field is NaN. */
export function numbersOf(column: readonly string[]): Float64Array {
  return Float64Array.from(column, (text) => (text === "" ? Number.NaN : Number(text)));
}
