/** Wall-clock time in milliseconds since 1970 UTC, from the clock that browsers and Node share. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
