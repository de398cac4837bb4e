import { bigintArray, jsonArray, type Queries, textArray, uuidArray } from "../platform/index.ts";
import type { Move, Payment } from "./payment.ts";

const columns = `payment_id as "paymentId", order_id as "orderId", method, provider, reference, currency, state,
  amount_minor as "amountMinor", authorised_minor as "authorisedMinor", captured_minor as "capturedMinor",
  refunded_minor as "refundedMinor", released_minor as "releasedMinor", details, opened_ms as "openedMs"`;

const numbers = [
  ...(["amountMinor", "authorisedMinor", "capturedMinor", "refundedMinor"] as const),
  ...(["releasedMinor", "openedMs"] as const),
];
type Row = { [Name in keyof Payment]: Payment[Name] | string };
const readRow = (row: Row): Payment => ({
  ...(row as Payment),
  ...Object.fromEntries(numbers.map((name) => [name, Number(row[name])])),
});

async function select(queries: Queries, name: string, text: string, values: readonly unknown[]) {
  const rows = await queries.query<Row>({ name: `payments/${name}`, text, values });
  return rows.map(readRow);
}

export const findPayment = async (queries: Queries, paymentId: string): Promise<Payment | undefined> =>
  (
    await select(queries, "find_payment", `select ${columns} from payments_intent where payment_id = $1`, [
      paymentId,
    ])
  )[0];

export const findByReference = async (
  queries: Queries,
  named: { readonly provider: string; readonly reference: string },
): Promise<Payment | undefined> =>
  (
    await select(
      queries,
      "find_by_reference",
      `select ${columns} from payments_intent where provider = $1 and reference = $2`,
      [named.provider, named.reference],
    )
  )[0];

/** Payments by id, held to the end of the transaction, locked in the order of their ids. */
export const lockPayments = (tx: Queries, paymentIds: readonly string[]): Promise<Payment[]> =>
  select(
    tx,
    "lock_payments",
    `select ${columns} from payments_intent where payment_id = any($1::uuid[]) order by payment_id for update`,
    [uuidArray([...new Set(paymentIds)])],
  );

/** The payments of orders, held to the end of the transaction, locked in the order of their ids. */
export const lockPaymentsOf = (tx: Queries, orderIds: readonly string[]): Promise<Payment[]> =>
  select(
    tx,
    "lock_payments_of",
    `select ${columns} from payments_intent where order_id = any($1::text[]) order by payment_id for update`,
    [textArray([...new Set(orderIds)])],
  );

export const readPaymentsOf = (queries: Queries, orderId: string): Promise<Payment[]> =>
  select(
    queries,
    "read_payments_of",
    `select ${columns} from payments_intent where order_id = $1 order by payment_id`,
    [orderId],
  );

export type NewPayment = Pick<
  Payment,
  "paymentId" | "orderId" | "method" | "provider" | "reference" | "currency" | "amountMinor" | "details"
> & {
  readonly commandId: string;
  readonly nth: number;
  /** Taken with the row itself; else nothing has moved yet. */
  readonly movementId: string | null;
};

/** Writes new payments, and for those that are taken at once the movement that takes them; one statement. */
export async function insertPayments(tx: Queries, all: readonly NewPayment[], nowMs: number): Promise<void> {
  if (all.length === 0) return;
  await tx.query({
    name: "payments/insert_payments",
    text: `with given as (
             select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                                  $8::text[], $9::bigint[], $10::json[], $11::uuid[])
               as p (payment_id, order_id, command_id, nth, method, provider, reference, currency, amount_minor,
                     details, movement_id)),
           made as (
             insert into payments_intent (payment_id, order_id, command_id, nth, method, provider, reference, currency,
                                          amount_minor, captured_minor, details, opened_ms)
             select payment_id, order_id, command_id, nth, method, provider, reference, currency, amount_minor,
                    case when movement_id is null then 0 else amount_minor end, details, $12 from given)
           insert into payments_movement (movement_id, payment_id, from_bucket, to_bucket, amount_minor, reason,
                                          command_id, at_ms)
           select movement_id, payment_id, 'outside', 'captured', amount_minor, 'take', command_id, $12
             from given where movement_id is not null`,
    values: [
      uuidArray(all.map((one) => one.paymentId)),
      textArray(all.map((one) => one.orderId)),
      textArray(all.map((one) => one.commandId)),
      bigintArray(all.map((one) => one.nth)),
      textArray(all.map((one) => one.method)),
      textArray(all.map((one) => one.provider)),
      textArray(all.map((one) => one.reference)),
      textArray(all.map((one) => one.currency)),
      bigintArray(all.map((one) => one.amountMinor)),
      jsonArray(all.map((one) => one.details)),
      uuidArray(all.map((one) => one.movementId)),
      nowMs,
    ],
  });
}

const change = (bucket: string): string =>
  `coalesce(sum(case '${bucket}' when to_bucket then amount_minor when from_bucket then -amount_minor end), 0)`;

/**
 * Moves money and writes the movements, in one statement under the table's checks. The payments are locked, and each
 * stands in one command. Returns the payments whose money moved: one that has less than is moved, or whose command has
 * moved before, is left as it is.
 */
export async function movePayments(tx: Queries, moves: readonly Move[], nowMs: number): Promise<Payment[]> {
  if (moves.length === 0) return [];
  return select(
    tx,
    "move",
    `with given as (
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])
         as m (movement_id, payment_id, from_bucket, to_bucket, amount_minor, reason, command_id)),
     fresh as (
       select * from given g where not exists (
         select from payments_movement m
          where (m.payment_id, m.command_id, m.to_bucket) = (g.payment_id, g.command_id, g.to_bucket))),
     net as (
       select payment_id, ${change("authorised")} as authorised, ${change("captured")} as captured,
              ${change("refunded")} as refunded, ${change("released")} as released
         from fresh group by payment_id),
     moved as (
       update payments_intent i
          set authorised_minor = authorised_minor + n.authorised, captured_minor = captured_minor + n.captured,
              refunded_minor = refunded_minor + n.refunded, released_minor = released_minor + n.released
         from net n
        where i.payment_id = n.payment_id
          and authorised_minor + n.authorised >= 0 and captured_minor + n.captured >= 0
          and refunded_minor + n.refunded >= 0 and released_minor + n.released >= 0
          and authorised_minor + captured_minor + refunded_minor + released_minor
              + n.authorised + n.captured + n.refunded + n.released <= amount_minor
       returning i.*),
     told as (
       insert into payments_movement (movement_id, payment_id, from_bucket, to_bucket, amount_minor, reason, command_id,
                                      at_ms)
       select f.movement_id, f.payment_id, f.from_bucket, f.to_bucket, f.amount_minor, f.reason, f.command_id, $8
         from fresh f join moved using (payment_id))
     select ${columns} from moved order by payment_id`,
    [
      uuidArray(moves.map((one) => one.movementId)),
      uuidArray(moves.map((one) => one.paymentId)),
      textArray(moves.map((one) => one.from)),
      textArray(moves.map((one) => one.to)),
      bigintArray(moves.map((one) => one.amountMinor)),
      textArray(moves.map((one) => one.reason)),
      textArray(moves.map((one) => one.commandId)),
      nowMs,
    ],
  );
}

/** Commands that have moved money of an order or opened a payment of it before, as "order\ncommand". */
export async function findCommands(
  tx: Queries,
  asked: readonly { readonly orderId: string | null; readonly commandId: string }[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ order_id: string; command_id: string }>({
    name: "payments/find_commands",
    text: `select distinct c.order_id, c.command_id
             from unnest($1::text[], $2::text[]) as c (order_id, command_id)
             join payments_intent i on i.order_id = c.order_id
             join payments_movement m on m.payment_id = i.payment_id and m.command_id = c.command_id`,
    values: [
      textArray(asked.map(({ orderId }) => orderId)),
      textArray(asked.map(({ commandId }) => commandId)),
    ],
  });
  return new Set(rows.map((row) => `${row.order_id}\n${row.command_id}`));
}

/**
 * References that some payment has already, as "method\nreference". Nobody else can use one of them before the
 * transaction ends.
 */
export async function findReferences(
  tx: Queries,
  asked: readonly { readonly method: string; readonly reference: string }[],
): Promise<ReadonlySet<string>> {
  await tx.query({
    name: "payments/lock_references",
    text: `select pg_advisory_xact_lock(name) from (
             select distinct hashtextextended('payments/' || r, 0) as name from unnest($1::text[]) as t (r)
              order by 1) as sorted`,
    values: [textArray(asked.map(({ method, reference }) => `${method}/${reference}`))],
  });
  const rows = await tx.query<{ method: string; reference: string }>({
    name: "payments/find_references",
    text: `select i.method, i.reference from unnest($1::text[], $2::text[]) as r (method, reference)
             join payments_intent i on i.provider = 'reference' and (i.method, i.reference) = (r.method, r.reference)`,
    values: [
      textArray(asked.map(({ method }) => method)),
      textArray(asked.map(({ reference }) => reference)),
    ],
  });
  return new Set(rows.map((row) => `${row.method}\n${row.reference}`));
}

/** Gives payments that were opened before to their orders. */
export async function giveToOrders(
  tx: Queries,
  bound: readonly { readonly paymentId: string; readonly orderId: string }[],
): Promise<void> {
  if (bound.length === 0) return;
  await tx.query({
    name: "payments/give_to_orders",
    text: `update payments_intent i set order_id = b.order_id
             from unnest($1::uuid[], $2::text[]) as b (payment_id, order_id) where i.payment_id = b.payment_id`,
    values: [uuidArray(bound.map((one) => one.paymentId)), textArray(bound.map((one) => one.orderId))],
  });
}

/** What a provider told of a payment: its own name for it, brand and last digits, how it ended. */
export async function notePayment(
  tx: Queries,
  paymentId: string,
  told: { readonly reference?: string; readonly outcome?: string; readonly details?: object },
): Promise<Payment> {
  const rows = await select(
    tx,
    "note_payment",
    `update payments_intent
        set reference = coalesce($2, reference), outcome = coalesce($3, outcome),
            details = (details::jsonb || $4::jsonb)::json
      where payment_id = $1 returning ${columns}`,
    [paymentId, told.reference ?? null, told.outcome ?? null, JSON.stringify(told.details ?? {})],
  );
  return rows[0]!;
}

export type KeptMove = Move & { readonly atMs: number };

/** The movements of payments, as they happened. */
export async function readMoves(queries: Queries, paymentIds: readonly string[]): Promise<KeptMove[]> {
  type MoveRow = Omit<KeptMove, "amountMinor" | "atMs"> & { amountMinor: string; atMs: string };
  const rows = await queries.query<MoveRow>({
    name: "payments/read_moves",
    text: `select movement_id as "movementId", payment_id as "paymentId", from_bucket as "from", to_bucket as "to",
                  amount_minor as "amountMinor", reason, command_id as "commandId", at_ms as "atMs"
             from payments_movement where payment_id = any($1::uuid[]) order by nth`,
    values: [uuidArray(paymentIds)],
  });
  return rows.map((row) => ({ ...row, amountMinor: Number(row.amountMinor), atMs: Number(row.atMs) }));
}
