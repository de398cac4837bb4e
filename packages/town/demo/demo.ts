import { setTimeout as delay } from "node:timers/promises";
import { assert, type Clock, chance, dayMs, hash32, limits, minuteMs, secondMs } from "@trato/base";
import { instant } from "../calendar.ts";
import { brokenEvent } from "../mishaps.ts";
import { createTown } from "../town.ts";
import { createApi } from "./api.ts";
import { sayCommands, sayFigures } from "./closing.ts";
import { catchUp, replayHistory } from "./history.ts";
import { liveOn } from "./live.ts";
import { type DemoResult, startResult } from "./result.ts";
import { fillShop } from "./setup.ts";
import { type Stage, sendAsIs } from "./stage.ts";
import { createTicker } from "./ticker.ts";
import { trainModels } from "./training.ts";
import { createWho } from "./who.ts";
import { type Language, wording } from "./wording.ts";

export type DemoOptions = {
  /** Where the hub answers, and a key with every scope. */
  readonly url: string;
  readonly key: string;
  /** The hub's own clock. */
  readonly clock: Clock;
  /** How many times faster than real time that clock runs: 3600 makes an hour of a second. */
  readonly speed: number;
  readonly seed: number;
  readonly households: number;
  readonly historyDays: number;
  /** How many real seconds to live on after the history; until the signal when left out. */
  readonly seconds?: number | undefined;
  readonly language: Language;
  readonly print: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** What the command line is called in the commands to try. */
  readonly command?: string | undefined;
};

/** Visits last some minutes; nothing of the history may lie in the hub's future. */
const edgeMs = 30 * minuteMs;

/**
 * Fills a hub with a town and lets it live: items and offers, the past as fast as the hub takes it, a training, then
 * visits, decisions and moments at the clock's pace. Prints what happens, and what to try. Speaks only the public API.
 * Throws when the hub cannot be reached or refuses what it should take.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { clock, speed, seed, households, historyDays } = options;
  assert(speed > 0, "time passes");
  assert(historyDays >= 1 && historyDays <= limits.townHistoryDaysMax, "the history has a sensible length");
  const fromMs = clock.nowMs() - edgeMs - historyDays * dayMs;
  const stage = setStage(options, createTown({ seed, households, fromMs }));
  const { ticker, words, result } = stage;

  await fillShop(stage);
  await replayHistory(stage, { fromMs, untilMs: clock.nowMs() - edgeMs });
  if (!stage.signal.aborted) await trainModels(stage);
  await catchUp(stage, clock.nowMs() - edgeMs);

  ticker.say("");
  ticker.say(`${words.live} ${Math.round(speed / 360) / 10} h`, "bold");
  ticker.say(`${words.reference}: ${options.url}/reference`);
  await breakSomething(stage);
  const overMs = clock.nowMs() + (options.seconds ?? Number.POSITIVE_INFINITY) * secondMs * speed;
  const tellCommands = () =>
    sayCommands(stage, { key: options.key, command: options.command ?? "npx trato" });
  // Who watches without an end has the commands while there still is a hub to try them on.
  let isTold = options.seconds !== undefined;
  const onStatus = (): void => {
    if (isTold || result.example === null) return;
    isTold = true;
    tellCommands();
  };
  await liveOn(stage, { isOver: () => clock.nowMs() >= overMs, onStatus });
  await sayFigures(stage);
  tellCommands();
  return result;
}

function setStage(options: DemoOptions, town: ReturnType<typeof createTown>): Stage {
  const { url, key, clock, speed, language, print } = options;
  const signal = options.signal ?? new AbortController().signal;
  const api = createApi({ url, key });
  return {
    api,
    clock,
    speed,
    town,
    who: createWho(town, api),
    ticker: createTicker({ print, clock, speed, language }),
    words: wording[language],
    language,
    result: startResult(),
    luck: chance(hash32(`${town.seed}/mishaps`)),
    signal,
    pause: (ms) => delay(ms, undefined, { signal }).catch(() => undefined),
  };
}

/** One till that sends what nobody can read: it is put aside, and holds nothing up. */
async function breakSomething(stage: Stage): Promise<void> {
  const { town, clock, ticker, words, luck } = stage;
  const nowMs = clock.nowMs();
  const like = { id: `${town.tag}-${nowMs}`, type: "item.viewed", time: instant(nowMs), data: {} };
  const { quarantined } = await sendAsIs(stage, [brokenEvent(luck, like)]);
  ticker.happened("aside", nowMs, `${quarantined} ${words.aside}`);
}
