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

/** Columns of a gzip CSV that holds plain decimal numbers only, by name; many times quicker than as texts. */
export function readNumbers(path: string): Record<string, Float64Array> {
  const bytes = gunzipSync(readFileSync(new URL(path, folder)));
  const headEnd = bytes.indexOf(10);
  const names = bytes.toString("utf8", 0, headEnd).trim().split(",");
  let rowCount = 0;
  for (let at = headEnd; at !== -1 && at < bytes.length - 1; at = bytes.indexOf(10, at + 1)) rowCount++;
  const columns = names.map(() => new Float64Array(rowCount));
  let [row, column, whole, scale, sign] = [0, 0, 0, 0, 1];
  const close = () => {
    columns[column]![row] = (sign * whole) / (scale === 0 ? 1 : scale);
    [whole, scale, sign] = [0, 0, 1];
  };
  for (let at = headEnd + 1; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte >= 48 && byte <= 57) {
      whole = 10 * whole + byte - 48;
      scale *= 10;
    } else if (byte === 46) scale = 1;
    else if (byte === 45) sign = -1;
    else if (byte === 44) {
      close();
      column++;
    } else if (byte === 10) {
      close();
      column = 0;
      row++;
    } else if (byte !== 13) throw new Error(`${path}: ${String.fromCharCode(byte)} is not of a number.`);
  }
  if (row < rowCount) close();
  return Object.fromEntries(names.map((name, c) => [name, columns[c]!]));
}

/** A column of numbers; an empty field is NaN. */
export function numbersOf(column: readonly string[]): Float64Array {
  return Float64Array.from(column, (text) => (text === "" ? Number.NaN : Number(text)));
}
