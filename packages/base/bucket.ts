/**
 * Puts a subject in one of 10,000 buckets, for ever the same for the same salt, so that hub, SDK and
 * console agree on who is held out. FNV-1a over UTF-16 units with the murmur3 finaliser; cases in bucket.test.ts.
 */
export function bucket(salt: string, subject: string): number {
  return hash32(`${salt}/${subject}`) % bucketCount;
}

export const bucketCount = 10_000;

/** True when the subject is among the first `share` (0 to 1) of the buckets. */
export function inShare(salt: string, subject: string, share: number): boolean {
  return bucket(salt, subject) < Math.round(share * bucketCount);
}

/** 32-bit hash of a text; spreads well, keeps no secrets. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}
