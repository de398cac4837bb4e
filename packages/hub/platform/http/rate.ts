/** A bucket of tokens per key: `perSecond` flow in, a second's worth may be saved up, each request takes one. */
export function createRateLimit(perSecond: number, monotonicMs: () => number): (keyId: string) => boolean {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (keyId) => {
    const now = monotonicMs();
    let held = buckets.get(keyId);
    if (held === undefined) {
      if (buckets.size > 10_000) buckets.clear();
      held = { tokens: perSecond, atMs: now };
      buckets.set(keyId, held);
    }
    held.tokens = Math.min(perSecond, held.tokens + ((now - held.atMs) / 1_000) * perSecond);
    held.atMs = now;
    if (held.tokens < 1) return false;
    held.tokens -= 1;
    return true;
  };
}
