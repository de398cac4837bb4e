import { type Currency, isCurrency, type PersonId, uuid7 } from "@trato/base";
import { ok, problems, type Refusal, type Result, refuse, type Tender } from "@trato/contract";
import { hasCard } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import { insertOperations } from "./operation-store.ts";
import type { Payment } from "./payment.ts";
import {
  findCommands,
  giveToOrders,
  insertPayments,
  movePayments,
  type NewPayment,
} from "./payment-store.ts";
import { type Fact, giftFacts, moveFact, type Record, tell } from "./tell.ts";
import type { Desk, Taken, TenderKind, TenderProblem, Want } from "./tender.ts";

/** An order to be paid: its tenders add up to its total, or nothing of it happens. */
export type ToBind = {
  /** null: of no order, as when a till that keeps its own orders takes money. */
  readonly orderId: string | null;
  readonly currency: string;
  readonly totalMinor: number;
  readonly tenders: readonly Tender[];
  readonly commandId: string;
  /** Where it is bought, and by whom. */
  readonly place?: string | null;
  readonly personId?: PersonId | null;
};

export type BindNeeds = { readonly kinds: ReadonlyMap<string, TenderKind>; readonly record: Record };
export type Bound = { readonly payments: readonly Payment[] };

type Part = { readonly want: Want; readonly taken: Taken };
type Paid = { readonly order: ToBind; readonly parts: readonly Part[] };

/**
 * Takes the tenders of many orders in the caller's transaction, each order by itself: all of its tenders or none. A
 * command that bound before is not bound again. Cost, whatever the number of orders: one statement to look for repeats,
 * one or two for each kind of tender, and at most seven to write.
 */
export async function bindTenders(
  needs: BindNeeds,
  tx: Queries,
  given: readonly ToBind[],
  nowMs: number,
): Promise<Result<Bound, TenderProblem>[]> {
  const orders = given.map((order) => ({ ...order }));
  const seen = new Set(await findCommands(tx, orders));
  const fresh = orders.filter(({ orderId, commandId }) => {
    const name = `${orderId}\n${commandId}`;
    return !seen.has(name) && seen.add(name);
  });
  const wants = new Map(fresh.map((order) => [order, wantsOf(order, nowMs)]));
  const desks = await openDesks(needs, tx, [...wants.values()].flat(), nowMs);
  const refused = new Map<ToBind, Refusal<TenderProblem>>();
  const paid: Paid[] = [];
  for (const order of fresh) {
    const parts = takeAll(desks, order, wants.get(order)!);
    if (parts.ok) paid.push({ order, parts: parts.value });
    else refused.set(order, parts);
  }
  for (const desk of desks.values()) await desk.close(tx, nowMs);
  const payments = await write(needs, tx, paid, nowMs);
  return orders.map((order) => refused.get(order) ?? ok({ payments: payments.get(order) ?? [] }));
}

function wantsOf({ orderId, currency, tenders, commandId }: ToBind, nowMs: number): Want[] {
  return tenders.map((tender) => ({
    ...{ paymentId: uuid7(nowMs), orderId, commandId, tender },
    currency: currency as Currency,
  }));
}

/** Opens the desks that are wanted, always in the same order of kinds, so that two transactions never cross. */
async function openDesks(
  { kinds }: BindNeeds,
  tx: Queries,
  wants: readonly Want[],
  nowMs: number,
): Promise<Map<string, Desk>> {
  const desks = new Map<string, Desk>();
  const wanted = Map.groupBy(wants, ({ tender }) => tender.kind);
  for (const [kind, way] of [...kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const some = wanted.get(kind as Tender["kind"]);
    if (some !== undefined) desks.set(kind, await way.open(tx, some, nowMs));
  }
  return desks;
}

/** True when a text that somebody typed holds a card number; no tender has a field for one. */
export const holdsCard = (tender: Tender): boolean =>
  Object.entries(tender).some(
    ([name, value]) => name !== "paymentId" && typeof value === "string" && hasCard(value),
  );

function takeAll(
  desks: ReadonlyMap<string, Desk>,
  { currency, totalMinor, orderId }: ToBind,
  wants: readonly Want[],
): Result<readonly Part[], TenderProblem> {
  if (!isCurrency(currency)) return refuse("currency_mismatch");
  if (hasCard(orderId ?? "") || wants.some(({ tender }) => holdsCard(tender)))
    return refuse("card_number_sent");
  const parts: Part[] = [];
  const undo = () => {
    for (const { want } of parts) desks.get(want.tender.kind)!.undo(want);
  };
  for (const want of wants) {
    const taken = desks.get(want.tender.kind)!.take(want);
    if (!taken.ok) {
      undo();
      return wants.length === 1 ? taken : whichOf(taken, parts.length);
    }
    parts.push({ want, taken: taken.value });
  }
  const sumMinor = parts.reduce((sum, { taken }) => sum + taken.amountMinor, 0);
  if (sumMinor === totalMinor) return ok(parts);
  undo();
  return refuse("tenders_mismatch", {
    detail: {
      en: `The tenders are ${sumMinor}, the total is ${totalMinor} minor units of ${currency}.`,
      es: `Los medios de pago suman ${sumMinor}, el total es ${totalMinor} unidades menores de ${currency}.`,
    },
  });
}

/** Of several tenders, the one that is refused is named. */
function whichOf(refusal: Refusal<TenderProblem>, nth: number): Refusal<TenderProblem> {
  const [, en, es] = problems[refusal.problem];
  return {
    ...refusal,
    errors: [{ pointer: `/body/tenders/${nth}`, detail: refusal.detail ?? { en, es } }],
  };
}

/** Writes new payments as taken, gives opened ones to their orders and takes what was set aside. */
async function write(
  { record }: BindNeeds,
  tx: Queries,
  paid: readonly Paid[],
  nowMs: number,
): Promise<Map<ToBind, Payment[]>> {
  const made = new Map<ToBind, Payment[]>(paid.map(({ order }) => [order, []]));
  const facts: Fact[] = [];
  const rows: NewPayment[] = [];
  for (const { order, parts } of paid) {
    for (const [nth, { want, taken }] of parts.entries()) {
      if (taken.is !== "new") continue;
      const row = newPayment(order, want, { taken, nth, nowMs });
      const payment = asTaken(row, nowMs);
      rows.push(row);
      made.get(order)!.push(payment);
      const move = { movementId: row.movementId!, from: "outside" as const, to: "captured" as const };
      facts.push(...moveFact(payment, { ...move, amountMinor: row.amountMinor }));
      facts.push(...giftFacts(payment, row.movementId!));
    }
  }
  await insertPayments(tx, rows, nowMs);
  const captured = await captureOpened(tx, paid, nowMs);
  for (const { order, payment, told } of captured) {
    made.get(order)!.push(payment);
    facts.push(...told);
  }
  const whereOf = new Map(
    paid.map(({ order: { orderId, place = null, personId = null } }) => [orderId ?? "", { place, personId }]),
  );
  await tell(tx, record, { facts, payments: [...made.values()].flat(), nowMs, whereOf });
  return made;
}

type NewTaken = Extract<Taken, { readonly is: "new" }>;

function newPayment(
  { orderId, commandId }: ToBind,
  { paymentId, currency }: Want,
  { taken, nth, nowMs }: { readonly taken: NewTaken; readonly nth: number; readonly nowMs: number },
): NewPayment {
  const { is: _, ...what } = taken;
  return { paymentId, orderId, commandId, nth, currency, ...what, movementId: uuid7(nowMs) };
}

/** A payment that is taken when it is written, as it is then. */
export function asTaken(row: NewPayment, nowMs: number): Payment {
  const { commandId: _, nth: __, movementId: ___, ...payment } = row;
  const none = { authorisedMinor: 0, refundedMinor: 0, releasedMinor: 0 };
  return { ...payment, ...none, state: "captured", capturedMinor: row.amountMinor, openedMs: nowMs };
}

/** What was set aside is taken in the books; the provider is told after the commit, by an operation. */
async function captureOpened(tx: Queries, paid: readonly Paid[], nowMs: number) {
  const opened = paid.flatMap(({ order, parts }) =>
    parts.flatMap(({ taken }) => (taken.is === "opened" ? [{ order, payment: taken.payment }] : [])),
  );
  await giveToOrders(
    tx,
    opened.map(({ order, payment }) => ({ paymentId: payment.paymentId, orderId: order.orderId! })),
  );
  const toCapture = opened.filter(({ payment }) => payment.authorisedMinor > 0);
  const moves = toCapture.map(({ order, payment }) => ({
    ...{ movementId: uuid7(nowMs), paymentId: payment.paymentId },
    ...{ from: "authorised" as const, to: "captured" as const, amountMinor: payment.authorisedMinor },
    ...{ reason: "capture", commandId: order.commandId },
  }));
  const moved = new Map((await movePayments(tx, moves, nowMs)).map((one) => [one.paymentId, one]));
  await insertOperations(
    tx,
    toCapture.map(({ payment }) => ({
      ...{ operationId: uuid7(nowMs), paymentId: payment.paymentId, kind: "capture" as const },
      ...{ amountMinor: payment.authorisedMinor, token: null, outcome: "pending" as const },
    })),
    nowMs,
  );
  return opened.map(({ order, payment: before }) => {
    const payment = moved.get(before.paymentId) ?? { ...before, orderId: order.orderId };
    const move = moves.find(({ paymentId }) => paymentId === before.paymentId);
    return { order, payment, told: move === undefined ? [] : moveFact(payment, move) };
  });
}
