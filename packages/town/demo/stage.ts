import type { Chance, Clock } from "@trato/base";
import { type DecisionAnswer, makeDecision, postEvents, type TakenAnswer } from "@trato/contract";
import { withMishaps } from "../mishaps.ts";
import type { Town } from "../town.ts";
import type { WireEvent } from "../visits/scribe.ts";
import type { Shown } from "../visits/shown.ts";
import type { Api } from "./api.ts";
import { addTaken, type DemoResult } from "./result.ts";
import type { Ticker } from "./ticker.ts";
import type { Who } from "./who.ts";
import type { Language, Wording } from "./wording.ts";

/** What every part of a demonstration works with. */
export type Stage = {
  readonly api: Api;
  readonly clock: Clock;
  /** How many times faster than real time the clock runs. */
  readonly speed: number;
  readonly town: Town;
  readonly who: Who;
  readonly ticker: Ticker;
  readonly words: Wording;
  readonly language: Language;
  readonly result: DemoResult;
  /** For what senders do wrong. */
  readonly luck: Chance;
  readonly signal: AbortSignal;
  /** Waits so many real milliseconds, or until the signal. */
  pause(ms: number): Promise<void>;
};

/** Sends events as senders do, some of them twice and few that cannot be read, and counts what became of them. */
export function send(stage: Stage, events: readonly WireEvent[]): Promise<TakenAnswer> {
  return sendAsIs(stage, withMishaps(stage.luck, events));
}

const nothingTaken: TakenAnswer = {
  success: true,
  accepted: 0,
  applied: 0,
  repeat: 0,
  quarantined: 0,
  erased: 0,
};

/** Sends exactly these events; `events` need not be readable. */
export async function sendAsIs(stage: Stage, events: readonly object[]): Promise<TakenAnswer> {
  if (events.length === 0) return nothingTaken;
  const body = { events: events as WireEvent[] } as unknown as Sending;
  const taken = await stage.api.call(postEvents, { body });
  addTaken(stage.result.events, taken);
  return taken;
}

/** Sends events, and tells when one was put aside or known already. */
export async function sendLive(stage: Stage, events: readonly WireEvent[]): Promise<void> {
  const { quarantined, repeat } = await send(stage, events);
  const { ticker, clock, words } = stage;
  if (quarantined > 0) ticker.happened("aside", clock.nowMs(), `${quarantined} ${words.aside}`);
  if (repeat > 0) ticker.happened("visit", clock.nowMs(), `${repeat} ${words.repeated}`);
}

type Sending = NonNullable<(typeof postEvents)["example"]["body"]>;
type Asking = NonNullable<(typeof makeDecision)["example"]["body"]>;

/** Asks for a decision and counts it; the things shown come back with what it was based on. */
export async function decide(
  stage: Stage,
  asking: Asking,
): Promise<{ readonly answer: DecisionAnswer; readonly shown: readonly Shown[] }> {
  const answer = await stage.api.call(makeDecision, { body: asking });
  const { result } = stage;
  result.decisions[answer.basis] += 1;
  if (answer.items.length === 0) result.quiet += 1;
  const shown = answer.items.map(({ rank, key, sku, offerId }) => ({
    decisionId: answer.decisionId,
    placement: answer.placement,
    basis: answer.basis,
    rank,
    key,
    ...(sku === undefined ? {} : { sku }),
    ...(offerId === undefined ? {} : { offerId }),
  }));
  return { answer, shown };
}

/** Does the work in so many lanes at once; each lane takes the next when it is done. Throws the first failure. */
export async function inLanes<One>(
  all: readonly One[],
  lanes: number,
  work: (one: One) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < all.length) await work(all[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, all.length) }, lane));
}

const failuresMax = 25;

/** One call that fails is told and counted, and the town lives on; when many do, the demonstration is over. */
export async function guard(stage: Stage, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    stage.result.failures += 1;
    if (stage.result.failures > failuresMax) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    stage.ticker.happened("aside", stage.clock.nowMs(), `${stage.words.failed}: ${message}`);
  }
}
