import { type JsonObject, limits, type PersonId } from "@trato/base";
import type { ModelFamily } from "@trato/contract";
import { jsonArray, type Queries, textArray, uuidArray } from "../platform/index.ts";

/** What a model of a family says of a person, or of a thing of theirs (`subject`; "" for the person). */
export type PersonScore = {
  readonly personId: PersonId;
  readonly family: ModelFamily;
  readonly subject: string;
  readonly version: string;
  readonly scoredMs: number;
  readonly score: JsonObject;
};

type Row = PersonScore & { readonly scoredMs: string };
const columns = `person_id as "personId", family, subject, version, scored_ms as "scoredMs", score`;
const scoreOf = (row: Row): PersonScore => ({ ...row, scoredMs: Number(row.scoredMs) });

/**
 * Replaces the scores of a family by these, some hundred a statement, so that nobody waits for all of them. Of people
 * who were erased meanwhile nothing is kept. Those that are not said again are gone afterwards.
 */
export async function writeScores(
  queries: Queries,
  of: { readonly family: ModelFamily; readonly version: string; readonly scoredMs: number },
  scores: readonly Pick<PersonScore, "personId" | "subject" | "score">[],
): Promise<void> {
  const { family, version, scoredMs } = of;
  for (let at = 0; at < scores.length; at += limits.scoresPerStatement) {
    const some = scores.slice(at, at + limits.scoresPerStatement);
    await queries.query({
      name: "scores/write_scores",
      text: `insert into scores_person (person_id, family, subject, version, scored_ms, score)
             select person_id, $4, subject, $5::bigint, $6::bigint, score
               from unnest($1::uuid[], $2::text[], $3::json[]) as s (person_id, subject, score)
              where person_id in (select people_living($1::uuid[]))
             on conflict (person_id, family, subject) do update
                set version = excluded.version, scored_ms = excluded.scored_ms, score = excluded.score`,
      values: [
        uuidArray(some.map((one) => one.personId)),
        textArray(some.map((one) => one.subject)),
        jsonArray(some.map((one) => one.score)),
        family,
        version,
        scoredMs,
      ],
    });
  }
  await queries.query({
    name: "scores/forget_scores",
    text: "delete from scores_person where family = $1 and scored_ms < $2",
    values: [family, scoredMs],
  });
}

/** All that models say of these member ids. */
export async function readScoresOf(queries: Queries, members: readonly PersonId[]): Promise<PersonScore[]> {
  const rows = await queries.query<Row>({
    name: "scores/read_scores_of",
    text: `select ${columns} from scores_person where person_id = any($1::uuid[]) order by family, subject, scored_ms`,
    values: [uuidArray(members)],
  });
  return rows.map(scoreOf);
}

/** Where a page of scores begins: after this person and subject. */
export type ScoreCursor = { readonly personId: string; readonly subject: string };

/** A page of the scores of a family, by person. */
export async function readScorePage(
  queries: Queries,
  page: { readonly family: ModelFamily; readonly after: ScoreCursor; readonly limit: number },
): Promise<PersonScore[]> {
  const rows = await queries.query<Row>({
    name: "scores/read_score_page",
    text: `select ${columns} from scores_person
            where family = $1 and (person_id, subject) > ($2::uuid, $3) order by person_id, subject limit $4`,
    values: [page.family, page.after.personId, page.after.subject, page.limit],
  });
  return rows.map(scoreOf);
}

/** Grows whenever all of a family was said anew: about when that was; 0 before. */
export async function lastScoredMs(queries: Queries): Promise<number> {
  const rows = await queries.query<{ ms: string | null }>({
    name: "scores/last_scored",
    text: "select max(scored_ms) as ms from scores_scored",
    values: [],
  });
  return Number(rows[0]?.ms ?? 0);
}

/** Remembers that all of a family was said: later than any other, whatever the clock says, so that nobody overlooks it. */
export async function noteScored(queries: Queries, family: ModelFamily, scoredMs: number): Promise<void> {
  await queries.query({
    name: "scores/note_scored",
    text: `insert into scores_scored (family, scored_ms)
           select $1, greatest($2::bigint, coalesce(max(scored_ms), 0) + 1) from scores_scored
           on conflict (family) do update set scored_ms = excluded.scored_ms`,
    values: [family, scoredMs],
  });
}

/** Erases what is kept of these member ids; returns how many scores went. */
export async function eraseScoresOf(tx: Queries, members: readonly PersonId[]): Promise<number> {
  const rows = await tx.query<{ n: string }>({
    name: "scores/erase",
    text: `with gone as (delete from scores_person where person_id = any($1::uuid[]) returning 1)
           select count(*) as n from gone`,
    values: [uuidArray(members)],
  });
  return Number(rows[0]?.n ?? 0);
}
