import { assert, limits } from "@trato/base";
import { doubles, numbering, wholeNumbers } from "./growing.ts";
import { nothingSaid, type Said } from "./said.ts";

/** What was told of a thing that somebody owns. */
export type AssetEvent = {
  readonly personId: string;
  readonly assetId: string;
  readonly what: "registered" | "read" | "cared" | "retired";
  readonly timeMs: number;
  readonly sku: string | null;
  /** When it was bought, where that was said. */
  readonly boughtMs: number | null;
  /** What it measured of its own use: a number that grows, such as hours or cycles. */
  readonly use: number | null;
};

/**
 * Things and when they were looked after, as flat arrays in shared memory. Thing `a` is of person `personOf[a]` and was
 * cared for at `careMs[careStart[a] .. careStart[a + 1])`, ascending.
 */
export type Assets = Said & {
  readonly personOf: Int32Array;
  /** A number of `skus`, -1 when it was not said. */
  readonly skuOf: Int32Array;
  readonly startMs: Float64Array;
  /** Infinity while it is in use. */
  readonly retiredMs: Float64Array;
  /** Use a day by its own counter; NaN when it has none. */
  readonly useOf: Float64Array;
  readonly careStart: Int32Array;
  readonly careMs: Float64Array;
  readonly skus: readonly string[];
  readonly assetIds: readonly string[];
  readonly untilMs: number;
};

type Thing = {
  person: number;
  sku: number;
  startMs: number;
  retiredMs: number;
  firstUse: readonly [ms: number, use: number] | null;
  lastUse: readonly [ms: number, use: number] | null;
  readonly cares: number[];
};

/** Reads what was told of things, in any sequence. Throws above `limits.trainingAssetsMax` things. */
export async function collectAssets(
  pages: AsyncIterable<readonly AssetEvent[]>,
  signal?: AbortSignal,
): Promise<{ readonly assets: Assets; readonly personIds: readonly string[] }> {
  const [persons, skus] = [numbering(), numbering()];
  const things = new Map<string, Thing>();
  let untilMs = Number.NEGATIVE_INFINITY;
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const event of page) {
      const key = `${event.personId}\n${event.assetId}`;
      const thing = things.get(key) ?? newThing(persons.of(event.personId), event.timeMs);
      things.set(key, thing);
      hear(thing, event, skus);
      untilMs = Math.max(untilMs, event.timeMs);
    }
    const { trainingAssetsMax } = limits;
    assert(things.size <= trainingAssetsMax, `training reads at most ${trainingAssetsMax} things`);
  }
  const assetIds = [...things.keys()].map((key) => key.slice(key.indexOf("\n") + 1));
  const columns = columnsOf([...things.values()]);
  const assets = { ...columns, ...nothingSaid(persons.size()), skus: skus.names(), assetIds, untilMs };
  return { assets, personIds: persons.names() };
}

const newThing = (person: number, timeMs: number): Thing => ({
  ...{ person, sku: -1, startMs: timeMs, retiredMs: Number.POSITIVE_INFINITY },
  ...{ firstUse: null, lastUse: null, cares: [] },
});

function hear(thing: Thing, event: AssetEvent, skus: ReturnType<typeof numbering>): void {
  const { what, timeMs, boughtMs, sku, use } = event;
  thing.startMs = Math.min(thing.startMs, timeMs, boughtMs ?? timeMs);
  if (sku !== null) thing.sku = skus.of(sku);
  if (what === "cared") thing.cares.push(timeMs);
  if (what === "retired") thing.retiredMs = Math.min(thing.retiredMs, timeMs);
  if (use === null) return;
  if (thing.firstUse === null || timeMs < thing.firstUse[0]) thing.firstUse = [timeMs, use];
  if (thing.lastUse === null || timeMs > thing.lastUse[0]) thing.lastUse = [timeMs, use];
}

function columnsOf(things: readonly Thing[]) {
  const [personOf, skuOf, careStart] = [wholeNumbers(), wholeNumbers(), wholeNumbers()];
  const [startMs, retiredMs, useOf, careMs] = [doubles(), doubles(), doubles(), doubles()];
  careStart.push(0);
  for (const thing of things) {
    personOf.push(thing.person);
    skuOf.push(thing.sku);
    startMs.push(thing.startMs);
    retiredMs.push(thing.retiredMs);
    useOf.push(usePerDay(thing));
    for (const ms of thing.cares.sort((a, b) => a - b)) careMs.push(ms);
    careStart.push(careMs.length());
  }
  return {
    ...{ personOf: personOf.finish(), skuOf: skuOf.finish(), careStart: careStart.finish() },
    ...{ startMs: startMs.finish(), retiredMs: retiredMs.finish() },
    ...{ useOf: useOf.finish(), careMs: careMs.finish() },
  };
}

function usePerDay({ firstUse, lastUse }: Thing): number {
  if (firstUse === null || lastUse === null) return Number.NaN;
  const days = (lastUse[0] - firstUse[0]) / 86_400_000;
  return days >= 1 && lastUse[1] >= firstUse[1] ? (lastUse[1] - firstUse[1]) / days : Number.NaN;
}
