import { limits, nobody, type PersonId } from "@trato/base";
import type { ReportArm } from "@trato/contract";
import { whatCame } from "./attribution.ts";
import type { Facts } from "./facts.ts";
import type { Decided, MeasureNeeds, Span, Standing } from "./needs.ts";
import { addPerson, emptySums, type Sums } from "./rules.ts";
import { readFacts } from "./store.ts";

export type Gathered = {
  readonly sums: Sums;
  readonly nobodysDecisions: number;
  /** Ids that were decided for and erased since. */
  readonly peopleGone: number;
};

/** A person as the report counts it. */
export type Counted = {
  readonly arm: ReportArm;
  readonly firstMs: number;
  readonly decisions: number;
  readonly members: readonly PersonId[];
};

type People = Omit<Gathered, "sums"> & { readonly people: ReadonlyMap<PersonId, Counted> };

/**
 * Adds up what came of everybody who was decided for in the period: two people who are one today count as one. Null
 * when they are more than `limits.reportPeopleMax`. Cost: a few statements per `limits.reportPeoplePerRead` people.
 */
export async function gather(needs: MeasureNeeds, period: Span): Promise<Gathered | null> {
  const found = await findPeople(needs, period);
  if (found === null) return null;
  const { people, ...rest } = found;
  const sums = emptySums();
  for (const some of chunks([...people.values()], limits.reportPeoplePerRead)) {
    const members = some.flatMap((person) => person.members);
    const factsOfPerson = byPerson(await readFacts(needs.database, members, period), some);
    for (const [i, { arm, firstMs, decisions }] of some.entries()) {
      const came = whatCame(factsOfPerson[i]!, { fromMs: firstMs, untilMs: period.untilMs });
      addPerson(sums[arm], decisions, came);
    }
  }
  return { sums, ...rest };
}

async function findPeople(needs: MeasureNeeds, period: Span): Promise<People | null> {
  const people = new Map<PersonId, Counted>();
  let nobodysDecisions = 0;
  let peopleGone = 0;
  for await (const page of needs.decided(period)) {
    const standing = await needs.whoIs(needs.database, [
      ...new Set(page.map((one) => one.personId as PersonId)),
    ]);
    for (const one of page) {
      const today = standing.get(one.personId as PersonId);
      if (one.personId === nobody) nobodysDecisions += one.decisions;
      else if (today === undefined) peopleGone += 1;
      else people.set(today.personId, join(people.get(today.personId), one, today));
    }
    if (people.size > limits.reportPeopleMax) return null;
  }
  return { people, nobodysDecisions, peopleGone };
}

/**
 * A person who was decided for under several ids, or before and after a consent, is one person. Whoever was put in an
 * arm by chance stays in it from then on; who was in both before being known as one is in neither.
 */
export function join(known: Counted | undefined, one: Decided, { members }: Standing): Counted {
  const { firstMs, decisions } = one;
  if (known === undefined || (known.arm === "other" && one.arm !== "other")) {
    return { arm: one.arm, firstMs, decisions, members };
  }
  if (one.arm === "other" && known.arm !== "other") return known;
  return {
    arm: known.arm === one.arm ? one.arm : "mixed",
    firstMs: Math.min(known.firstMs, firstMs),
    decisions: known.decisions + decisions,
    members,
  };
}

function byPerson(facts: Facts, people: readonly Counted[]): Facts[] {
  const indexOf = new Map<string, number>();
  for (const [i, { members }] of people.entries()) for (const member of members) indexOf.set(member, i);
  const group = <Row extends { readonly personId: string }>(rows: readonly Row[]): Row[][] => {
    const groups = people.map((): Row[] => []);
    for (const row of rows) groups[indexOf.get(row.personId)!]!.push(row);
    return groups;
  };
  const [exposures, outcomes, orders] = [group(facts.exposures), group(facts.outcomes), group(facts.orders)];
  return people.map((_, i) => ({
    exposures: exposures[i]!,
    outcomes: outcomes[i]!,
    orders: orders[i]!,
  }));
}

function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
