import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Where the public data lie beside the project. */
export const sharedData = new URL("../../../../shared/data/", import.meta.url);

/** The rows of a gzipped CSV or TSV without quotes, by the names in its head. */
export function readRows(path: string, separator = ","): { head: string[]; rows: string[][] } {
  const text = gunzipSync(readFileSync(new URL(path, sharedData)))
    .toString("utf8")
    .trimEnd();
  const [head = "", ...lines] = text.split("\n");
  return { head: head.trim().split(separator), rows: lines.map((line) => line.trimEnd().split(separator)) };
}

/** Runs it and says how many seconds of processor time it took. */
export function timed<T>(run: () => T): { value: T; seconds: number } {
  const before = process.cpuUsage();
  const value = run();
  const { user, system } = process.cpuUsage(before);
  return { value, seconds: (user + system) / 1e6 };
}
