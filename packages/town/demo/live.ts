import { limits, minuteMs } from "@trato/base";
import type { Life } from "../homes/life.ts";
import { nextVisitOf } from "../visits/begin.ts";
import { takeLater } from "../visits/later.ts";
import { createMessenger } from "./messages.ts";
import { createMomentWatch } from "./moment-watch.ts";
import { createNewsletter } from "./newsletter.ts";
import { guard, inLanes, type Stage, sendLive } from "./stage.ts";
import { statusLines } from "./status.ts";
import { arrive, leave, type Underway } from "./visiting.ts";

const visitLanes = 6;
const everyMs = { visits: 40, newsletter: 200, moments: 700, status: 4_000 } as const;

/** Lives on at the clock's pace: visits, decisions, messages, moments, until `isOver` or the signal. */
export async function liveOn(
  stage: Stage,
  { isOver, onStatus }: { readonly isOver: () => boolean; readonly onStatus: () => void },
): Promise<void> {
  const { clock, ticker, result, words, signal } = stage;
  const messenger = createMessenger(stage);
  const moments = createMomentWatch(stage, messenger);
  const newsletter = createNewsletter(stage, messenger);
  const status = async (): Promise<void> => {
    await moments.countOpen();
    result.people = stage.town.lives.reduce((sum, life) => sum + life.registered.size, 0);
  };
  await loopAll(stage, () => isOver() || signal.aborted, [
    { everyMs: everyMs.visits, work: createVisits(stage) },
    { everyMs: everyMs.newsletter, work: () => newsletter.tick(clock.nowMs()) },
    {
      everyMs: everyMs.moments,
      work: async () => {
        await moments.look();
        await moments.act();
      },
    },
    {
      everyMs: everyMs.status,
      work: async () => {
        await status();
        for (const line of statusLines(result, words)) ticker.say(line, "bold");
        onStatus();
      },
    },
  ]);
  await guard(stage, status);
}

/** One round: begins and ends the visits that are due, and sends what was to come later. */
function createVisits(stage: Stage): () => Promise<void> {
  const { clock, town } = stage;
  const underway = new Map<Life, Underway>();
  const step = async (life: Life): Promise<void> => {
    const visit = underway.get(life);
    underway.delete(life);
    if (visit === undefined) underway.set(life, await arrive(stage, life));
    else await leave(stage, visit);
  };
  return async () => {
    const nowMs = clock.nowMs();
    const due = town.lives
      .filter((life) => (underway.get(life)?.endMs ?? nextVisitOf(life)) <= nowMs)
      .slice(0, limits.townVisitsPerTickMax);
    await inLanes(due, visitLanes, (life) => guard(stage, () => step(life)));
    const later = town.lives.flatMap((life) => takeLater(life, nowMs - minuteMs));
    await guard(stage, () => sendLive(stage, later));
  };
}

type Loop = { readonly everyMs: number; readonly work: () => Promise<void> };

/** Nobody waits longer than this for the end. */
const stepMs = 40;

/** Runs the loops side by side until it is over; when one throws, all end, and it is thrown on. */
async function loopAll(stage: Stage, isOver: () => boolean, loops: readonly Loop[]): Promise<void> {
  let hasFailed = false;
  const isDone = (): boolean => hasFailed || isOver();
  const run = async ({ everyMs, work }: Loop): Promise<void> => {
    try {
      while (!isDone()) {
        for (let leftMs = everyMs; leftMs > 0 && !isDone(); leftMs -= stepMs) await stage.pause(stepMs);
        if (!isDone()) await guard(stage, work);
      }
    } catch (cause) {
      hasFailed = true;
      throw cause;
    }
  };
  const ended = await Promise.allSettled(loops.map(run));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
