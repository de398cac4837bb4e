import { assert } from "@trato/base";
import type { ClickRing } from "./click-ring.ts";
import { lnCount } from "./ln-count.ts";
import { fitOnRing, type RingModel, type RingOptions, ringModelFromBytes } from "./model.ts";
import { type NeighbourOptions, sessionNeighbours } from "./neighbours.ts";
import type { Sessions } from "./sessions.ts";
import type { Tally } from "./tally.ts";

/** Decays are in clicks: what is so many clicks away counts 1/e. */
export type DecaySettings = NeighbourOptions & {
  /** Of an item of the current session, by how long ago it was clicked; default 3. */
  readonly itemDecay: number;
  /** Of a neighbour, by how long ago the current session clicked the latest item they share; default 3. */
  readonly matchDecay: number;
  /** Of a neighbour's click, by how far it is from that item; default 6. */
  readonly placeDecay: number;
  /** How much more a rare item's click counts: times 1 + rarity × ln(sessions / sessions with it); default 1. */
  readonly rarity: number;
};
export type DecayOptions = RingOptions & Partial<DecaySettings>;

const magic = "TrDecayK";
/** The sizes: better and in six tenths of the time of 10, 500 and 500 on the last sessions of Yoochoose and Diginetica. */
export const decayDefaults: DecaySettings = {
  itemsMax: 5,
  sessionsMax: 300,
  neighboursMax: 100,
  itemDecay: 3,
  matchDecay: 3,
  placeDecay: 6,
  rarity: 1,
};
const names = Object.keys(decayDefaults) as (keyof DecaySettings)[];

/**
 * What sessions like this one clicked next to what they share with it: neighbours are weighed by how lately
 * their shared items were clicked here, and their clicks by how near they stand to the latest shared one.
 *
 * Cost: some tens of microseconds a prediction, less than one a click added. Source: Garg et al., "Sequence
 * and time aware neighborhood for session-based recommendations" (STAN), SIGIR 2019, without clock time. Not
 * for a first click on something new: no session shares it.
 */
export function fitDecayKnn(sessions: Sessions, options: DecayOptions = {}): RingModel {
  return fitOnRing(magic, sessions, options, decayNumbers(options), decayScorer);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function decayKnnFromBytes(bytes: Uint8Array): RingModel {
  return ringModelFromBytes(magic, bytes, names.length, decayScorer);
}

/** The settings as numbers, for bytes; throws when a decay is below 0.2 or a size below 1. */
export function decayNumbers(options: Partial<DecaySettings>): number[] {
  const settings = { ...decayDefaults, ...options };
  assert(settings.rarity >= 0, "rarity is not negative");
  for (const name of ["itemDecay", "matchDecay", "placeDecay"] as const) {
    assert(settings[name] >= 0.2, `${name} is 0.2 or more`);
  }
  return names.map((name) => settings[name]);
}

/** Adds to the tally what the neighbours of the current session clicked. */
export function decayScorer(ring: ClickRing, numbers: readonly number[]) {
  const settings = Object.fromEntries(names.map((name, i) => [name, numbers[i]!])) as DecaySettings;
  const itemWeights = decayTable(settings.itemDecay, ring.clicksMax);
  const matchWeights = decayTable(settings.matchDecay, ring.clicksMax);
  const placeWeights = decayTable(settings.placeDecay, ring.clicksMax);
  const found = sessionNeighbours(ring, settings, (stepsBack) => itemWeights[stepsBack] ?? 0);
  const { sessionsOf, itemOf, earlierInSession, lastOf, placeOf } = ring;
  const { rarity } = settings;
  return (recent: ArrayLike<number>, out: Tally, leftOut: number): void => {
    found.find(recent, leftOut);
    const lnSessions = lnCount(ring.sessions());
    for (let at = 0; at < found.count(); at++) {
      const first = found.firsts[at]!;
      const last = lastOf[first]!;
      const match = placeOf[found.matchOf[first]!]!;
      let place = placeOf[last]!;
      const like = found.similarityOf[first]! / Math.sqrt(place + 1);
      const weight = like * matchWeights[found.stepsBackOf[first]!]!;
      // A session's clicks stand at places one after the other, so only the chain itself is read.
      for (let cell = last; ; cell = earlierInSession[cell]!, place--) {
        out.add(itemOf[cell]!, weight * placeWeights[Math.abs(place - match)]!);
        if (cell === first) break;
      }
    }
    // How rare an item is counts for all its clicks alike.
    for (let at = 0; at < out.count(); at++) {
      const item = out.touched[at]!;
      out.values[item]! *= 1 + rarity * (lnSessions - lnCount(sessionsOf[item]!));
    }
  };
}

function decayTable(decay: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, steps) => Math.exp(-steps / decay));
}
