import { type Clock, limits } from "@trato/base";
import type { Log } from "../platform/index.ts";
import { findInScores } from "./jobs/in-scores.ts";
import { findLeftCarts } from "./jobs/left-carts.ts";
import { findRunningOut } from "./jobs/running-out.ts";
import type { MomentNeeds } from "./needs.ts";

export type MomentWatcher = {
  start(): void;
  /** Stops after the work at hand; resolves when nothing runs any more. */
  stop(): Promise<void>;
  /** One round of all, now; for tests that move the clock. What is null was not due. */
  tick(): Promise<{ cartsLeft: number; runsOut: number | null; inScores: number | null }>;
};

/**
 * Watches for moments twice a second. Any number of hubs may watch at once: they share the work. Looking through all
 * profiles for what runs out has a loop of its own, so that left carts never wait for it.
 */
export function createMomentWatcher(given: {
  readonly needs: MomentNeeds;
  readonly clock: Clock;
  readonly log: Log;
}): MomentWatcher {
  const { needs, clock, log } = given;
  let stopping = false;

  const lookAtCarts = async (): Promise<number> => {
    let found = 0;
    for (let round = 0; round < limits.momentWakeRoundsPerTickMax && !stopping; round++) {
      const done = await findLeftCarts(needs, clock.nowMs());
      found += done.found;
      if (done.looked < limits.momentProfilesPerTransactionMax) break;
    }
    return found;
  };
  // One scan at a time: whoever asks for a round while one is under way hears when that is done as well.
  let scanning: Promise<unknown> = Promise.resolve();
  const lookForRunningOut = (): Promise<number | null> => {
    const next = scanning.then(() => findRunningOut(needs, clock.nowMs(), () => stopping));
    scanning = next.catch(() => undefined);
    return next;
  };
  const lookAtScores = (): Promise<number | null> => findInScores(needs, clock.nowMs(), () => stopping);
  const loops = [
    loop("left carts", lookAtCarts, log),
    loop("running out", lookForRunningOut, log),
    loop("in scores", lookAtScores, log),
  ];
  return {
    start: () => {
      for (const one of loops) one.start();
    },
    async stop() {
      stopping = true;
      await Promise.all(loops.map((one) => one.stop()));
    },
    tick: async () => ({
      cartsLeft: await lookAtCarts(),
      runsOut: await lookForRunningOut(),
      inScores: await lookAtScores(),
    }),
  };
}

/** Does the work again and again, a pause between; what fails is logged and tried again. */
function loop(name: string, work: () => Promise<number | null>, log: Log) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const once = async (): Promise<void> => {
    try {
      const found = await work();
      if (found !== null && found > 0) log.debug({ found, looked: name }, "moments were found");
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      log.warn({ cause: message, looked: name }, "looking for moments failed; it is tried again");
    }
    schedule();
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = once();
    }, limits.momentTickMs);
    timer.unref();
  };
  return {
    start: schedule,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
