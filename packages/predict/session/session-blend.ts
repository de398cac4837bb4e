import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { addTrails, partFiller, type SessionWeights, sessionParts, type TwoTrails } from "./blend-parts.ts";
import { type ClickRing, clickRingFromBytes } from "./click-ring.ts";
import { type DecaySettings, decayNumbers } from "./decay-knn.ts";
import { addSessions, predictorOf, type RingOptions, ringFor, type SessionModel } from "./model.ts";
import { type Sessions, sessionsBetween } from "./sessions.ts";
import type { Tally } from "./tally.ts";
import { trailsFromBytes, trailsOf } from "./trails.ts";
import { tuneSessionWeights } from "./tune.ts";

/** A session model with its weights, and the parts of a score. */
export type SessionBlend = SessionModel & {
  readonly weights: SessionWeights;
  /** Writes the parts of one item's score in the sequence of `sessionParts`; their sum is what it is ranked by. */
  readonly parts: (item: number, recent: ArrayLike<number>, outParts: Float64Array, session?: number) => void;
};

export type SessionBlendOptions = RingOptions &
  Partial<DecaySettings> & {
    /** Weights that stay as given; default: chosen on the last of the sessions. */
    readonly weights?: SessionWeights;
    /** Which share of the sessions, the last, chooses the weights; default 0.04. */
    readonly validationShare?: number;
    /** How many neighbours an item keeps in each of the two graphs; default 32. */
    readonly trailWidth?: number;
  };

/** Found on the last sessions of Diginetica; kept when there are too few to choose by. */
export const sessionWeights: SessionWeights = {
  alike: 0.27,
  next: 0.05,
  near: 0.03,
  walk: 0.3,
  last: 0.03,
  again: 0.1,
};

const magic = "TrSessBl";
const version = 1;

/**
 * Sessions like this one, what is clicked near its last items, and what is near to that, and the session's own
 * items again: each a share of one, added up with weights that rank the last sessions best.
 *
 * The head of the sessions is learnt, the weights are chosen on the tail, and the tail is then added as any
 * click would be. Cost: a tenth of a millisecond a prediction, some microseconds a click. Sources: Garg et al.
 * (STAN), SIGIR 2019; Choi et al., "S-Walk: accurate and scalable session-based recommendation with random
 * walks", WSDM 2022; Ren et al., "RepeatNet", AAAI 2019, for the repeats. Not for items nobody has clicked yet.
 */
export function fitSessionBlend(sessions: Sessions, options: SessionBlendOptions = {}): SessionBlend {
  const ring = ringFor(sessions, options);
  const width = options.trailWidth ?? 32;
  const trails = { next: trailsOf(ring.itemCount, width), near: trailsOf(ring.itemCount, width) };
  const add = (session: number, item: number) => addTrails(ring, trails, ring.add(session, item));
  const numbers = decayNumbers(options);
  const lastAgain = options.lastAgain ?? false;

  const count = sessions.sessionStart.length - 1;
  const share = options.validationShare ?? 0.04;
  assert(share >= 0 && share < 1, "validationShare is a share below 1");
  const from = options.weights === undefined ? count - Math.floor(count * share) : count;
  addSessions(sessionsBetween(sessions, 0, from), add);
  const tail = sessionsBetween(sessions, from, count);
  const start = options.weights ?? sessionWeights;
  const weights = tuneSessionWeights({ filler: partFiller(ring, trails, numbers), tail, start, lastAgain });
  addSessions(tail, (session, item) => add(session - from, item));
  return blendOn({ ring, trails, numbers, weights, lastAgain });
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function sessionBlendFromBytes(bytes: Uint8Array): SessionBlend {
  const [weights, numbers, ring, next, near, ...rest] = readArrays(magic, version, bytes);
  assert(
    weights instanceof Float64Array && weights.length === sessionParts.length + 1,
    "a blend has its weights",
  );
  assert(numbers instanceof Float64Array && numbers.length === 7, "a blend has the settings of decay-kNN");
  assert(ring instanceof Uint8Array && next instanceof Uint8Array, "a blend holds a ring and two graphs");
  assert(near instanceof Uint8Array && rest.length === 0, "a blend holds a ring and two graphs");
  return blendOn({
    ring: clickRingFromBytes(ring),
    trails: { next: trailsFromBytes(next), near: trailsFromBytes(near) },
    numbers: Array.from(numbers),
    weights: sessionWeightsFrom(weights),
    lastAgain: weights[sessionParts.length] === 1,
  });
}

/** Weights in the sequence of `sessionParts`, with their names. */
function sessionWeightsFrom(numbers: ArrayLike<number>): SessionWeights {
  const named = sessionParts.map((part, i) => [part, numbers[i]!]);
  return Object.fromEntries(named) as SessionWeights;
}

function blendOn(given: {
  ring: ClickRing;
  trails: TwoTrails;
  numbers: readonly number[];
  weights: SessionWeights;
  lastAgain: boolean;
}): SessionBlend {
  const { ring, trails, numbers, weights, lastAgain } = given;
  assert(trails.next.itemCount === ring.itemCount, "ring and graphs are of the same items");
  assert(trails.near.itemCount === ring.itemCount, "ring and graphs are of the same items");
  const filler = partFiller(ring, trails, numbers);
  const weightOf = sessionParts.map((part) => weights[part]);
  const score = (recent: ArrayLike<number>, out: Tally, leftOut: number) => {
    filler.fill(recent, leftOut);
    for (const [part, tally] of filler.tallies.entries()) {
      const weight = weightOf[part]! * filler.shares[part]!;
      for (let at = 0; at < tally.count(); at++) {
        const item = tally.touched[at]!;
        out.add(item, weight * tally.values[item]!);
      }
    }
  };
  return {
    itemCount: ring.itemCount,
    weights,
    add: (session, item) => addTrails(ring, trails, ring.add(session, item)),
    predict: predictorOf(ring, score, lastAgain),
    parts(item, recent, outParts, session) {
      assert(recent.length > 0, "the parts are of a session that clicked something");
      filler.fill(recent, session === undefined ? -1 : ring.firstOfSession(session));
      for (const [part, tally] of filler.tallies.entries()) {
        outParts[part] = weightOf[part]! * filler.shares[part]! * tally.values[item]!;
      }
    },
    toBytes() {
      const head = Float64Array.from([...weightOf, lastAgain ? 1 : 0]);
      const inner = [ring.toBytes(), trails.next.toBytes(), trails.near.toBytes()];
      return writeArrays(magic, version, [head, Float64Array.from(numbers), ...inner]);
    },
  };
}
