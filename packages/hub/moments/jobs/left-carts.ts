import { limits } from "@trato/base";
import type { OrdersState } from "../../orders/index.ts";
import type { Profile } from "../../people/index.ts";
import { keepMoments } from "../keep.ts";
import type { MomentNeeds } from "../needs.ts";
import { type FoundMoment, findCartLeft } from "../rules.ts";

/**
 * Looks at the people who wanted to be looked at by now and finds the carts they left. One transaction holds the
 * profiles, clears their wake-ups and writes the moments, so that a crash in between loses and repeats nothing.
 *
 * @returns how many profiles were looked at, and how many moments were new.
 */
export function findLeftCarts(needs: MomentNeeds, nowMs: number): Promise<{ looked: number; found: number }> {
  return needs.database.transaction(async (tx) => {
    const profiles = await needs.takeWakeUps(tx, nowMs, limits.momentProfilesPerTransactionMax);
    if (profiles.length === 0) return { looked: 0, found: 0 };
    const moments = profiles.map((profile) => cartMomentOf(profile, nowMs)).filter((one) => one !== null);
    return { looked: profiles.length, found: await keepMoments(needs, tx, moments, nowMs) };
  });
}

function cartMomentOf(profile: Profile, nowMs: number): FoundMoment | null {
  const orders = profile.slices["orders"] as OrdersState | undefined;
  return findCartLeft(profile.personId, orders?.cart ?? null, nowMs);
}
