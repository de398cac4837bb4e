import type { Queries } from "../platform/index.ts";
import { countLog } from "./log-store.ts";
import { countQuarantine, emptyTally, readTallies, type Tally } from "./store.ts";

const withAccepted = <T extends Tally>(tally: T) => ({
  ...tally,
  accepted: tally.applied + tally.repeat + tally.quarantined + tally.erased,
});

/** The counters by source, and whether they agree with the log: what was applied is there, or was erased later. */
export async function countersOf(queries: Queries) {
  const sources = (await readTallies(queries)).map(withAccepted);
  const total = emptyTally();
  for (const source of sources) {
    total.applied += source.applied;
    total.repeat += source.repeat;
    total.quarantined += source.quarantined;
    total.erased += source.erased;
  }
  const { inLog, erasedLater } = await countLog(queries);
  return {
    total: withAccepted(total),
    sources,
    inLog,
    erasedLater,
    adds: inLog + erasedLater === total.applied,
    quarantineOpen: await countQuarantine(queries),
  };
}
