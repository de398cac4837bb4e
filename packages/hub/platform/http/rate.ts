/** A bucket of tokens per key: `perSecond` flow in, up to `saved` are saved up, each request takes one. */
export function createRateLimit(
  { perSecond, saved }: { readonly perSecond: number; readonly saved: number },
  monotonicMs: () => number,
): (keyId: string) => boolean {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (keyId) => {
    const now = monotonicMs();
    let held = buckets.get(keyId);
    if (held === undefined) {
      if (buckets.size > 10_000) buckets.clear();
      held = { tokens: saved, atMs: now };
      buckets.set(keyId, held);
    }
    held.tokens = Math.min(saved, held.tokens + ((now - held.atMs) / 1_000) * perSecond);
    held.atMs = now;
    if (held.tokens < 1) return false;
    held.tokens -= 1;
    return true;
  };
}
