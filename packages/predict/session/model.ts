import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { topOf } from "../arrays/top.ts";
import { type ClickRing, clickRing, clickRingFromBytes } from "./click-ring.ts";
import { checkSessions, type Sessions } from "./sessions.ts";
import { type Tally, tallyOf } from "./tally.ts";

/** What somebody clicks next, from what they clicked just now and what everybody clicked until this moment. */
export type SessionModel = {
  readonly itemCount: number;
  /**
   * Adds a click of the caller's session (a number from 0); the very next prediction knows it. Throws on an
   * unknown item.
   */
  readonly add: (session: number, item: number) => void;
  /**
   * Writes the likeliest next items, best first, at most as many as fit into `outItems`, and returns how many.
   * `recent` lists this session's items, oldest first; `session` is its number when its clicks were added.
   * Without anything to go by it answers what most sessions saw.
   */
  readonly predict: (recent: ArrayLike<number>, outItems: Int32Array, session?: number) => number;
  readonly toBytes: () => Uint8Array;
};

/** A model that is nothing but its ring of clicks and some settings. */
export type RingModel = SessionModel;

export type RingOptions = {
  /** How many clicks are kept, the latest; default: as many as are given, at least 100,000. */
  readonly clicksKept?: number;
  /** A session goes on as a new one after so many clicks; default 50. */
  readonly clicksPerSessionMax?: number;
  /** Whether the item just clicked may be answered; default false: the shopper is looking at it. */
  readonly lastAgain?: boolean;
};

/** Adds to the tally; `leftOut` is the first cell of the session itself, -1 when it was not added. */
export type SessionScorer = (recent: ArrayLike<number>, out: Tally, leftOut: number) => void;
export type MakeScorer = (ring: ClickRing, settings: readonly number[]) => SessionScorer;

const version = 1;

/** An empty ring as the options say. */
export function ringFor(sessions: Sessions, options: RingOptions): ClickRing {
  checkSessions(sessions);
  return clickRing({
    itemCount: sessions.itemCount,
    capacity: options.clicksKept ?? Math.max(100_000, sessions.itemOf.length),
    clicksMax: options.clicksPerSessionMax ?? 50,
  });
}

/** Calls `add` for every click; sessions learnt from are closed, so they get numbers below 0. */
export function addSessions(sessions: Sessions, add: (session: number, item: number) => void): void {
  const { sessionStart, itemOf } = sessions;
  for (let s = 0; s + 1 < sessionStart.length; s++) {
    for (let at = sessionStart[s]!; at < sessionStart[s + 1]!; at++) add(-1 - s, itemOf[at]!);
  }
}

/** Fits a model that is its ring. Cost: one pass. */
export function fitOnRing(
  magic: string,
  sessions: Sessions,
  options: RingOptions,
  settings: readonly number[],
  make: MakeScorer,
): RingModel {
  const ring = ringFor(sessions, options);
  addSessions(sessions, ring.add);
  return ringModel(magic, ring, [options.lastAgain === true ? 1 : 0, ...settings], make);
}

/** Reads a model of so many settings; throws a plain sentence on anything else. */
export function ringModelFromBytes(
  magic: string,
  bytes: Uint8Array,
  settingCount: number,
  make: MakeScorer,
): RingModel {
  const [settings, ring, ...rest] = readArrays(magic, version, bytes);
  assert(
    settings instanceof Float64Array && settings.length === settingCount + 1,
    "a model has its settings",
  );
  assert(ring instanceof Uint8Array && rest.length === 0, "a model holds one ring");
  return ringModel(magic, clickRingFromBytes(ring), Array.from(settings), make);
}

function ringModel(magic: string, ring: ClickRing, settings: readonly number[], make: MakeScorer): RingModel {
  const score = make(ring, settings.slice(1));
  return {
    itemCount: ring.itemCount,
    add: ring.add,
    predict: predictorOf(ring, score, settings[0] === 1),
    toBytes: () => writeArrays(magic, version, [Float64Array.from(settings), ring.toBytes()]),
  };
}

/** The `predict` of a scorer: checks, scores, ranks; equal scores by ascending item. */
export function predictorOf(
  ring: ClickRing,
  score: SessionScorer,
  lastAgain: boolean,
): SessionModel["predict"] {
  const out = tallyOf(ring.itemCount);
  let best = topOf(20);
  let bestSize = 20;
  return (recent, outItems, session) => {
    for (let at = 0; at < recent.length; at++) {
      const item = recent[at]!;
      assert(item >= 0 && item < ring.itemCount, `an item is below ${ring.itemCount}`);
    }
    if (outItems.length !== bestSize) {
      bestSize = outItems.length;
      best = topOf(bestSize);
    }
    out.clear();
    if (recent.length > 0) score(recent, out, session === undefined ? -1 : ring.firstOfSession(session));
    const left = lastAgain || recent.length === 0 ? -1 : recent[recent.length - 1]!;
    for (let at = 0; at < out.count(); at++) {
      const item = out.touched[at]!;
      if (item !== left) best.offer(item, out.values[item]!);
    }
    const count = best.take(outItems);
    if (count > 0) return count;
    for (let item = 0; item < ring.itemCount; item++) {
      if (item !== left && ring.sessionsOf[item]! > 0) best.offer(item, ring.sessionsOf[item]!);
    }
    return best.take(outItems);
  };
}
