import { limits } from "@trato/base";
import { type Result, refuse } from "@trato/contract";
import type { Key } from "../keys.ts";
import type { Connection } from "./connection.ts";

export type Reader = { readonly connection: Connection; readonly key: Key; isLive: boolean };

/** The readers at this process: bounded in all, and for each key. */
export function createReaders(onCount: (open: number) => void) {
  const open = new Set<Reader>();
  const ofKey = new Map<string, number>();
  const count = (keyId: string, more: number): void => {
    const now = (ofKey.get(keyId) ?? 0) + more;
    if (now === 0) ofKey.delete(keyId);
    else ofKey.set(keyId, now);
    onCount(open.size);
  };
  return {
    all: (): Reader[] => [...open],
    keyIds: (): string[] => [...ofKey.keys()],
    hasRoom(key: Key): Result<null, "streams_too_many"> {
      const most = key.kind === "public" ? limits.streamsPerPublicKeyMax : limits.streamsPerSecretKeyMax;
      const isFull = open.size >= limits.streamsMax || (ofKey.get(key.id) ?? 0) >= most;
      return isFull ? refuse("streams_too_many") : { ok: true, value: null };
    },
    /** Takes a reader in until its connection closes. */
    take(connection: Connection, key: Key): Reader {
      const reader: Reader = { connection, key, isLive: false };
      open.add(reader);
      count(key.id, 1);
      connection.onClose(() => {
        open.delete(reader);
        count(key.id, -1);
      });
      return reader;
    },
  };
}
