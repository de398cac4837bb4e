import { createHash } from "node:crypto";
import { uuid7 } from "@trato/base";
import { type QuarantineReason, type Result, refuse } from "@trato/contract";
import type { Queries } from "../platform/index.ts";

/** What could not be kept as an event: the sender's own bytes (cards blanked) and why. */
export type Rejected = {
  readonly bytes: Buffer;
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly pointer?: string | undefined;
  readonly eventId?: string | undefined;
};

export type Tally = { applied: number; repeat: number; quarantined: number; erased: number };
export const emptyTally = (): Tally => ({ applied: 0, repeat: 0, quarantined: 0, erased: 0 });

/** Puts rejects aside; the same bytes from the same source again are a repeat. Returns how many were new. */
export async function insertQuarantine(
  tx: Queries,
  source: string,
  rejects: readonly Rejected[],
  nowMs: number,
): Promise<number> {
  if (rejects.length === 0) return 0;
  const digests = rejects.map((one) => createHash("sha256").update(one.reason).update(one.bytes).digest());
  const rows = await tx.query({
    name: "events/quarantine",
    text: `insert into events_quarantine
             (quarantine_id, source, digest, received_ms, reason, detail, pointer, event_id, bytes)
           select id, $2, digest, $3, reason, detail, nullif(pointer, ''), nullif(event_id, ''), bytes
             from unnest($1::uuid[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[])
               as r (id, digest, reason, detail, pointer, event_id, bytes)
           on conflict (source, digest) do nothing returning 1`,
    values: [
      rejects.map(() => uuid7(nowMs)),
      source,
      nowMs,
      digests,
      rejects.map((one) => one.reason),
      rejects.map((one) => one.detail),
      rejects.map((one) => one.pointer ?? ""),
      rejects.map((one) => one.eventId ?? ""),
      rejects.map((one) => one.bytes),
    ],
  });
  return rows.length;
}

/** Counts fates in the transaction that decides them: what was acknowledged was counted. */
export async function addTallies(
  tx: Queries,
  tallies: ReadonlyMap<string, Tally>,
  nowMs: number,
): Promise<void> {
  const rows = [...tallies].map(([source, tally]) => ({ source, ...tally }));
  if (rows.length === 0) return;
  await tx.write({
    name: "events/add_tallies",
    text: `insert into events_tally (source, day, applied, repeat, quarantined, erased)
           select source, to_timestamp($2 / 1000.0)::date, applied, repeat, quarantined, erased
             from json_to_recordset($1::json)
               as t (source text, applied bigint, repeat bigint, quarantined bigint, erased bigint)`,
    values: [JSON.stringify(rows), nowMs],
  });
}

export type SourceTally = Tally & { readonly source: string };

/** The counters since the beginning, by source. */
export async function readTallies(queries: Queries): Promise<SourceTally[]> {
  const rows = await queries.query<Record<keyof Tally | "source", string>>({
    name: "events/read_tallies",
    text: `select source, sum(applied) as applied, sum(repeat) as repeat, sum(quarantined) as quarantined,
                  sum(erased) as erased
             from events_tally group by source order by source`,
    values: [],
  });
  return rows.map((row) => ({
    source: row.source,
    applied: Number(row.applied),
    repeat: Number(row.repeat),
    quarantined: Number(row.quarantined),
    erased: Number(row.erased),
  }));
}

/** Rolls the tally rows of finished days up to one row per source and day; returns how many rows went. */
export async function rollUpTallies(queries: Queries): Promise<number> {
  const rows = await queries.query<{ gone: string }>({
    name: "events/roll_up_tallies",
    text: `with gone as (delete from events_tally
                          where tally_id < (select coalesce(max(tally_id), 0) from events_tally) - 1000
                         returning *),
                rolled as (insert into events_tally (source, day, applied, repeat, quarantined, erased)
                           select source, day, sum(applied), sum(repeat), sum(quarantined), sum(erased)
                             from gone group by source, day)
           select count(*) as gone from gone`,
    values: [],
  });
  return Number(rows[0]?.gone ?? 0);
}

export type QuarantineRow = {
  readonly quarantineId: string;
  readonly source: string;
  readonly receivedMs: string;
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly pointer: string | null;
  readonly eventId: string | null;
  readonly bytes: Buffer;
  readonly settled: "repaired" | "dropped" | null;
};

const quarantineColumns = `quarantine_id as "quarantineId", source, received_ms as "receivedMs", reason, detail,
  pointer, event_id as "eventId", bytes, settled`;

export async function listQuarantine(
  queries: Queries,
  page: { after: string; limit: number; reason: string | null; open: boolean },
): Promise<QuarantineRow[]> {
  return queries.query<QuarantineRow>({
    name: "events/list_quarantine",
    text: `select ${quarantineColumns} from events_quarantine
            where quarantine_id > $1 and ($3::text is null or reason = $3) and (not $4 or settled is null)
            order by quarantine_id limit $2`,
    values: [page.after, page.limit, page.reason, page.open],
  });
}

export async function countQuarantine(queries: Queries): Promise<{ reason: string; open: number }[]> {
  const rows = await queries.query<{ reason: string; open: string }>({
    name: "events/count_quarantine",
    text: `select reason, count(*) as open from events_quarantine where settled is null group by reason order by 2 desc, 1`,
    values: [],
  });
  return rows.map((row) => ({ reason: row.reason, open: Number(row.open) }));
}

/** Locks one quarantined row that is still open. */
export async function holdQuarantine(
  tx: Queries,
  quarantineId: string,
): Promise<Result<QuarantineRow, "quarantine_unknown" | "quarantine_settled">> {
  const rows = await tx.query<QuarantineRow>({
    name: "events/hold_quarantine",
    text: `select ${quarantineColumns} from events_quarantine where quarantine_id = $1 for update`,
    values: [quarantineId],
  });
  const row = rows[0];
  if (row === undefined) return refuse("quarantine_unknown");
  if (row.settled !== null) return refuse("quarantine_settled");
  return { ok: true, value: row };
}

export async function settleQuarantine(
  tx: Queries,
  quarantineId: string,
  settled: "repaired" | "dropped",
  nowMs: number,
): Promise<void> {
  await tx.query({
    name: "events/settle_quarantine",
    text: "update events_quarantine set settled = $2, settled_ms = $3 where quarantine_id = $1",
    values: [quarantineId, settled, nowMs],
  });
}
