import type { OperationAnswer } from "@trato/contract";
import { bigintArray, type Queries, textArray, uuidArray } from "../platform/index.ts";

export type OperationKind = OperationAnswer["kind"];
export type Outcome = OperationAnswer["outcome"];

/** What a provider is asked: written before it is asked, so that a crash in between is put right later. */
export type Operation = {
  readonly operationId: string;
  readonly paymentId: string;
  readonly kind: OperationKind;
  readonly amountMinor: number;
  readonly token: string | null;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly clientSecret: string | null;
  readonly tries: number;
  readonly askedMs: number;
};

const columns = `operation_id as "operationId", payment_id as "paymentId", kind, amount_minor as "amountMinor", token,
  outcome, reason, client_secret as "clientSecret", tries, asked_ms as "askedMs"`;

type Row = Omit<Operation, "amountMinor" | "askedMs"> & {
  readonly amountMinor: string;
  readonly askedMs: string;
};
const readRow = (row: Row): Operation => ({
  ...row,
  amountMinor: Number(row.amountMinor),
  askedMs: Number(row.askedMs),
});

export type NewOperation = Pick<
  Operation,
  "operationId" | "paymentId" | "kind" | "amountMinor" | "token" | "outcome"
>;

export async function insertOperations(
  tx: Queries,
  all: readonly NewOperation[],
  nowMs: number,
): Promise<void> {
  if (all.length === 0) return;
  await tx.query({
    name: "payments/insert_operations",
    text: `insert into payments_operation (operation_id, payment_id, kind, amount_minor, token, outcome, next_ms,
                                           asked_ms)
           select operation_id, payment_id, kind, amount_minor, token, outcome, $7, $7
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[]) with ordinality
               as o (operation_id, payment_id, kind, amount_minor, token, outcome, nth)
            order by nth`,
    values: [
      uuidArray(all.map((one) => one.operationId)),
      uuidArray(all.map((one) => one.paymentId)),
      textArray(all.map((one) => one.kind)),
      bigintArray(all.map((one) => one.amountMinor)),
      textArray(all.map((one) => one.token)),
      textArray(all.map((one) => one.outcome)),
      nowMs,
    ],
  });
}

export async function findOperation(queries: Queries, operationId: string): Promise<Operation | undefined> {
  const rows = await queries.query<Row>({
    name: "payments/find_operation",
    text: `select ${columns} from payments_operation where operation_id = $1`,
    values: [operationId],
  });
  return rows.map(readRow)[0];
}

/** All that was asked about a payment, first things first. */
export async function readOperations(queries: Queries, paymentId: string): Promise<Operation[]> {
  const rows = await queries.query<Row>({
    name: "payments/read_operations",
    text: `select ${columns} from payments_operation where payment_id = $1 order by nth`,
    values: [paymentId],
  });
  return rows.map(readRow);
}

/**
 * Takes operations that are due, at most `most`: nobody else asks their provider before `leaseMs` is over. Of one
 * payment only the first that is pending, so that a refund is not asked for before what it gives back was taken; and
 * those for which the buyer had to act, as long as they were asked for less than `lookMsMax` ago.
 */
export async function leaseOperations(
  queries: Queries,
  asked: {
    readonly nowMs: number;
    readonly leaseMs: number;
    readonly most: number;
    readonly lookMsMax: number;
    /** Only this payment's; null for any. */
    readonly paymentId: string | null;
  },
): Promise<Operation[]> {
  const all = columns.replace("operation_id as", "o.operation_id as");
  const rows = await queries.query<Row>({
    name: "payments/lease_operations",
    text: `with due as (
             select operation_id from payments_operation o
              where outcome in ('pending', 'action_needed') and next_ms <= $1
                and (outcome = 'pending' or asked_ms > $1 - $5) and ($4::uuid is null or payment_id = $4)
                and not exists (select from payments_operation b where b.payment_id = o.payment_id
                                   and b.nth < o.nth and b.outcome = 'pending')
              order by next_ms limit $3 for update skip locked)
           update payments_operation o set next_ms = $1 + $2, tries = tries + 1 from due
            where o.operation_id = due.operation_id returning ${all}`,
    values: [asked.nowMs, asked.leaseMs, asked.most, asked.paymentId, asked.lookMsMax],
  });
  return rows.map(readRow);
}

/** An operation is about more money than when it was asked for. */
export async function raiseOperation(tx: Queries, operationId: string, amountMinor: number): Promise<void> {
  await tx.query({
    name: "payments/raise_operation",
    text: "update payments_operation set amount_minor = $2 where operation_id = $1",
    values: [operationId, amountMinor],
  });
}

/**
 * Closes an operation and tells how much it is about; undefined when somebody did before, and then nothing more is to
 * be done about it. What was done may still fail: a bank can send a refund back days later.
 */
export async function closeOperation(
  tx: Queries,
  operationId: string,
  told: {
    readonly outcome: Outcome;
    readonly reason?: string;
    readonly clientSecret?: string;
    /** When it is looked at again, should the buyer have to act. */
    readonly nextMs: number;
  },
): Promise<number | undefined> {
  const rows = await tx.query<{ amountMinor: string }>({
    name: "payments/close_operation",
    text: `update payments_operation
              set outcome = $2, reason = coalesce($3, reason), client_secret = $4, next_ms = $5,
                  token = case when $2 = 'pending' then token end
            where operation_id = $1 and outcome <> $2
              and (outcome in ('pending', 'action_needed') or (outcome = 'done' and $2 = 'failed'))
        returning amount_minor as "amountMinor"`,
    values: [operationId, told.outcome, told.reason ?? null, told.clientSecret ?? null, told.nextMs],
  });
  return rows[0] === undefined ? undefined : Number(rows[0].amountMinor);
}

/** Nobody knows what became of it: it is asked again at `nextMs`, by whoever is free. */
export async function postponeOperation(
  queries: Queries,
  operationId: string,
  { nextMs, reason }: { readonly nextMs: number; readonly reason: string | null },
): Promise<void> {
  await queries.query({
    name: "payments/postpone_operation",
    text: `update payments_operation set next_ms = $2, reason = coalesce($3, reason)
            where operation_id = $1 and outcome in ('pending', 'action_needed')`,
    values: [operationId, nextMs, reason],
  });
}
