declare const kind: unique symbol;
/** A text that names one kind of thing; a person's id cannot be handed over where a decision's is wanted. */
export type Id<Kind extends string> = string & { readonly [kind]: Kind };

export type PersonId = Id<"person">;
export type DecisionId = Id<"decision">;

/** The person of an event that names nobody. One row of the log belongs to somebody or to nobody, never to null. */
export const nobody = "00000000-0000-0000-0000-000000000000" as PersonId;

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return pattern.test(text);
}

/** Random bytes for ids; an argument so that a simulation can repeat itself. */
export type RandomBytes = (count: number) => Uint8Array;

const pool = { bytes: new Uint8Array(0), used: 0 };
function pooledRandom(count: number): Uint8Array {
  if (pool.used + count > pool.bytes.length) {
    pool.bytes = crypto.getRandomValues(new Uint8Array(8192));
    pool.used = 0;
  }
  pool.used += count;
  return pool.bytes.subarray(pool.used - count, pool.used);
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** UUID version 7 (RFC 9562): sorts by the time it was made, and inserts at the right edge of an index. */
export function uuid7(nowMs: number, random: RandomBytes = pooledRandom): string {
  const r = random(10);
  const time = Math.floor(nowMs).toString(16).padStart(12, "0");
  const versioned = hex[0x70 | (r[0]! & 0x0f)]! + hex[r[1]!]!;
  const variant = hex[0x80 | (r[2]! & 0x3f)]! + hex[r[3]!]!;
  const tail = hex[r[4]!]! + hex[r[5]!]! + hex[r[6]!]! + hex[r[7]!]! + hex[r[8]!]! + hex[r[9]!]!;
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}-${variant}-${tail}`;
}
