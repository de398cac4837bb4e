import { limits } from "@trato/base";
import type { ModelFamily, TrainingOutcome, TrainingState } from "@trato/contract";
import type { Queries, Transaction } from "../platform/index.ts";

export type Training = {
  readonly jobId: string;
  readonly state: TrainingState;
  readonly step: string;
  readonly shareDone: number;
  readonly detail: string;
  readonly version: string | null;
  readonly outcomes: readonly TrainingOutcome[];
  readonly askedMs: number;
  readonly changedMs: number;
};

/**
 * Asks for a training of one family, or of all (null). While one waits that will do it, that one is it; one that waits
 * for another family then trains all. Returns its id.
 */
export async function askForTraining(
  tx: Queries,
  asked: { readonly jobId: string; readonly nowMs: number; readonly family: ModelFamily | null },
): Promise<string> {
  await tx.query({
    name: "scores/lock_asking",
    text: "select pg_advisory_xact_lock($1)",
    values: [askingLock],
  });
  const rows = await tx.query<{ jobId: string }>({
    name: "scores/ask_for_training",
    text: `with waiting as (update scores_training
                               set family = case when family = $3::text then family end
                             where job_id = (select job_id from scores_training where state = 'waiting'
                                              order by asked_ms limit 1)
                            returning job_id),
                asked as (insert into scores_training (job_id, state, asked_ms, changed_ms, family)
                          select $1::uuid, 'waiting', $2::bigint, $2, $3::text where not exists (select 1 from waiting)
                          returning job_id)
           select job_id as "jobId" from waiting union all select job_id from asked`,
    values: [asked.jobId, asked.nowMs, asked.family],
  });
  return rows[0]!.jobId;
}

/** Numbers of our own in the database's one space of advisory locks. */
const askingLock = 7_267_487;
const trainingLock = 7_267_488;

/**
 * Takes the right to train until the transaction ends; false when another hub has it. A training leaves the connection
 * idle for as long as it takes: its transaction is not ended for that before `limits.trainingMsMax`.
 */
export async function tryTrainingLock(tx: Transaction): Promise<boolean> {
  await tx.write({
    name: "",
    text: `set local idle_in_transaction_session_timeout = ${limits.trainingMsMax}`,
    values: [],
  });
  const rows = await tx.query<{ got: boolean }>({
    name: "scores/lock_training",
    text: "select pg_try_advisory_xact_lock($1) as got",
    values: [trainingLock],
  });
  return rows[0]?.got === true;
}

/**
 * Begins the training that waits longest; null when none does. The caller has the right to train, so one that seems to
 * run belonged to a hub that ended: it is written off.
 */
export async function beginNextTraining(
  queries: Queries,
  nowMs: number,
): Promise<{ readonly jobId: string; readonly family: ModelFamily | null } | null> {
  await queries.query({
    name: "scores/write_off_training",
    text: `update scores_training set state = 'stopped', detail = 'The hub ended before it was done.', changed_ms = $1
            where state = 'running'`,
    values: [nowMs],
  });
  const rows = await queries.query<{ jobId: string; family: ModelFamily | null }>({
    name: "scores/begin_training",
    text: `update scores_training set state = 'running', changed_ms = $1
            where job_id = (select job_id from scores_training where state = 'waiting'
                             order by asked_ms, job_id limit 1)
           returning job_id as "jobId", family`,
    values: [nowMs],
  });
  return rows[0] ?? null;
}

/** Writes down how far a training is; what is left out stays as it was. */
export async function noteTraining(
  queries: Queries,
  jobId: string,
  nowMs: number,
  now: Partial<Pick<Training, "state" | "step" | "shareDone" | "detail" | "version" | "outcomes">>,
): Promise<void> {
  await queries.query({
    name: "scores/note_training",
    text: `update scores_training set state = coalesce($2, state), step = coalesce($3, step),
                  share_done = coalesce($4, share_done), detail = coalesce($5, detail),
                  version = coalesce($6::bigint, version), changed_ms = $7,
                  outcomes = coalesce($8::json, outcomes)
            where job_id = $1`,
    values: [
      jobId,
      now.state ?? null,
      now.step ?? null,
      now.shareDone ?? null,
      now.detail ?? null,
      now.version ?? null,
      nowMs,
      now.outcomes === undefined ? null : JSON.stringify(now.outcomes),
    ],
  });
}

export async function readTraining(queries: Queries, jobId: string): Promise<Training | null> {
  const rows = await queries.query<Training & Record<"askedMs" | "changedMs", string>>({
    name: "scores/read_training",
    text: `select job_id as "jobId", state, step, share_done as "shareDone", detail, version, outcomes,
                  asked_ms as "askedMs", changed_ms as "changedMs" from scores_training where job_id = $1`,
    values: [jobId],
  });
  const row = rows[0];
  return row === undefined
    ? null
    : { ...row, askedMs: Number(row.askedMs), changedMs: Number(row.changedMs) };
}

/** Forgets how trainings before this moment went; returns how many. */
export async function pruneTrainings(queries: Queries, askedBeforeMs: number): Promise<number> {
  const rows = await queries.query<{ n: string }>({
    name: "scores/prune_trainings",
    text: `with gone as (delete from scores_training where asked_ms < $1 returning 1) select count(*) as n from gone`,
    values: [askedBeforeMs],
  });
  return Number(rows[0]?.n ?? 0);
}
