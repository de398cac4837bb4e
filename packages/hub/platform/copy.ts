import { finished } from "node:stream/promises";
import type pg from "pg";
import { from } from "pg-copy-streams";

/** Rows for `copy … from stdin (format binary)`, written one value after the other. */
export type CopyRows = {
  /** Begins the next row; as many values must follow. */
  row(values: number): void;
  text(value: string | null): void;
  json(value: unknown): void;
  bigint(value: number): void;
  uuid(value: string): void;
  /** All rows as the statement takes them. */
  bytes(): Buffer;
};

const signature = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");

/**
 * Writes rows in PostgreSQL's binary COPY format: the cheapest way to bring many rows to a table that takes them as
 * they are (no `on conflict`, no `returning`), half of what insert … select from unnest() costs the server.
 *
 * Source: PostgreSQL documentation, COPY, "Binary Format". `bytesHint` is a first guess of the size; it grows.
 */
export function copyRows(bytesHint: number): CopyRows {
  let buffer = Buffer.allocUnsafe(Math.max(bytesHint, 1_024));
  let at = signature.copy(buffer, 0);
  const room = (bytes: number): void => {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  };
  const text = (value: string | null): void => {
    room(4 + (value === null ? 0 : value.length * 3));
    const bytes = value === null ? -1 : buffer.write(value, at + 4, "utf8");
    buffer.writeInt32BE(bytes, at);
    at += 4 + Math.max(bytes, 0);
  };
  return {
    row(values) {
      room(2);
      at = buffer.writeInt16BE(values, at);
    },
    text,
    json: (value) => text(JSON.stringify(value)),
    bigint(value) {
      room(12);
      at = buffer.writeInt32BE(8, at);
      at = writeBigint(buffer, value, at);
    },
    uuid(value) {
      room(20);
      at = buffer.writeInt32BE(16, at);
      at = writeUuid(buffer, value, at);
    },
    bytes() {
      room(2);
      return buffer.subarray(0, buffer.writeInt16BE(-1, at));
    },
  };
}

const high = 2 ** 32;

/** A whole number within 2^53 as eight bytes; a tenth of the time that BigInt takes. Returns where it ends. */
export function writeBigint(buffer: Buffer, value: number, at: number): number {
  const top = Math.floor(value / high);
  buffer.writeInt32BE(top, at);
  return buffer.writeUInt32BE(value - top * high, at + 4);
}

/** By character code: the value of a hexadecimal digit. */
const nibbles = new Uint8Array(128);
for (let digit = 0; digit < 16; digit++) {
  nibbles[digit.toString(16).charCodeAt(0)] = digit;
  nibbles[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/** A UUID as its sixteen bytes. Returns where it ends. */
export function writeUuid(buffer: Buffer, value: string, at: number): number {
  for (let i = 0; i < 36; i += 2) {
    if (i === 8 || i === 13 || i === 18 || i === 23) i += 1;
    buffer[at++] = (nibbles[value.charCodeAt(i)]! << 4) | nibbles[value.charCodeAt(i + 1)]!;
  }
  return at;
}

/**
 * Sends rows to a `copy … from stdin (format binary)`; throws what the database says, such as a broken constraint. A
 * copy is a conversation and travels with nothing else: what was asked before it must have been answered.
 */
export async function copyIn(client: pg.ClientBase, statement: string, rows: CopyRows): Promise<void> {
  const alone = client as pg.ClientBase & { pipeline: boolean };
  alone.pipeline = false;
  try {
    const stream = client.query(from(statement));
    stream.end(rows.bytes());
    await finished(stream);
  } finally {
    alone.pipeline = true;
  }
}
