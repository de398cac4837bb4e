import { writeBigint, writeUuid } from "./copy.ts";

/**
 * Arrays in PostgreSQL's binary format, to hand many rows to one statement through unnest(). Measured on the intake
 * statement against json_to_recordset: a third of the server's work per row, because nothing is parsed twice.
 *
 * Source: PostgreSQL source, array_recv in src/backend/utils/adt/arrayfuncs.c. A Buffer parameter is sent as binary.
 */
type Nullable<T> = T | null;

const oids = { text: 25, int8: 20, uuid: 2950, json: 114, bytea: 17 } as const;
const headerBytes = 20;

function begin(bytesMax: number, oid: number, count: number, hasNull: boolean): Buffer {
  const buffer = Buffer.allocUnsafe(headerBytes + bytesMax);
  buffer.writeInt32BE(count === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  return count === 0 ? buffer.subarray(0, 12) : buffer;
}

function stringArray(values: readonly Nullable<string>[], oid: number): Buffer {
  let bytesMax = 0;
  let hasNull = false;
  for (const value of values) {
    bytesMax += 4 + (value === null ? 0 : value.length * 3);
    if (value === null) hasNull = true;
  }
  const buffer = begin(bytesMax, oid, values.length, hasNull);
  let at = headerBytes;
  for (const value of values) {
    if (value === null) {
      buffer.writeInt32BE(-1, at);
      at += 4;
    } else {
      const bytes = buffer.write(value, at + 4, "utf8");
      buffer.writeInt32BE(bytes, at);
      at += 4 + bytes;
    }
  }
  return values.length === 0 ? buffer : buffer.subarray(0, at);
}

export const textArray = (values: readonly Nullable<string>[]): Buffer => stringArray(values, oids.text);

/** Values are written as JSON here; a column of type json keeps exactly these bytes. */
export const jsonArray = (values: readonly unknown[]): Buffer =>
  stringArray(
    values.map((value) => JSON.stringify(value)),
    oids.json,
  );

export function bigintArray(values: readonly Nullable<number | bigint | string>[]): Buffer {
  const hasNull = values.includes(null);
  const buffer = begin(values.length * 12, oids.int8, values.length, hasNull);
  let at = headerBytes;
  for (const value of values) {
    buffer.writeInt32BE(value === null ? -1 : 8, at);
    at += 4;
    if (value === null) continue;
    at =
      typeof value === "number" ? writeBigint(buffer, value, at) : buffer.writeBigInt64BE(BigInt(value), at);
  }
  return values.length === 0 ? buffer : buffer.subarray(0, at);
}

export function uuidArray(values: readonly Nullable<string>[]): Buffer {
  const buffer = begin(values.length * 20, oids.uuid, values.length, values.includes(null));
  let at = headerBytes;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : 16, at);
    if (value !== null) at = writeUuid(buffer, value, at);
  }
  return values.length === 0 ? buffer : buffer.subarray(0, at);
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  const bytes = values.reduce((sum, value) => sum + 4 + value.length, 0);
  const buffer = begin(bytes, oids.bytea, values.length, false);
  let at = headerBytes;
  for (const value of values) {
    buffer.writeInt32BE(value.length, at);
    buffer.set(value, at + 4);
    at += 4 + value.length;
  }
  return buffer;
}
