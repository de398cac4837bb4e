import type { ClickRing } from "./click-ring.ts";
import { lnCount } from "./ln-count.ts";
import { fitOnRing, type RingModel, type RingOptions, ringModelFromBytes } from "./model.ts";
import { type NeighbourOptions, sessionNeighbours } from "./neighbours.ts";
import type { Sessions } from "./sessions.ts";
import type { Tally } from "./tally.ts";

/** Defaults are those tuned by its authors on bol.com's clicks: 4 items, 1,502 sessions, 288 neighbours. */
export type VmisOptions = RingOptions & Partial<NeighbourOptions>;

const magic = "TrVmisKn";
const defaults: NeighbourOptions = { itemsMax: 4, sessionsMax: 1_502, neighboursMax: 288 };
/** A session whose latest shared item is so many clicks back says nothing any more. */
const stepsMax = 10;

/**
 * What sessions like this one clicked: the latest sessions that share an item, weighed by how lately the
 * current one saw what they share, vote for all their items, rare ones louder.
 *
 * Cost: some tens of microseconds a prediction, less than one a click added. Source: Kersbergen, Sprangers,
 * Schelter, "Serenade: low-latency session-based recommendation", SIGMOD 2022. Not where the next click is
 * often one of this session again: see `fitSessionBlend`.
 */
export function fitVmisKnn(sessions: Sessions, options: VmisOptions = {}): RingModel {
  const { itemsMax, sessionsMax, neighboursMax } = { ...defaults, ...options };
  return fitOnRing(magic, sessions, options, [itemsMax, sessionsMax, neighboursMax], scorer);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function vmisKnnFromBytes(bytes: Uint8Array): RingModel {
  return ringModelFromBytes(magic, bytes, 3, scorer);
}

function scorer(ring: ClickRing, settings: readonly number[]) {
  const [itemsMax, sessionsMax, neighboursMax] = settings as [number, number, number];
  const weightOf = (stepsBack: number, recent: ArrayLike<number>) => recent.length - stepsBack;
  const found = sessionNeighbours(ring, { itemsMax, sessionsMax, neighboursMax }, weightOf);
  const { sessionsOf, itemOf, earlierInSession, lastOf } = ring;
  const markOf = new Int32Array(ring.itemCount);
  let mark = 0;
  return (recent: ArrayLike<number>, out: Tally, leftOut: number): void => {
    found.find(recent, leftOut);
    const lnSessions = lnCount(ring.sessions());
    for (let at = 0; at < found.count(); at++) {
      const first = found.firsts[at]!;
      const steps = found.stepsBackOf[first]! + 1;
      if (steps >= stepsMax) continue;
      const weight = found.similarityOf[first]! * (1 - steps / stepsMax);
      mark++;
      for (let cell = lastOf[first]!; ; cell = earlierInSession[cell]!) {
        const item = itemOf[cell]!;
        if (markOf[item] !== mark) out.add(item, weight * (lnSessions - lnCount(sessionsOf[item]!)));
        markOf[item] = mark;
        if (cell === first) break;
      }
    }
  };
}
