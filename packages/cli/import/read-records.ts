import { createReadStream, statSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { limits } from "@trato/base";
import { parse } from "csv-parse/sync";
import { usageFailure } from "../failure.ts";

/** A line of a CSV file: as it stands there, its fields, and its number (1 is the first after the header). */
export type RawRecord = { readonly number: number; readonly raw: string; readonly cells: readonly string[] };

export type RecordFile = {
  readonly sizeBytes: number;
  /** How much of the file was read by now, compressed as it is. */
  readonly bytesRead: () => number;
  /** The names of the columns, then the lines in portions of some thousand. */
  readonly header: () => Promise<readonly string[]>;
  readonly portions: () => AsyncGenerator<readonly RawRecord[]>;
};

const chunkBytes = 256 * 1_024;

/**
 * Opens a CSV file, or one that gzip packed (`.gz`), to be read once. A line without quotes is only split, which is
 * four times as fast as csv-parse; a line with quotes is csv-parse's. Empty lines are no lines. A line that cannot be
 * taken apart comes without fields.
 */
export function openRecords(path: string, delimiter = ","): RecordFile {
  const sizeBytes = sizeOf(path);
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const gunzip = path.endsWith(".gz") ? createGunzip({ chunkSize: chunkBytes }) : undefined;
  const text = gunzip === undefined ? file : file.pipe(gunzip);
  file.on("error", (cause) => void text.destroy(cause));
  text.setEncoding("utf8");
  const all = splitText(text, path, delimiter);
  return {
    sizeBytes,
    bytesRead: () => gunzip?.bytesWritten ?? file.bytesRead,
    async header() {
      const first = await all.next();
      if (first.done === true) throw usageFailure(`${path} is empty; its first line names the columns.`);
      return first.value[0]!.cells.map((name) => name.trim());
    },
    portions: async function* () {
      yield* all;
    },
  };
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true)
    throw usageFailure(`${path} is no file; give a CSV file, or one packed as .csv.gz.`);
  return stat.size;
}

/** First the header as a portion of its own, then the rest. */
async function* splitText(
  text: AsyncIterable<string>,
  path: string,
  delimiter: string,
): AsyncGenerator<readonly RawRecord[]> {
  const state: State = { rest: "", number: 0, delimiter };
  try {
    for await (const chunk of text) yield* portionsOf(state, takeTexts(state, chunk, { isEnd: false }));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code?.startsWith("Z_") !== true) throw cause;
    throw usageFailure(`${path} is no whole gzip file (${message}).`);
  }
  yield* portionsOf(state, takeTexts(state, "", { isEnd: true }));
}

type State = { rest: string; number: number; readonly delimiter: string };

function* portionsOf(state: State, found: readonly string[]): Generator<readonly RawRecord[]> {
  const texts = found
    .map((text) => (text.endsWith("\r") ? text.slice(0, -1) : text))
    .filter((text) => text.trim() !== "");
  if (texts.length === 0) return;
  const first = state.number;
  if (first === 0) texts[0] = texts[0]!.replace(/^\uFEFF/, "");
  state.number += texts.length;
  const cells = splitAll(texts, state.delimiter);
  const records = texts.map((raw, i) => ({ number: first + i, raw, cells: cells[i]! }));
  if (first === 0) yield records.splice(0, 1);
  if (records.length > 0) yield records;
}

/**
 * The texts of every whole record so far; what follows waits for the next chunk. A quoted field may hold line feeds:
 * its record goes on until the quotes are closed. A quote that is never closed costs only its own line.
 */
function takeTexts(state: State, chunk: string, { isEnd }: { isEnd: boolean }): string[] {
  const lines = (state.rest + chunk).split("\n");
  state.rest = isEnd ? "" : lines.pop()!;
  if (state.rest.length > limits.importLineCharsMax) {
    throw usageFailure(`Line ${state.number + lines.length} is longer than any record; is this a CSV file?`);
  }
  const texts: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    let text = lines[i]!;
    let last = i;
    while (
      isOpen(text, state.delimiter) &&
      text.length <= limits.importLineCharsMax &&
      last + 1 < lines.length
    ) {
      text += `\n${lines[++last]}`;
    }
    if (!isOpen(text, state.delimiter)) {
      texts.push(text);
      i = last;
    } else if (isEnd || text.length > limits.importLineCharsMax) {
      texts.push(lines[i]!);
    } else {
      state.rest = `${text}\n${state.rest}`;
      break;
    }
  }
  return texts;
}

/** True when a text ends inside of quotes. Only a quote at the beginning of a field opens any. */
function isOpen(text: string, delimiter: string): boolean {
  if (!text.includes('"')) return false;
  let open = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '"') continue;
    if (!open) open = i === 0 || text[i - 1] === delimiter;
    else if (text[i + 1] === '"') i++;
    else open = false;
  }
  return open;
}

/**
 * The fields of each text; none when it cannot be taken apart. Texts with quotes are parsed together: csv-parse is
 * strict then, so that each is one record, or it throws and each is parsed by itself.
 */
function splitAll(texts: readonly string[], delimiter: string): readonly (readonly string[])[] {
  const options = { delimiter, record_delimiter: "\n", relax_column_count: true };
  const quoted = texts.filter((text) => text.includes('"') && text.length <= limits.importLineCharsMax);
  let parsed: string[][];
  try {
    parsed = quoted.length === 0 ? [] : parse(quoted.join("\n"), options);
  } catch {
    parsed = quoted.map((text) => parseAlone(text, options));
  }
  let next = 0;
  return texts.map((text) => {
    if (text.length > limits.importLineCharsMax) return [];
    return text.includes('"') ? (parsed[next++] ?? []) : text.split(delimiter);
  });
}

function parseAlone(text: string, options: object): string[] {
  try {
    const records: string[][] = parse(text, { ...options, relax_quotes: true });
    return records.length === 1 ? records[0]! : [];
  } catch {
    return [];
  }
}
