import { nobody, type PersonId } from "@trato/base";
import { bigintArray, jsonArray, type Queries, textArray, uuidArray } from "../platform/index.ts";
import type { Policy } from "./policy.ts";
import type { DecisionRecord } from "./record.ts";

/**
 * Keeps decisions, all in one statement: when it returns, they are durable. Those for somebody who was erased meanwhile
 * are not kept; returns the ids of the others.
 */
export async function insertDecisions(
  queries: Queries,
  records: readonly DecisionRecord[],
): Promise<Set<string>> {
  const people = uuidArray(records.map((one) => one.personId ?? nobody));
  const rows = await queries.query<{ id: string }>({
    name: "decide/insert",
    text: `insert into decide_decision (person_id, decision_id, decided_ms, placement, basis, record)
           select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::json[])
                      as d (person_id)
            where person_id = $7::uuid or person_id in (select people_living($1::uuid[]))
           returning decision_id as id`,
    values: [
      people,
      uuidArray(records.map((one) => one.decisionId)),
      bigintArray(records.map((one) => one.decidedAtMs)),
      textArray(records.map((one) => one.request.placement)),
      textArray(records.map((one) => one.basis)),
      jsonArray(records),
      nobody,
    ],
  });
  return new Set(rows.map(({ id }) => id));
}

/** The JSON text of a decision's record, as it was written. */
export async function readRecordText(queries: Queries, decisionId: string): Promise<string | undefined> {
  const rows = await queries.query<{ text: string }>({
    name: "decide/read",
    text: "select record::text as text from decide_decision where decision_id = $1::uuid",
    values: [decisionId],
  });
  return rows[0]?.text;
}

/** A page of decisions, latest first: of these people when `members` is given, at one placement when it is. */
export async function listRecords(
  queries: Queries,
  page: {
    readonly before: string | null;
    readonly limit: number;
    readonly members: readonly string[] | null;
    readonly placement: string | null;
  },
): Promise<DecisionRecord[]> {
  const { before, limit, members, placement } = page;
  const rows = await queries.query<{ record: DecisionRecord }>({
    name: members === null ? "decide/list" : "decide/list_of_people",
    text: `select record from decide_decision
            where ($1::uuid is null or decision_id < $1) and ($2::text is null or placement = $2)
              ${members === null ? "and $4::uuid[] is null" : "and person_id = any($4::uuid[])"}
            order by decision_id desc limit $3`,
    values: [before, placement, limit, members],
  });
  return rows.map((row) => row.record);
}

/** Deletes the decisions of these member ids; returns how many went. Only erasure calls this. */
export async function eraseDecisionsOf(tx: Queries, members: readonly PersonId[]): Promise<number> {
  const rows = await tx.query<{ n: string }>({
    name: "decide/erase",
    text: `with gone as (delete from decide_decision where person_id = any($1::uuid[]) returning 1)
           select count(*) as n from gone`,
    values: [members],
  });
  return Number(rows[0]!.n);
}

/** Deletes at most `limit` decisions made before a time; returns how many went. */
export async function pruneDecisions(queries: Queries, beforeMs: number, limit: number): Promise<number> {
  const first = Math.max(0, Math.floor(beforeMs)).toString(16).padStart(12, "0");
  const rows = await queries.query<{ n: string }>({
    name: "decide/prune",
    text: `with old as (select person_id, decision_id from decide_decision
                         where decision_id < $1::uuid order by decision_id limit $2),
                gone as (delete from decide_decision d using old
                          where d.person_id = old.person_id and d.decision_id = old.decision_id returning 1)
           select count(*) as n from gone`,
    values: [`${first.slice(0, 8)}-${first.slice(8)}-0000-0000-000000000000`, limit],
  });
  return Number(rows[0]!.n);
}

/** Keeps a policy under its version; one that is kept already stays as it is. */
export async function keepPolicy(
  queries: Queries,
  kept: { readonly version: string; readonly policy: Policy; readonly nowMs: number },
): Promise<void> {
  await queries.query({
    name: "decide/keep_policy",
    text: `insert into decide_policy (version, kept_ms, policy) values ($1, $2, $3::json)
           on conflict (version) do nothing`,
    values: [kept.version, kept.nowMs, JSON.stringify(kept.policy)],
  });
}

export async function readPolicy(queries: Queries, version: string): Promise<Policy | undefined> {
  const rows = await queries.query<{ policy: Policy }>({
    name: "decide/read_policy",
    text: "select policy from decide_policy where version = $1",
    values: [version],
  });
  return rows[0]?.policy;
}
