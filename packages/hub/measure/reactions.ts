import type { PersonId } from "@trato/base";
import type { ReadEvent } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import { factsOf } from "./facts.ts";
import type { MeasureNeeds } from "./needs.ts";
import { insertFacts, takeTurns } from "./store.ts";

/**
 * Keeps what the log tells of people who are there. An event may have been read just before its person was erased: once
 * it is our turn, who is gone is gone, and nobody is no person.
 */
export async function hear(
  needs: Pick<MeasureNeeds, "whoIs">,
  tx: Queries,
  events: readonly ReadEvent[],
): Promise<void> {
  await takeTurns(tx);
  const personIds = [...new Set(events.map((one) => one.personId))] as PersonId[];
  const there: ReadonlyMap<string, unknown> = await needs.whoIs(tx, personIds);
  await insertFacts(tx, factsOf(events.filter((one) => there.has(one.personId))));
}
