/** Wall-clock time in milliseconds since 1970 UTC. Time is an argument, so that a test can move it. */
export type Clock = { nowMs(): number };

export const systemClock: Clock = { nowMs: () => Date.now() };

/** A clock that stands still until it is told to move. */
export function fakeClock(startMs: number): Clock & { advance(ms: number): void; set(ms: number): void } {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    set: (ms) => {
      nowMs = ms;
    },
  };
}

/** A clock that starts at `startMs` and runs `speed` times as fast as `under`. */
export function fastClock(startMs: number, speed: number, under: Clock = systemClock): Clock {
  const bornMs = under.nowMs();
  return { nowMs: () => Math.floor(startMs + (under.nowMs() - bornMs) * speed) };
}

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
