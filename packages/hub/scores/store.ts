import type { ModelCard, TrainingState } from "@trato/contract";
import type { Queries } from "../platform/index.ts";

/** A model as it is listed, without its bytes. */
export type ModelRow = {
  readonly version: string;
  readonly trainedMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly people: number;
  readonly orders: number;
  readonly items: number;
  readonly champion: boolean;
  readonly card: ModelCard;
};

const modelColumns = `version, trained_ms as "trainedMs", from_ms as "fromMs", until_ms as "untilMs", people, orders,
  items, champion, card`;

type RawModel = ModelRow & Record<"trainedMs" | "fromMs" | "untilMs", string>;

const modelOf = (row: RawModel): ModelRow => ({
  ...row,
  trainedMs: Number(row.trainedMs),
  fromMs: Number(row.fromMs),
  untilMs: Number(row.untilMs),
});

/** Keeps a trained model, not in charge yet; returns its version. */
export async function insertModel(
  tx: Queries,
  model: Omit<ModelRow, "version" | "champion"> & { readonly bytes: Uint8Array },
): Promise<string> {
  const rows = await tx.query<{ version: string }>({
    name: "scores/insert_model",
    text: `insert into scores_model (trained_ms, from_ms, until_ms, people, orders, items, bytes, card)
           values ($1, $2, $3, $4, $5, $6, $7, $8) returning version`,
    values: [
      model.trainedMs,
      model.fromMs,
      model.untilMs,
      model.people,
      model.orders,
      model.items,
      Buffer.from(model.bytes.buffer, model.bytes.byteOffset, model.bytes.byteLength),
      JSON.stringify(model.card),
    ],
  });
  return rows[0]!.version;
}

/** Puts a model in charge in place of the one that is; false when there is no such model. */
export async function promoteModel(tx: Queries, version: string): Promise<boolean> {
  const held = await tx.query({
    name: "scores/hold_model",
    text: "select version from scores_model where version = $1::bigint or champion order by version for update",
    values: [version],
  });
  if (!held.some((row) => (row as { version: string }).version === version)) return false;
  await tx.query({
    name: "scores/retire_model",
    text: "update scores_model set champion = false where champion and version <> $1::bigint",
    values: [version],
  });
  await tx.query({
    name: "scores/promote_model",
    text: "update scores_model set champion = true where version = $1::bigint and not champion",
    values: [version],
  });
  return true;
}

/** The version in charge, null when there is none. Asked for every second or so by each process. */
export async function readChampionVersion(queries: Queries): Promise<string | null> {
  const rows = await queries.query<{ version: string }>({
    name: "scores/champion_version",
    text: "select version from scores_model where champion",
    values: [],
  });
  return rows[0]?.version ?? null;
}

export async function readModel(queries: Queries, version: string): Promise<ModelRow | null> {
  const rows = await queries.query<RawModel>({
    name: "scores/read_model",
    text: `select ${modelColumns} from scores_model where version = $1::bigint`,
    values: [version],
  });
  return rows[0] === undefined ? null : modelOf(rows[0]);
}

export async function readModelBytes(queries: Queries, version: string): Promise<Uint8Array | null> {
  const rows = await queries.query<{ bytes: Buffer }>({
    name: "scores/read_model_bytes",
    text: "select bytes from scores_model where version = $1::bigint",
    values: [version],
  });
  return rows[0]?.bytes ?? null;
}

/** Models, newest first, before a version. */
export async function listModelRows(
  queries: Queries,
  page: { readonly before: string | null; readonly limit: number },
): Promise<ModelRow[]> {
  const rows = await queries.query<RawModel>({
    name: "scores/list_models",
    text: `select ${modelColumns} from scores_model where $1::bigint is null or version < $1
            order by version desc limit $2`,
    values: [page.before, page.limit],
  });
  return rows.map(modelOf);
}

export type Training = {
  readonly jobId: string;
  readonly state: TrainingState;
  readonly step: string;
  readonly shareDone: number;
  readonly detail: string;
  readonly version: string | null;
  readonly askedMs: number;
  readonly changedMs: number;
};

/** Asks for a training; while one waits already, that one is it. Returns its id. */
export async function askForTraining(tx: Queries, jobId: string, nowMs: number): Promise<string> {
  await tx.query({
    name: "scores/lock_asking",
    text: "select pg_advisory_xact_lock($1)",
    values: [askingLock],
  });
  const rows = await tx.query<{ jobId: string }>({
    name: "scores/ask_for_training",
    text: `with waiting as (select job_id from scores_training where state = 'waiting' order by asked_ms limit 1),
                asked as (insert into scores_training (job_id, state, asked_ms, changed_ms)
                          select $1::uuid, 'waiting', $2::bigint, $2 where not exists (select 1 from waiting)
                          returning job_id)
           select job_id as "jobId" from waiting union all select job_id from asked`,
    values: [jobId, nowMs],
  });
  return rows[0]!.jobId;
}

/** Numbers of our own in the database's one space of advisory locks. */
const askingLock = 7_267_487;
const trainingLock = 7_267_488;

/** Takes the right to train until the transaction ends; false when another hub has it. */
export async function tryTrainingLock(tx: Queries): Promise<boolean> {
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
export async function beginNextTraining(queries: Queries, nowMs: number): Promise<string | null> {
  await queries.query({
    name: "scores/write_off_training",
    text: `update scores_training set state = 'stopped', detail = 'The hub ended before it was done.', changed_ms = $1
            where state = 'running'`,
    values: [nowMs],
  });
  const rows = await queries.query<{ jobId: string }>({
    name: "scores/begin_training",
    text: `update scores_training set state = 'running', changed_ms = $1
            where job_id = (select job_id from scores_training where state = 'waiting'
                             order by asked_ms, job_id limit 1)
           returning job_id as "jobId"`,
    values: [nowMs],
  });
  return rows[0]?.jobId ?? null;
}

/** Writes down how far a training is; what is left out stays as it was. */
export async function noteTraining(
  queries: Queries,
  jobId: string,
  nowMs: number,
  now: Partial<Pick<Training, "state" | "step" | "shareDone" | "detail" | "version">>,
): Promise<void> {
  await queries.query({
    name: "scores/note_training",
    text: `update scores_training set state = coalesce($2, state), step = coalesce($3, step),
                  share_done = coalesce($4, share_done), detail = coalesce($5, detail),
                  version = coalesce($6::bigint, version), changed_ms = $7
            where job_id = $1`,
    values: [
      jobId,
      now.state ?? null,
      now.step ?? null,
      now.shareDone ?? null,
      now.detail ?? null,
      now.version ?? null,
      nowMs,
    ],
  });
}

export async function readTraining(queries: Queries, jobId: string): Promise<Training | null> {
  const rows = await queries.query<Training & Record<"askedMs" | "changedMs", string>>({
    name: "scores/read_training",
    text: `select job_id as "jobId", state, step, share_done as "shareDone", detail, version,
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
