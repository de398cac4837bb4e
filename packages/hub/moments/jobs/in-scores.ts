import { setTimeout as delay } from "node:timers/promises";
import { limits, nobody, type PersonId } from "@trato/base";
import type { OrdersState } from "../../orders/index.ts";
import type { Profile } from "../../people/index.ts";
import type { PersonScore } from "../../scores/index.ts";
import { keepMoments } from "../keep.ts";
import type { MomentNeeds } from "../needs.ts";
import type { FoundMoment } from "../rules.ts";
import { findMayLeave, findMayNotReturn, findNeedsCare, isLeftToChurn } from "../score-rules.ts";
import { claimScan, findKnownMoments } from "../store.ts";

/**
 * Looks through what models expect of people, once after they were scored anew: who may be leaving, and what of theirs
 * will need care. Of many hubs one does it. Stops between pages when `stopping` says so.
 *
 * @returns how many moments were new; null when nobody was scored since the last look.
 */
export async function findInScores(
  needs: MomentNeeds,
  nowMs: number,
  stopping: () => boolean,
): Promise<number | null> {
  const scoredMs = await needs.lastScoredMs();
  const claim = {
    kind: "scored",
    nowMs,
    everyMs: Number.MAX_SAFE_INTEGER,
    modelVersion: String(scoredMs),
  } as const;
  if (scoredMs === 0 || !(await claimScan(needs.database, claim))) return null;
  const churnDays = await needs.churnHorizonDays();
  let found = 0;
  for (const family of [...(churnDays === null ? [] : (["churn"] as const)), "lifetime", "care"] as const) {
    let after = { personId: nobody as string, subject: "" };
    while (!stopping()) {
      const begunMs = performance.now();
      const page = await needs.scorePage(family, after, limits.momentScorePageMax);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last;
      found += await keepPage(needs, page, { nowMs, churnDays });
      await delay((performance.now() - begunMs) * limits.momentScanRestShare, undefined, { ref: false });
    }
  }
  return found;
}

type Look = { readonly nowMs: number; readonly churnDays: number | null };

/** Few of a page say anything; those people's profiles are held and looked at: they may have come a moment ago. */
async function keepPage(needs: MomentNeeds, page: readonly PersonScore[], at: Look): Promise<number> {
  const worth = page.filter((one) => momentOf(one, null, at) !== null);
  if (worth.length === 0) return 0;
  return needs.database.transaction(async (tx) => {
    const held = await needs.lockProfiles(tx, [...new Set(worth.map((one) => one.personId as PersonId))]);
    const profileOf = new Map(held.map((profile) => [profile.personId, profile]));
    const found = worth.flatMap((one) => {
      const profile = profileOf.get(one.personId);
      return profile === undefined ? [] : (momentOf(one, profile, at) ?? []);
    });
    const known = await findKnownMoments(tx, found);
    return keepMoments(
      needs,
      tx,
      found.filter((one) => !known.has(one.momentId)),
      at.nowMs,
    );
  });
}

function momentOf(score: PersonScore, profile: Profile | null, at: Look): FoundMoment | null {
  const { nowMs, churnDays } = at;
  if (score.family === "care") return findNeedsCare(score, nowMs);
  const orders = profile?.slices["orders"] as OrdersState | undefined;
  const lastOrderMs = orders?.lastOrder?.timeMs ?? null;
  if (score.family === "churn") return findMayNotReturn(score, lastOrderMs, nowMs);
  return isLeftToChurn(score, churnDays) ? null : findMayLeave(score, lastOrderMs, nowMs);
}
