import type { PersonId } from "@trato/base";
import type { Queries } from "../platform/index.ts";
import { findKnown, type Known } from "./identity-store.ts";
import type { KeyedIdentity } from "./keyed.ts";

/**
 * Where identities lead, remembered from earlier transactions. It may be out of date: whoever uses an answer locks
 * the person and checks that it still stands for the home, and on a mismatch forgets and asks again.
 *
 * Two generations of at most `generationMax` entries each: when the young one is full the old one is dropped.
 */
export type IdentityCache = {
  /**
   * Looks them up. Only with `remember` is what the database says kept for later: a transaction that has written
   * already sees what may yet be undone.
   */
  find(
    queries: Queries,
    identities: readonly KeyedIdentity[],
    how: { readonly remember: boolean },
  ): Promise<Map<string, Known>>;
  /** Forgets all when people were erased since: their identities lead nowhere now. */
  trust(erasures: string): void;
  /** Remembers what a transaction has written, once it is committed: events may be left waiting at these homes. */
  learn(found: ReadonlyMap<string, Known>): void;
  forget(identities: readonly KeyedIdentity[]): void;
};

export function createIdentityCache(generationMax: number): IdentityCache {
  // Hardly anybody is merged: one text stands for both then, and the collector has half as much to look through.
  type Kept = PersonId | Known;
  let young = new Map<string, Kept>();
  let old = new Map<string, Kept>();
  let trustedAt = "";
  const put = (key: string, known: Kept): void => {
    if (young.size >= generationMax) {
      old = young;
      young = new Map();
    }
    young.set(key, known);
  };
  const get = (key: string): Known | undefined => {
    let kept = young.get(key);
    if (kept === undefined) {
      kept = old.get(key);
      if (kept !== undefined) put(key, kept);
    }
    return typeof kept === "string" ? { home: kept, person: kept } : kept;
  };
  const keep = (key: string, known: Known): void =>
    put(key, known.home === known.person ? known.home : known);
  return {
    async find(queries, identities, { remember }) {
      const found = new Map<string, Known>();
      const missing: KeyedIdentity[] = [];
      for (const identity of identities) {
        const known = get(identity.key);
        if (known === undefined) missing.push(identity);
        else found.set(identity.key, known);
      }
      for (const [key, known] of await findKnown(queries, missing)) {
        if (remember) keep(key, known);
        found.set(key, known);
      }
      return found;
    },
    trust(erasures) {
      if (erasures === trustedAt) return;
      young = new Map();
      old = new Map();
      trustedAt = erasures;
    },
    learn(found) {
      for (const [key, known] of found) keep(key, known);
    },
    forget(identities) {
      for (const { key } of identities) {
        young.delete(key);
        old.delete(key);
      }
    },
  };
}
