import type { PersonId } from "@trato/base";
import { bigintArray, jsonArray, type Queries, textArray, uuidArray } from "../platform/index.ts";
import type { Exposure, Facts, Heard, OrderEvent, Outcome } from "./facts.ts";

/** Hearing and erasing take turns, to the end of the transaction: an erasure comes wholly before or wholly after. */
export async function takeTurns(tx: Queries): Promise<void> {
  await tx.query({
    name: "measure/take_turns",
    text: "select pg_advisory_xact_lock(hashtext('measure'))",
    values: [],
  });
}

/** Keeps what was heard; what is kept already stays as it is. */
export async function insertFacts(tx: Queries, facts: Facts): Promise<void> {
  if (facts.exposures.length > 0) await insertExposures(tx, facts.exposures);
  if (facts.outcomes.length > 0) await insertOutcomes(tx, facts.outcomes);
  if (facts.orders.length > 0) await insertOrderEvents(tx, facts.orders);
}

const keyValues = (rows: readonly Heard[]): Buffer[] => [
  uuidArray(rows.map((row) => row.personId)),
  bigintArray(rows.map((row) => row.timeMs)),
  textArray(rows.map((row) => row.source)),
  textArray(rows.map((row) => row.eventId)),
];

async function insertExposures(tx: Queries, rows: readonly Exposure[]): Promise<void> {
  await tx.query({
    name: "measure/insert_exposures",
    text: `insert into measure_exposure (person_id, time_ms, source, event_id, decision_id, key, sku)
           select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
           on conflict do nothing`,
    values: [
      ...keyValues(rows),
      textArray(rows.map((row) => row.decisionId)),
      textArray(rows.map((row) => row.key)),
      textArray(rows.map((row) => row.sku)),
    ],
  });
}

async function insertOutcomes(tx: Queries, rows: readonly Outcome[]): Promise<void> {
  await tx.query({
    name: "measure/insert_outcomes",
    text: `insert into measure_outcome (person_id, time_ms, source, event_id, decision_id, key, outcome)
           select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
           on conflict do nothing`,
    values: [
      ...keyValues(rows),
      textArray(rows.map((row) => row.decisionId)),
      textArray(rows.map((row) => row.key)),
      textArray(rows.map((row) => row.outcome)),
    ],
  });
}

async function insertOrderEvents(tx: Queries, rows: readonly OrderEvent[]): Promise<void> {
  await tx.query({
    name: "measure/insert_orders",
    text: `insert into measure_order
             (person_id, time_ms, source, event_id, kind, order_id, return_id, currency, total_minor, skus)
           select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                                $8::text[], $9::bigint[], $10::json[])
           on conflict do nothing`,
    values: [
      ...keyValues(rows),
      textArray(rows.map((row) => row.kind)),
      textArray(rows.map((row) => row.orderId)),
      textArray(rows.map((row) => row.returnId)),
      textArray(rows.map((row) => row.currency)),
      bigintArray(rows.map((row) => row.totalMinor)),
      jsonArray(rows.map((row) => row.skus)),
    ],
  });
}

type AsRead<Row extends Heard> = Omit<Row, "timeMs"> & { readonly timeMs: string };
const keyColumns = `person_id as "personId", time_ms as "timeMs", source, event_id as "eventId"`;

/**
 * What is kept of these ids since a time. Exposures and outcomes of before `untilMs` only; what became of an order may
 * come later. Three statements, whatever the number of people.
 */
export async function readFacts(
  queries: Queries,
  members: readonly PersonId[],
  span: { readonly fromMs: number; readonly untilMs: number },
): Promise<Facts> {
  const values = [uuidArray(members), span.fromMs, span.untilMs];
  const exposures = await queries.query<AsRead<Exposure>>({
    name: "measure/read_exposures",
    text: `select ${keyColumns}, decision_id as "decisionId", key, sku from measure_exposure
            where person_id = any($1::uuid[]) and time_ms >= $2 and time_ms < $3`,
    values,
  });
  const outcomes = await queries.query<AsRead<Outcome>>({
    name: "measure/read_outcomes",
    text: `select ${keyColumns}, decision_id as "decisionId", key, outcome from measure_outcome
            where person_id = any($1::uuid[]) and time_ms >= $2 and time_ms < $3`,
    values,
  });
  const orders = await queries.query<AsRead<OrderEvent> & { readonly total: string }>({
    name: "measure/read_orders",
    text: `select ${keyColumns}, kind, order_id as "orderId", return_id as "returnId", currency,
                  total_minor as total, skus
             from measure_order where person_id = any($1::uuid[]) and time_ms >= $2`,
    values: values.slice(0, 2),
  });
  return {
    exposures: exposures.map((row) => ({ ...row, timeMs: Number(row.timeMs) })),
    outcomes: outcomes.map((row) => ({ ...row, timeMs: Number(row.timeMs) })),
    orders: orders.map(({ total, ...row }) => ({
      ...row,
      timeMs: Number(row.timeMs),
      totalMinor: Number(total),
    })),
  };
}

/** Erases what is kept of these member ids; returns how many rows went. */
export async function eraseFacts(tx: Queries, members: readonly PersonId[]): Promise<number> {
  const rows = await tx.query<{ n: string }>({
    name: "measure/erase",
    text: `with exposures as (delete from measure_exposure where person_id = any($1::uuid[]) returning 1),
                outcomes as (delete from measure_outcome where person_id = any($1::uuid[]) returning 1),
                orders as (delete from measure_order where person_id = any($1::uuid[]) returning 1)
           select (select count(*) from exposures) + (select count(*) from outcomes)
                  + (select count(*) from orders) as n`,
    values: [members],
  });
  return Number(rows[0]!.n);
}

/** Deletes at most `limit` rows of each table from before a time; returns how many went of the one that lost most. */
export async function pruneFacts(queries: Queries, beforeMs: number, limit: number): Promise<number> {
  const old = (table: string) => `delete from ${table} where (person_id, time_ms, source, event_id) in
    (select person_id, time_ms, source, event_id from ${table} where time_ms < $1 limit $2) returning 1`;
  const rows = await queries.query<{ n: string }>({
    name: "measure/prune",
    text: `with exposures as (${old("measure_exposure")}), outcomes as (${old("measure_outcome")}),
                orders as (${old("measure_order")})
           select greatest((select count(*) from exposures), (select count(*) from outcomes),
                           (select count(*) from orders)) as n`,
    values: [beforeMs, limit],
  });
  return Number(rows[0]!.n);
}
