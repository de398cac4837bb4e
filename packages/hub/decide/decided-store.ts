import type { PersonId } from "@trato/base";
import type { Basis } from "@trato/contract";
import type { Queries } from "../platform/index.ts";

/** How often one id was decided for on one basis within a period, and when first. */
export type DecidedPerson = {
  readonly personId: PersonId;
  readonly basis: Basis;
  readonly firstMs: number;
  readonly decisions: number;
};

const peoplePerPage = 2_000;

/** Everybody decided for from `fromMs` on, up to and without `untilMs`, in pages by person. One pass over the table. */
export async function* readDecided(
  queries: Queries,
  period: { readonly fromMs: number; readonly untilMs: number },
): AsyncGenerator<DecidedPerson[]> {
  let after: PersonId | null = null;
  for (;;) {
    const rows: (Omit<DecidedPerson, "firstMs" | "decisions"> & { first: string; n: string })[] =
      await queries.query({
        name: "decide/decided_people",
        text: `select person_id as "personId", basis, min(decided_ms) as first, count(*) as n from decide_decision
              where decided_ms >= $1 and decided_ms < $2
                and person_id in (select distinct person_id from decide_decision
                                   where ($3::uuid is null or person_id > $3) order by person_id limit $4)
              group by person_id, basis order by person_id`,
        values: [period.fromMs, period.untilMs, after, peoplePerPage],
      });
    const last = await lastOfPage(queries, after);
    if (last === undefined) return;
    after = last;
    yield rows.map(({ first, n, ...row }) => ({ ...row, firstMs: Number(first), decisions: Number(n) }));
  }
}

/** How the first slot of somebody's first personal decision was drawn. */
export type FirstSlotRow = {
  readonly personId: PersonId;
  readonly decisionId: string;
  readonly decidedMs: number;
  readonly propensity: number;
  readonly share: number;
  readonly among: number;
};

/** The first personal decision of each id in a period that showed something, in pages by person. One pass. */
export async function* readFirstSlots(
  queries: Queries,
  asked: { readonly fromMs: number; readonly untilMs: number; readonly placement: string | null },
): AsyncGenerator<FirstSlotRow[]> {
  let after: PersonId | null = null;
  for (;;) {
    const rows: (Omit<FirstSlotRow, "decidedMs"> & { ms: string })[] = await queries.query({
      name: "decide/first_slots",
      text: `select distinct on (person_id) person_id as "personId", decision_id as "decisionId", decided_ms as ms,
                    (record->'shown'->0->>'propensity')::float8 as propensity,
                    (record->'exploration'->>'share')::float8 as share, (record->'exploration'->>'among')::int as among
               from decide_decision
              where decided_ms >= $1 and decided_ms < $2 and basis = 'personal'
                and ($5::text is null or placement = $5) and json_array_length(record->'shown') > 0
                and person_id in (select distinct person_id from decide_decision
                                   where ($3::uuid is null or person_id > $3) order by person_id limit $4)
              order by person_id, decided_ms, decision_id`,
      values: [asked.fromMs, asked.untilMs, after, peoplePerPage, asked.placement],
    });
    const last = await lastOfPage(queries, after);
    if (last === undefined) return;
    after = last;
    yield rows.map(({ ms, ...row }) => ({ ...row, decidedMs: Number(ms) }));
  }
}

async function lastOfPage(queries: Queries, after: PersonId | null): Promise<PersonId | undefined> {
  const rows = await queries.query<{ last: PersonId | null }>({
    name: "decide/last_of_page",
    text: `select max(person_id::text) as last from (select distinct person_id from decide_decision
            where ($1::uuid is null or person_id > $1) order by person_id limit $2) as page`,
    values: [after, peoplePerPage],
  });
  return rows[0]?.last ?? undefined;
}
