import { limits, type PersonId } from "@trato/base";
import { ok, type PolicyValue, type Result, refuse } from "@trato/contract";
import { attributionMs, cameOfDecision } from "./attribution.ts";
import { type Drawn, valueExploring } from "./exploring.ts";
import type { FirstSlot, MeasureNeeds } from "./needs.ts";
import { periodOf, wrongPeriod } from "./period.ts";
import { readFacts } from "./store.ts";

/** Which decisions to learn from, and in which share of them the first slot would be explored. */
export type PolicyQuery = {
  readonly exploring: number;
  readonly placement?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly nowMs: number;
};

type Drawings = FirstSlot & { readonly members: readonly PersonId[] };

/**
 * What exploring more or less would have brought: each person counts once, with their first personal decision of the
 * period, so that no two rows are of one person. Refused when the period is none or holds too many people, and when
 * what was drawn is too little to say.
 */
export async function valuePolicy(
  needs: MeasureNeeds,
  query: PolicyQuery,
): Promise<Result<PolicyValue, "request_invalid" | "evidence_too_small">> {
  const period = periodOf(query);
  if (period === null) return wrongPeriod("give days that exist, `from` before `until`");
  const people = new Map<PersonId, Drawings>();
  for await (const page of needs.firstSlots({ ...period, placement: query.placement ?? null })) {
    const ids = [...new Set(page.map((one) => one.personId as PersonId))];
    const standing = await needs.whoIs(needs.database, ids);
    for (const slot of page) {
      const today = standing.get(slot.personId as PersonId);
      if (today === undefined || slot.share >= 1) continue;
      const known = people.get(today.personId);
      if (known === undefined || slot.decidedMs < known.decidedMs)
        people.set(today.personId, { ...slot, members: today.members });
    }
    if (people.size > limits.reportPeopleMax)
      return wrongPeriod("so many people were decided for; give a shorter period");
  }
  const rows: Drawn[] = [];
  const all = [...people.values()];
  for (let at = 0; at < all.length; at += limits.reportPeoplePerRead)
    rows.push(...(await whatCameOf(needs, all.slice(at, at + limits.reportPeoplePerRead), period)));
  const found = valueExploring(rows, query.exploring);
  if ("refused" in found) return refuse("evidence_too_small", { detail: found.refused });
  const [from, until] = [new Date(period.fromMs).toISOString(), new Date(period.untilMs).toISOString()];
  return ok({ from, until, exploring: query.exploring, level: 0.95, ...found });
}

async function whatCameOf(
  { database }: MeasureNeeds,
  some: readonly Drawings[],
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Promise<Drawn[]> {
  const facts = await readFacts(
    database,
    some.flatMap(({ members }) => members),
    { fromMs, untilMs: untilMs + attributionMs },
  );
  const ordersOf = Map.groupBy(facts.orders, ({ personId }) => personId);
  const exposuresOf = Map.groupBy(facts.exposures, ({ decisionId }) => decisionId);
  const outcomesOf = Map.groupBy(facts.outcomes, ({ decisionId }) => decisionId);
  return some.map(({ decisionId, members, propensity, share, among }) => ({
    ...{ propensity, share, among },
    ...cameOfDecision({
      exposures: exposuresOf.get(decisionId) ?? [],
      outcomes: outcomesOf.get(decisionId) ?? [],
      orders: members.flatMap((member) => ordersOf.get(member) ?? []),
    }),
  }));
}
