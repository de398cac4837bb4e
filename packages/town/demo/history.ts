import { dayMs, limits, secondMs } from "@trato/base";
import type { Life } from "../homes/life.ts";
import { byTime, liveUntil } from "../town.ts";
import type { WireEvent } from "../visits/scribe.ts";
import { inLanes, type Stage, send } from "./stage.ts";
import { grouped } from "./ticker.ts";

/** Events of a household go through one lane, so that they arrive in the sequence they happened. */
const stepMs = 2 * dayMs;

/** Sends what the households did from `fromMs` until `untilMs`, as fast as the hub takes it. Stops at the signal. */
export async function replayHistory(stage: Stage, span: { fromMs: number; untilMs: number }): Promise<void> {
  const { town, signal } = stage;
  const lanes: Life[][] = Array.from({ length: limits.townLanes }, () => []);
  for (const [place, life] of town.lives.entries()) lanes[place % lanes.length]!.push(life);
  const progress = createProgress(stage, span);
  await inLanes(lanes, lanes.length, async (lives) => {
    let waiting: WireEvent[] = [];
    let sentMs = span.fromMs;
    for (let atMs = span.fromMs; atMs < span.untilMs && !signal.aborted; ) {
      atMs = Math.min(span.untilMs, atMs + stepMs);
      waiting.push(...lives.flatMap((life) => [...liveUntil(town, life, atMs).events]).sort(byTime));
      if (waiting.length < limits.townBatchEvents && atMs < span.untilMs) continue;
      await sendAll(stage, waiting);
      waiting = [];
      progress((atMs - sentMs) / lanes.length);
      sentMs = atMs;
    }
  });
}

async function sendAll(stage: Stage, events: readonly WireEvent[]): Promise<void> {
  for (let from = 0; from < events.length && !stage.signal.aborted; from += limits.townBatchEvents) {
    await send(stage, events.slice(from, from + limits.townBatchEvents));
  }
}

/** Says at every fifth of the way how far it is; speeds are of real time. */
function createProgress(stage: Stage, { fromMs, untilMs }: { fromMs: number; untilMs: number }) {
  const { ticker, words, result, clock, speed, town } = stage;
  const startMs = clock.nowMs();
  const days = Math.round((untilMs - fromMs) / dayMs);
  let doneMs = 0;
  let fifths = 0;
  return (ms: number): void => {
    doneMs += ms;
    const share = doneMs / (untilMs - fromMs);
    if (Math.floor(share * 5 + 1e-9) <= fifths) return;
    fifths = Math.floor(share * 5 + 1e-9);
    const seconds = (clock.nowMs() - startMs) / speed / secondMs;
    const rate = grouped(result.events.accepted / Math.max(0.1, seconds));
    ticker.say(
      `${words.history}: ${days} ${words.days}, ${town.lives.length} ${words.households}, ` +
        `${Math.round(share * 100)} %, ${grouped(result.events.accepted)} ${words.events} (${rate} ${words.perSecond})`,
      "dim",
    );
  };
}

/** Sends what the households did while the hub read and learned: its clock ran on. */
export async function catchUp(stage: Stage, untilMs: number): Promise<void> {
  const { town } = stage;
  await sendAll(stage, town.lives.flatMap((life) => [...liveUntil(town, life, untilMs).events]).sort(byTime));
}
