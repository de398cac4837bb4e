import type { JsonObject, PersonId } from "@trato/base";
import type { Queries } from "../platform/index.ts";
import type { FoundMoment } from "./rules.ts";

/** Keeps moments that were not found before, in one statement; returns the ids of the new ones. */
export async function insertMoments(
  tx: Queries,
  found: readonly FoundMoment[],
  nowMs: number,
): Promise<Set<string>> {
  if (found.length === 0) return new Set();
  const sorted = [...found].sort((a, b) => (a.momentId < b.momentId ? -1 : 1));
  const rows = await tx.query<{ momentId: string }>({
    name: "moments/insert",
    text: `insert into moments_moment
             (person_id, moment_id, kind, subject, found_ms, window_start_ms, window_end_ms, confidence, evidence)
           select person_id, moment_id, kind, subject, $2, window_start_ms, window_end_ms, confidence, evidence
             from json_to_recordset($1::json) as m (person_id uuid, moment_id uuid, kind text, subject text,
                  window_start_ms bigint, window_end_ms bigint, confidence double precision, evidence json)
           on conflict (person_id, moment_id) do nothing
           returning moment_id as "momentId"`,
    values: [JSON.stringify(sorted.map(rowOf)), nowMs],
  });
  return new Set(rows.map((row) => row.momentId));
}

const rowOf = (one: FoundMoment) => ({
  person_id: one.personId,
  moment_id: one.momentId,
  kind: one.kind,
  subject: one.subject,
  window_start_ms: one.windowStartMs,
  window_end_ms: one.windowEndMs,
  confidence: one.confidence,
  evidence: one.evidence,
});

/** Which of these moments were found already. */
export async function findKnownMoments(
  queries: Queries,
  found: readonly FoundMoment[],
): Promise<Set<string>> {
  if (found.length === 0) return new Set();
  const rows = await queries.query<{ momentId: string }>({
    name: "moments/find_known",
    text: `select moment_id as "momentId" from unnest($1::uuid[], $2::uuid[]) as k (person_id, moment_id)
             join moments_moment using (person_id, moment_id)`,
    values: [found.map((one) => one.personId), found.map((one) => one.momentId)],
  });
  return new Set(rows.map((row) => row.momentId));
}

export type MomentRow = {
  readonly personId: PersonId;
  readonly momentId: string;
  readonly kind: string;
  readonly subject: string;
  readonly foundMs: number;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly confidence: number;
  readonly evidence: JsonObject;
};

/** Where a page of moments begins: before this one, newest first. */
export type MomentCursor = { readonly foundMs: number; readonly momentId: string };

/** A page of moments, newest first; `endsAfterMs` leaves out those whose window is over by then. */
export async function readMoments(
  queries: Queries,
  page: {
    readonly before: MomentCursor | null;
    readonly limit: number;
    readonly kind: string | null;
    readonly members: readonly PersonId[] | null;
    readonly endsAfterMs: number | null;
  },
): Promise<MomentRow[]> {
  const { before, limit, kind, members, endsAfterMs } = page;
  const rows = await queries.query<MomentRow & Record<"foundMs" | "windowStartMs" | "windowEndMs", string>>({
    name: "moments/list",
    text: `select person_id as "personId", moment_id as "momentId", kind, subject, found_ms as "foundMs",
                  window_start_ms as "windowStartMs", window_end_ms as "windowEndMs", confidence, evidence
             from moments_moment
            where ($1::bigint is null or (found_ms, moment_id) < ($1, $2::uuid))
              and ($3::text is null or kind = $3)
              and ($4::uuid[] is null or person_id = any($4))
              and ($5::bigint is null or window_end_ms >= $5)
            order by found_ms desc, moment_id desc limit $6`,
    values: [before?.foundMs ?? null, before?.momentId ?? null, kind, members, endsAfterMs, limit],
  });
  return rows.map((row) => ({
    ...row,
    foundMs: Number(row.foundMs),
    windowStartMs: Number(row.windowStartMs),
    windowEndMs: Number(row.windowEndMs),
  }));
}

/**
 * Takes the next look through all profiles, for one hub alone: when the last one began `everyMs` ago or used an
 * older model (or, for what people were scored, older scores). A clock that was set back by as much counts as due.
 * False when it is not due or another hub took it.
 */
export async function claimScan(
  queries: Queries,
  claim: {
    readonly kind: "runs_out" | "scored";
    readonly nowMs: number;
    readonly everyMs: number;
    readonly modelVersion: string;
  },
): Promise<boolean> {
  const rows = await queries.query({
    name: "moments/claim_scan",
    text: `update moments_scan set begun_ms = $1, model_version = $3::bigint
            where kind = $4
              and (abs(begun_ms - $1::bigint) >= $2::bigint or model_version < $3::bigint)
           returning kind`,
    values: [claim.nowMs, claim.everyMs, claim.modelVersion, claim.kind],
  });
  return rows.length > 0;
}

/** Forgets moments whose window ended before; returns how many. */
export async function pruneMoments(queries: Queries, endedBeforeMs: number): Promise<number> {
  const rows = await queries.query<{ n: string }>({
    name: "moments/prune",
    text: `with gone as (delete from moments_moment where window_end_ms < $1 returning 1) select count(*) as n from gone`,
    values: [endedBeforeMs],
  });
  return Number(rows[0]?.n ?? 0);
}

/** Erases what is kept of these member ids; returns how many moments went. */
export async function eraseMomentsOf(tx: Queries, members: readonly PersonId[]): Promise<number> {
  const rows = await tx.query<{ n: string }>({
    name: "moments/erase",
    text: `with gone as (delete from moments_moment where person_id = any($1::uuid[]) returning 1) select count(*) as n from gone`,
    values: [members],
  });
  return Number(rows[0]?.n ?? 0);
}
