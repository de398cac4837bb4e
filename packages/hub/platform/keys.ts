import { createHash, randomBytes } from "node:crypto";
import { limits } from "@trato/base";
import { allScopes, publicScopes, type Result, refuse, type Scope } from "@trato/contract";
import type { Queries } from "./database.ts";

/** Who calls. A public key appends to its own source and follows what a token opens; a secret key does what its scopes say. */
export type Key = {
  readonly id: string;
  readonly source: string;
  readonly kind: "public" | "secret";
  readonly scopes: readonly Scope[];
};

export type KeyRow = {
  readonly keyId: string;
  readonly source: string;
  readonly kind: "public" | "secret";
  readonly scopes: readonly Scope[];
  readonly label: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
};

const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/**
 * Makes a key and returns its secret, which is not kept: only its SHA-256 is (256 random bits need no slow hash).
 * A secret key reads `trk_<id>_<43 characters>`, a public one `tpk_<id>_…`, so that scanners can find a leaked one.
 */
export async function createKey(
  queries: Queries,
  wanted: {
    source: string;
    kind: "public" | "secret";
    scopes?: readonly Scope[];
    label: string;
    expiresAt?: Date;
  },
): Promise<{ keyId: string; secret: string }> {
  const keyId = randomBytes(8).toString("hex");
  const prefix = wanted.kind === "public" ? "tpk" : "trk";
  const secret = `${prefix}_${keyId}_${randomBytes(32).toString("base64url")}`;
  const scopes = wanted.kind === "public" ? publicScopes : (wanted.scopes ?? allScopes);
  await queries.query({
    name: "platform/insert_key",
    text: `insert into platform_key (key_id, source, kind, secret_hash, scopes, label, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      keyId,
      wanted.source,
      wanted.kind,
      hashOf(secret),
      scopes,
      wanted.label,
      wanted.expiresAt ?? null,
    ],
  });
  return { keyId, secret };
}

export async function listKeys(queries: Queries): Promise<KeyRow[]> {
  return queries.query<KeyRow>({
    name: "platform/list_keys",
    text: `select key_id as "keyId", source, kind, scopes, label, created_at as "createdAt",
                  expires_at as "expiresAt", revoked_at as "revokedAt"
             from platform_key order by created_at, key_id limit $1`,
    values: [limits.pageRowsMax],
  });
}

export async function revokeKey(queries: Queries, keyId: string): Promise<Result<null, "key_id_unknown">> {
  const rows = await queries.query({
    name: "platform/revoke_key",
    text: "update platform_key set revoked_at = coalesce(revoked_at, now()) where key_id = $1 returning key_id",
    values: [keyId],
  });
  return rows.length === 0 ? refuse("key_id_unknown") : { ok: true, value: null };
}

export type KeyRing = {
  /** The key behind a secret; a revoked or expired one is unknown. Answers from memory for up to two seconds. */
  find(secret: string): Promise<Key | undefined>;
  forget(): void;
};

type KeyFound = Key & { readonly expiresAtMs: number | null };

export function createKeyRing(queries: Queries, nowMs: () => number): KeyRing {
  const known = new Map<string, { key: Promise<KeyFound | undefined>; readAtMs: number }>();
  const read = async (secret: string): Promise<KeyFound | undefined> => {
    const rows = await queries.query<Key & { expires_at: Date | null }>({
      name: "platform/find_key",
      text: `select key_id as id, source, kind, scopes, expires_at from platform_key
              where secret_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
      values: [hashOf(secret)],
    });
    const row = rows[0];
    if (row === undefined) return undefined;
    const { expires_at: expiresAt, ...key } = row;
    return { ...key, expiresAtMs: expiresAt?.getTime() ?? null };
  };
  return {
    find(secret) {
      const now = nowMs();
      const held = known.get(secret);
      if (held !== undefined && now - held.readAtMs < limits.keyCacheMsMax) return held.key;
      // The promise is kept, so that a hundred requests at once ask once; a failed look is not remembered.
      const key = read(secret);
      key.catch(() => known.delete(secret));
      if (known.size > 1_000) known.clear();
      known.set(secret, { key, readAtMs: now });
      return key;
    },
    forget: () => known.clear(),
  };
}

/** The secret a request carries: `Bearer <key>`, or Basic with the key as user name, as Segment's clients send it. */
export function secretOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [scheme, value] = authorization.split(" ", 2);
  if (value === undefined) return undefined;
  if (scheme?.toLowerCase() === "bearer") return value;
  if (scheme?.toLowerCase() !== "basic") return undefined;
  return Buffer.from(value, "base64").toString("utf8").split(":", 1)[0];
}
