import type { ModelCard, ModelDrift, ModelFamily, TrainingOutcome } from "@trato/contract";
import type { Queries } from "../platform/index.ts";

/** A model as it is listed, without its bytes. */
export type ModelRow = {
  readonly version: string;
  readonly family: ModelFamily;
  readonly trainedMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly people: number;
  readonly orders: number;
  readonly items: number;
  readonly champion: boolean;
  readonly card: ModelCard;
  readonly drift: ModelDrift | null;
};

const modelColumns = `version, family, trained_ms as "trainedMs", from_ms as "fromMs", until_ms as "untilMs", people,
  orders, items, champion, card, drift`;

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
  model: Omit<ModelRow, "version" | "champion" | "drift"> & { readonly bytes: Uint8Array },
): Promise<string> {
  const rows = await tx.query<{ version: string }>({
    name: "scores/insert_model",
    text: `insert into scores_model (family, trained_ms, from_ms, until_ms, people, orders, items, bytes, card)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning version`,
    values: [
      model.family,
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

/** Puts a model in charge of its family in place of the one that is; false when there is no such model. */
export async function promoteModel(tx: Queries, version: string): Promise<boolean> {
  const held = await tx.query<{ version: string; family: string }>({
    name: "scores/hold_models",
    text: `select version, family from scores_model
            where version = $1::bigint
               or champion and family = (select family from scores_model where version = $1::bigint)
            order by version for update`,
    values: [version],
  });
  const own = held.find((row) => row.version === version);
  if (own === undefined) return false;
  await tx.query({
    name: "scores/retire_model",
    text: `update scores_model set champion = false where champion and family = $2 and version <> $1::bigint`,
    values: [version, own.family],
  });
  await tx.query({
    name: "scores/promote_model",
    text: "update scores_model set champion = true where version = $1::bigint and not champion",
    values: [version],
  });
  return true;
}

/** The versions in charge, of every family that has one, ascending. Asked for every second or so by each process. */
export async function readChampionVersions(queries: Queries): Promise<string[]> {
  const rows = await queries.query<{ version: string }>({
    name: "scores/champion_versions",
    text: "select version from scores_model where champion order by version",
    values: [],
  });
  return rows.map((row) => row.version);
}

/** The model in charge of a family with its bytes, null when there is none. */
export async function readChampion(
  queries: Queries,
  family: ModelFamily,
): Promise<(ModelRow & { readonly bytes: Uint8Array }) | null> {
  const rows = await queries.query<RawModel & { bytes: Buffer }>({
    name: "scores/read_champion",
    text: `select ${modelColumns}, bytes from scores_model where champion and family = $1`,
    values: [family],
  });
  return rows[0] === undefined ? null : { ...modelOf(rows[0]), bytes: rows[0].bytes };
}

export async function writeDrift(queries: Queries, version: string, drift: ModelDrift): Promise<void> {
  await queries.query({
    name: "scores/write_drift",
    text: "update scores_model set drift = $2 where version = $1::bigint",
    values: [version, JSON.stringify(drift)],
  });
}

export type FamilyRow = {
  readonly family: ModelFamily;
  readonly triedMs: number;
  readonly outcome: TrainingOutcome;
};

/** Remembers how a family's last training went, also when it made no model. */
export async function keepOutcome(queries: Queries, outcome: TrainingOutcome, nowMs: number): Promise<void> {
  await queries.query({
    name: "scores/keep_outcome",
    text: `insert into scores_family (family, tried_ms, outcome) values ($1, $2, $3)
           on conflict (family) do update set tried_ms = excluded.tried_ms, outcome = excluded.outcome`,
    values: [outcome.family, nowMs, JSON.stringify(outcome)],
  });
}

export async function readFamilies(queries: Queries): Promise<FamilyRow[]> {
  const rows = await queries.query<FamilyRow & { triedMs: string }>({
    name: "scores/read_families",
    text: `select family, tried_ms as "triedMs", outcome from scores_family`,
    values: [],
  });
  return rows.map((row) => ({ ...row, triedMs: Number(row.triedMs) }));
}

/** The models in charge, without their bytes. */
export async function readChampions(queries: Queries): Promise<ModelRow[]> {
  const rows = await queries.query<RawModel>({
    name: "scores/read_champions",
    text: `select ${modelColumns} from scores_model where champion order by version`,
    values: [],
  });
  return rows.map(modelOf);
}

export async function readModel(queries: Queries, version: string): Promise<ModelRow | null> {
  const rows = await queries.query<RawModel>({
    name: "scores/read_model",
    text: `select ${modelColumns} from scores_model where version = $1::bigint`,
    values: [version],
  });
  return rows[0] === undefined ? null : modelOf(rows[0]);
}

export type ModelBytes = {
  readonly version: string;
  readonly family: ModelFamily;
  readonly bytes: Uint8Array;
};

/** These models with their bytes, by ascending version; those that are not there are missing. */
export async function readModelBytes(queries: Queries, versions: readonly string[]): Promise<ModelBytes[]> {
  return queries.query<ModelBytes & { bytes: Buffer }>({
    name: "scores/read_model_bytes",
    text: `select version, family, bytes from scores_model where version = any($1::bigint[]) order by version`,
    values: [versions],
  });
}

/** Models, newest first, before a version; of one family, or of all. */
export async function listModelRows(
  queries: Queries,
  page: { readonly before: string | null; readonly limit: number; readonly family: ModelFamily | null },
): Promise<ModelRow[]> {
  const rows = await queries.query<RawModel>({
    name: "scores/list_models",
    text: `select ${modelColumns} from scores_model
            where ($1::bigint is null or version < $1) and ($3::text is null or family = $3)
            order by version desc limit $2`,
    values: [page.before, page.limit, page.family],
  });
  return rows.map(modelOf);
}
