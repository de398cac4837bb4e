import { createHmac } from "node:crypto";
import type { Identity } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import { identityKey } from "./keyed.ts";

/**
 * Keyed hashes of erased identities. They let a late event be recognised and dropped without keeping whom it names.
 */
export type Tombstones = {
  /** The identities among these that were erased, by identityKey, with when. */
  find(queries: Queries, identities: readonly Identity[]): Promise<Map<string, number>>;
  put(tx: Queries, identities: readonly Identity[], erasedMs: number): Promise<void>;
  lift(tx: Queries, identities: readonly Identity[]): Promise<void>;
};

export function createTombstones(secret: string): Tombstones {
  const digestOf = (identity: Identity): Buffer =>
    createHmac("sha256", secret).update(identityKey(identity)).digest();
  return {
    async find(queries, identities) {
      if (identities.length === 0 || !(await anybodyErased(queries))) return new Map();
      const byDigest = new Map(identities.map((one) => [digestOf(one).toString("hex"), identityKey(one)]));
      const rows = await queries.query<{ digest: string; erased_ms: string }>({
        name: "people/find_tombstones",
        text: `select encode(digest, 'hex') as digest, erased_ms from people_tombstone
                where digest = any(select decode(h, 'hex') from unnest($1::text[]) as t (h))`,
        values: [[...byDigest.keys()]],
      });
      return new Map(rows.map((row) => [byDigest.get(row.digest)!, Number(row.erased_ms)]));
    },
    async put(tx, identities, erasedMs) {
      await tx.query({
        name: "people/put_tombstones",
        text: `insert into people_tombstone (digest, erased_ms) select d, $2 from unnest($1::bytea[]) as t (d)
               on conflict (digest) do update set erased_ms = excluded.erased_ms`,
        values: [identities.map(digestOf), erasedMs],
      });
    },
    async lift(tx, identities) {
      await tx.query({
        name: "people/lift_tombstones",
        text: "delete from people_tombstone where digest = any($1::bytea[])",
        values: [identities.map(digestOf)],
      });
    },
  };
}

/** Most shops have erased nobody for a long time; then no hash is worth making. */
async function anybodyErased(queries: Queries): Promise<boolean> {
  const rows = await queries.query<{ any: boolean }>({
    name: "people/anybody_erased",
    text: `select exists (select 1 from people_tombstone) as "any"`,
    values: [],
  });
  return rows[0]!.any;
}
