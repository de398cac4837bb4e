import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { Failure } from "../failure.ts";
import { openRecords, type RawRecord } from "./read-records.ts";

const folder = await mkdtemp(join(tmpdir(), "trato-records-"));
after(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function read(content: string | Uint8Array, { packed = false, delimiter = "," } = {}) {
  const path = join(folder, `${count++}.csv${packed ? ".gz" : ""}`);
  await writeFile(path, packed ? gzipSync(content) : content);
  const file = openRecords(path, delimiter);
  const header = await file.header();
  const records: RawRecord[] = [];
  for await (const portion of file.portions()) records.push(...portion);
  return { header, records, cells: records.map(({ cells }) => cells) };
}

const cell = fc.string({ unit: fc.constantFrom("a", "é", "7", " ", ",", '"', "\n", "€"), maxLength: 8 });
const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

test("what was written as CSV is read as it was, whatever stands in its fields", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      async (rows, packed) => {
        const whole = rows.filter((row) => row.join("").trim() !== "");
        const text = ["a,b,c", ...whole.map((row) => row.map(quoted).join(","))].join("\n");
        assert.deepEqual((await read(text, { packed })).cells, whole);
      },
    ),
    { numRuns: 60 },
  );
});

test("records are whole although they do not fit into one portion", async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `${i},"ñandú, ${"x".repeat(i % 40)}\n${i}",end`);
  const { records } = await read(["a,b,c", ...rows].join("\r\n"));
  assert.equal(records.length, rows.length);
  assert.deepEqual(records.at(-1)?.cells, ["29999", `ñandú, ${"x".repeat(29_999 % 40)}\n29999`, "end"]);
  assert.ok(records.every(({ number }, i) => number === i + 1));
});

test("a quote that nobody closed costs only its own line", async () => {
  const { cells } = await read('a,b\n"open,1\nx,2\ny,3\n');
  assert.deepEqual(cells, [[], ["x", "2"], ["y", "3"]]);
});

test("a quote inside of a field is part of it", async () => {
  const { cells } = await read('a,b\nNail 5" long,1\nx,2');
  assert.deepEqual(cells, [
    ['Nail 5" long', "1"],
    ["x", "2"],
  ]);
});

test("a byte order mark, empty lines and another delimiter do no harm", async () => {
  const { header, cells } = await read("\uFEFFa;b\r\n\r\n1;2\r\n\r\n", { delimiter: ";" });
  assert.deepEqual(header, ["a", "b"]);
  assert.deepEqual(cells, [["1", "2"]]);
});

test("what is no CSV file is refused with what to do", async () => {
  const refused = (says: RegExp) => (cause: unknown) => cause instanceof Failure && says.test(cause.message);
  await assert.rejects(read(""), refused(/is empty/));
  await assert.rejects(read(`a,b\n${"x".repeat(400_000)}`), refused(/is this a CSV file/));
  await assert.rejects(readCutOff(), refused(/no whole gzip/));
});

async function readCutOff(): Promise<void> {
  const path = join(folder, "cut-off.csv.gz");
  await writeFile(path, gzipSync("a,b\n1,2\n".repeat(9_000)).subarray(0, 60));
  const file = openRecords(path);
  await file.header();
  for await (const _ of file.portions());
}
