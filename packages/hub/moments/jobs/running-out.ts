import { setTimeout as delay } from "node:timers/promises";
import { limits, nobody, type PersonId } from "@trato/base";
import type { Bought, OrdersState } from "../../orders/index.ts";
import type { Profile } from "../../people/index.ts";
import { noScores, type Scores } from "../../scores/index.ts";
import { keepMoments } from "../keep.ts";
import type { MomentNeeds } from "../needs.ts";
import { type Due, type FoundMoment, findRunsOut } from "../rules.ts";
import type { MomentsState } from "../slice.ts";
import { claimScan, findKnownMoments, pruneMoments } from "../store.ts";

/**
 * Looks through all profiles for what runs out, when it is due: every hour of the hub's clock, and once after a new
 * model took charge. Of many hubs one does it. Stops between pages when `stopping` says so.
 *
 * @returns how many moments were new; null when it was not due.
 */
export async function findRunningOut(
  needs: MomentNeeds,
  nowMs: number,
  stopping: () => boolean,
): Promise<number | null> {
  const scores = needs.scores();
  if (scores.version === noScores.version) return null;
  const claim = {
    kind: "runs_out",
    nowMs,
    everyMs: limits.momentScanMs,
    modelVersion: scores.newest,
  } as const;
  if (!(await claimScan(needs.database, claim))) return null;
  await pruneMoments(needs.database, nowMs - limits.momentsKeptMs);
  let found = 0;
  let after: PersonId = nobody;
  while (!stopping()) {
    const begunMs = performance.now();
    const profiles = await needs.profilePage(after, limits.momentScanPageMax);
    const last = profiles.at(-1);
    if (last === undefined) break;
    after = last.personId;
    found += await keepPage(needs, scores, profiles, nowMs);
    // Nobody waits for a scan, and somebody may wait for a decision: it rests for most of the time.
    await delay((performance.now() - begunMs) * limits.momentScanRestShare, undefined, { ref: false });
  }
  return found;
}

/**
 * Most pages hold nothing new and end after one read. What seems new is looked at again with its profile held: the
 * person may have bought it a moment ago.
 */
async function keepPage(
  needs: MomentNeeds,
  scores: Scores,
  profiles: readonly Profile[],
  nowMs: number,
): Promise<number> {
  const seen = profiles.flatMap((profile) => runningOutOf(scores, profile, nowMs));
  const known = await findKnownMoments(needs.database, seen);
  const personIds = new Set(seen.filter((one) => !known.has(one.momentId)).map((one) => one.personId));
  if (personIds.size === 0) return 0;
  return needs.database.transaction(async (tx) => {
    const held = await needs.lockProfiles(tx, [...personIds]);
    const found = held.flatMap((profile) => runningOutOf(scores, profile, nowMs));
    return keepMoments(needs, tx, found, nowMs);
  });
}

function runningOutOf(scores: Scores, profile: Profile, nowMs: number): FoundMoment[] {
  const orders = profile.slices["orders"] as OrdersState | undefined;
  const moments = profile.slices["moments"] as MomentsState | undefined;
  const found: FoundMoment[] = [];
  const at = { nowMs, modelVersion: scores.version };
  for (const bought of orders?.bought ?? []) {
    const { sku } = bought;
    const isOpen = moments?.open.some((one) => one.kind === "runs_out" && one.subject === sku) === true;
    const isOver = bought.quantity === 0;
    if (isOpen || isOver) continue;
    const moment = findRunsOut(profile.personId, bought, dueOf(scores, bought), at);
    if (moment !== null) found.push(moment);
  }
  return found;
}

function dueOf(scores: Scores, bought: Bought): Due | null {
  const { sku } = bought;
  const due = scores.due(sku, bought);
  if (due === null) return null;
  return { ...due, probability: (fromMs, untilMs) => scores.dueBetween(sku, bought, fromMs, untilMs) };
}
