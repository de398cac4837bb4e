import { assert, type PersonId } from "@trato/base";
import {
  bigintArray,
  type CopyRows,
  copyRows,
  jsonArray,
  type Queries,
  type Transaction,
  textArray,
  uuidArray,
} from "../platform/index.ts";
import type { KeptEvent } from "./event.ts";
import type { LoggedEvent } from "./needs.ts";

/** An event to keep, whose it is, and its key. */
export type Wanted = { readonly event: KeptEvent; readonly home: PersonId; readonly key: string };

/** Events of a batch were kept before: the transaction is over; begin it again with `appendNew`. */
export class RepeatAmongThem extends Error {
  readonly code = "40001";
}

const isRepeat = (cause: unknown): boolean =>
  cause instanceof Error && (cause as Error & { constraint?: string }).constraint === "events_log_once";

const repeatOr = (cause: unknown): unknown =>
  isRepeat(cause) ? new RepeatAmongThem("an event was kept before", { cause }) : cause;

/** The log's sequence moves a block at a time: no statement appends more events than a block has positions. */
export const blockPositions = 10_000;

/** The first position of a block of the log that is the caller's alone; it may be asked for ahead of an append. */
export async function nextBlock(tx: Queries): Promise<number> {
  const rows = await tx.query<{ block: string }>({
    name: "events/next_block",
    text: "select nextval('events_log_position_seq') as block",
    values: [],
  });
  return Number(rows[0]!.block);
}

/** Sorted by key, so that two transactions never wait for each other in a circle; each with its place in the log. */
function inOrder(wanted: readonly Wanted[], first: number): { sorted: Wanted[]; positions: number[] } {
  assert(wanted.length <= blockPositions, "the events of one append fit in a block");
  const sorted = [...wanted].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { sorted, positions: sorted.map((_, i) => first + i) };
}

/**
 * Appends events that are taken to be new; one that was kept before throws RepeatAmongThem. Costs the database half of
 * what `appendNew` does.
 */
export async function appendEvents(tx: Transaction, wanted: readonly Wanted[]): Promise<LoggedEvent[]> {
  const { sorted, positions } = inOrder(wanted, await nextBlock(tx));
  const rows = copyRows(sorted.length * 512);
  for (const [i, { event, home }] of sorted.entries()) writeEvent(rows, event, home, positions[i]!);
  await tx
    .copyIn(
      `copy events_log (position, person_id, source, id, type, time_ms, received_ms, channel, store, session,
                        identities, data) from stdin (format binary)`,
      rows,
    )
    .catch((cause: unknown) => {
      throw repeatOr(cause);
    });
  return sorted.map(({ event, home }, i) => ({ event, home, position: positions[i]! }));
}

function writeEvent(rows: CopyRows, event: KeptEvent, home: PersonId, position: number): void {
  rows.row(12);
  rows.bigint(position);
  rows.uuid(home);
  rows.text(event.source);
  rows.text(event.id);
  rows.text(event.type);
  rows.bigint(event.timeMs);
  rows.bigint(event.receivedAtMs);
  rows.text(event.channel);
  rows.text(event.store);
  rows.text(event.session);
  rows.json(event.identities);
  rows.json(event.data);
}

const appended = `insert into events_log
             (position, person_id, source, id, type, time_ms, received_ms, channel, store, session, identities, data)
           overriding system value
           select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[],
                                $7::bigint[], $8::text[], $9::text[], $10::text[], $11::json[], $12::json[])`;

/** The values of `appended`. */
function columnsOf({ sorted, positions }: ReturnType<typeof inOrder>): unknown[] {
  const events = sorted.map((one) => one.event);
  return [
    bigintArray(positions),
    uuidArray(sorted.map((one) => one.home)),
    textArray(events.map((event) => event.source)),
    textArray(events.map((event) => event.id)),
    textArray(events.map((event) => event.type)),
    bigintArray(events.map((event) => event.timeMs)),
    bigintArray(events.map((event) => event.receivedAtMs)),
    textArray(events.map((event) => event.channel)),
    textArray(events.map((event) => event.store)),
    textArray(events.map((event) => event.session)),
    jsonArray(events.map((event) => event.identities)),
    jsonArray(events.map((event) => event.data)),
  ];
}

/**
 * Appends events that are taken to be new, without waiting for it: when one was kept before, the transaction ends with
 * RepeatAmongThem.
 */
export async function appendAhead(
  tx: Queries,
  wanted: readonly Wanted[],
  block: Promise<number>,
): Promise<LoggedEvent[]> {
  const { sorted, positions } = inOrder(wanted, await block);
  const append = { name: "events/append_ahead", text: appended, values: columnsOf({ sorted, positions }) };
  await tx.write(append, { meaning: repeatOr });
  return sorted.map(({ event, home }, i) => ({ event, home, position: positions[i]! }));
}

/** Appends the events that are new; one whose (source, id) is there already is left as it is and not in the answer. */
export async function appendNew(
  tx: Queries,
  wanted: readonly Wanted[],
  block: Promise<number> = nextBlock(tx),
): Promise<LoggedEvent[]> {
  const { sorted, positions } = inOrder(wanted, await block);
  const rows = await tx.query<{ position: string }>({
    name: "events/append_new",
    text: `${appended} on conflict (source, id) do nothing returning position`,
    values: columnsOf({ sorted, positions }),
  });
  const isNew = new Set(rows.map((row) => Number(row.position)));
  return sorted.flatMap(({ event, home }, i) =>
    isNew.has(positions[i]!) ? [{ event, home, position: positions[i]! }] : [],
  );
}
