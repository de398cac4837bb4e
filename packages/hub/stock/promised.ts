import type { Result } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import type { Parts } from "./choose.ts";
import { type Held, type Hold, isOver, isPromise, promiseOwner, type Want } from "./hold-rules.ts";
import { findHoldsOf, readHolds } from "./hold-store.ts";
import { type HoldRefusal, holdAll, releaseAll } from "./holding.ts";

/** To whom something may have been promised: a person, or whoever names the decision. */
export type PromisedTo = { readonly personId: string | null; readonly decisionIds: readonly string[] };

/**
 * Holds what was refused for want of goods, out of what decisions promised of just these items; what they promised
 * beside it stays promised. Undefined when nothing of it was promised; a refusal leaves the promises as they were.
 */
export async function holdPromised(
  tx: Queries,
  want: Want,
  to: PromisedTo,
  at: { readonly items: Parts; readonly nowMs: number },
): Promise<Result<Held, HoldRefusal> | undefined> {
  const { nowMs } = at;
  const skus = new Set(want.lines.map(({ sku }) => sku));
  const promises = (await readPromises(tx, to, nowMs)).filter(({ lines }) =>
    lines.some(({ forSku }) => skus.has(forSku)),
  );
  if (promises.length === 0) return undefined;
  const asTheyWere = promises.map(wantOf);
  const without = asTheyWere.map((one) => ({ ...one, lines: one.lines.filter(({ sku }) => !skus.has(sku)) }));
  const emptied = without.filter(({ lines }) => lines.length === 0);
  await releaseAll(
    tx,
    emptied.map(({ holdId }) => holdId),
    nowMs,
  );
  await holdAll(
    tx,
    without.filter((one) => !emptied.includes(one)),
    at,
  );
  const held = (await holdAll(tx, [want], at))[0]!;
  if (!held.ok) await holdAll(tx, asTheyWere, at);
  return held;
}

/** Gives back what was promised to people who are erased; returns how many promises there were. */
export async function erasePromises(
  tx: Queries,
  personIds: readonly string[],
  nowMs: number,
): Promise<number> {
  const holdIds = await findHoldsOf(tx, personIds.map(promiseOwner), 0);
  await releaseAll(tx, holdIds, nowMs);
  return holdIds.length;
}

async function readPromises(
  tx: Queries,
  { personId, decisionIds }: PromisedTo,
  nowMs: number,
): Promise<Hold[]> {
  const theirs = personId === null ? [] : await findHoldsOf(tx, [promiseOwner(personId)], nowMs);
  const holds = await readHolds(tx, [...new Set([...theirs, ...decisionIds])]);
  return holds.filter((hold) => isPromise(hold) && !isOver(hold, nowMs));
}

/** What a promise asked for: one unit of each item. */
const wantOf = ({ holdId, owner, channel, expiresMs, lines }: Hold): Want => ({
  ...{ holdId, owner, channel, expiresMs },
  placeIds: [...new Set(lines.map(({ placeId }) => placeId))],
  lines: [...new Set(lines.map(({ forSku }) => forSku))].map((sku) => ({ sku, quantity: 1 })),
});
