import { type Currency, isCurrency, limits, type PersonId } from "@trato/base";
import { linesOf, minorOf, textOf } from "@trato/contract";
import type { Act, Order, OrderLine } from "./order.ts";
import { stateOf } from "./rules.ts";

/** An event about an order, as the log hands it on. */
export type HeardEvent = {
  readonly personId: PersonId | null;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly timeMs: number;
  readonly channel: string | null;
  readonly store: string | null;
  readonly data: { readonly [name: string]: unknown };
};

const kinds = {
  "order.placed": "placed",
  "order.updated": "updated",
  "order.cancelled": "cancelled",
  "order.returned": "returned",
} as const;
export const heardTypes = Object.keys(kinds) as (keyof typeof kinds)[];

/**
 * What an event of another system says of an order; null when it names none. Each telling is kept: which one counts is
 * judged when all are looked at, so that it does not depend on which came first.
 */
export function actOf(event: HeardEvent): Act | null {
  const orderId = textOf(event.data, "orderId");
  const kind = kinds[event.type as keyof typeof kinds];
  if (orderId === null || kind === undefined) return null;
  const told: Told = {
    returnId: textOf(event.data, "returnId"),
    lines: linesWithAmounts(event.data),
    totalMinor: minorOf(event.data, "totalMinor") ?? 0,
    currency: textOf(event.data, "currency", 3),
    channel: event.channel,
    placeId: event.store,
  };
  return {
    ...{
      orderId,
      kind,
      source: event.source,
      personId: event.personId,
      atMs: event.timeMs,
      refundMinor: 0,
      told,
    },
    actId: `${event.source}/${event.id}`,
  };
}

type ToldLine = { readonly sku: string; readonly quantity: number; readonly amountMinor: number };
type Told = {
  readonly returnId: string | null;
  readonly lines: readonly ToldLine[];
  readonly totalMinor: number;
  readonly currency: string | null;
  readonly channel: string | null;
  readonly placeId: string | null;
};
const toldOf = (act: Act): Told => act.told as Told;

function linesWithAmounts(data: HeardEvent["data"]): ToldLine[] {
  const given = Array.isArray(data["lines"]) ? data["lines"] : [];
  return given
    .slice(0, limits.linesPerOrderMax)
    .flatMap((line: unknown) =>
      linesOf({ lines: [line] }).map((read) => ({ ...read, amountMinor: minorOf(line, "amountMinor") ?? 0 })),
    );
}

/** The one order in which acts are looked at: by time, then id. */
const bySequence = (a: Act, b: Act): number =>
  a.atMs - b.atMs || (a.actId < b.actId ? -1 : a.actId > b.actId ? 1 : 0);

/**
 * An order of another system from all that is known of it; null while nobody has told that it was placed: until then
 * its returns and cancellations wait. The acts may come in any sequence and more than once: the order is the same. It
 * is the one first placed; the last update says what it holds; a cancellation calls all of it off; returns take back
 * from its lines, never more than there are; one told by till and shop has one id and happened once. What another
 * system reports has left its hands.
 */
export function foldOutside(acts: readonly Act[]): Order | null {
  const sorted = [...new Map(acts.map((act) => [act.actId, act])).values()].sort(bySequence);
  const placed = sorted.find(({ kind }) => kind === "placed");
  if (placed === undefined) return null;
  const asItIs = sorted.findLast(({ kind }) => kind === "updated") ?? placed;
  const { lines, totalMinor, currency, channel, placeId } = { ...toldOf(placed), ...whatHolds(asItIs) };
  if (currency === null || !isCurrency(currency) || lines.length === 0) return null;
  const isCancelled = sorted.some(({ kind }) => kind === "cancelled");
  const returns = distinctReturns(sorted).filter((act) => toldOf(act).currency === currency);
  const counted = isCancelled ? lines.map(called) : takeBack(lines.map(left), returns);
  const back = returns.reduce((sum, act) => sum + Math.abs(toldOf(act).totalMinor), 0);
  return {
    ...{
      orderId: placed.orderId,
      origin: "event",
      personId: placed.personId,
      cartId: null,
      channel,
      placeId,
    },
    ...{ currency: currency as Currency, totalMinor, placedMs: placed.atMs, parts: [], priced: [] },
    ...{ lines: counted, state: stateOf(counted), version: sorted.length },
    refundedMinor: isCancelled ? Math.max(0, totalMinor) : Math.min(back, Math.max(0, totalMinor)),
  };
}

/** Of the tellings of one return the first counts. */
function distinctReturns(sorted: readonly Act[]): Act[] {
  const first = new Map<string, Act>();
  for (const act of sorted) {
    const name = toldOf(act).returnId ?? act.actId;
    if (act.kind === "returned" && !first.has(name)) first.set(name, act);
  }
  return [...first.values()];
}

const whatHolds = (act: Act): Partial<Told> => {
  const { lines, totalMinor, currency } = toldOf(act);
  return lines.length === 0 ? {} : { lines, totalMinor, currency };
};

const begin = ({ sku, quantity, amountMinor }: ToldLine, i: number) => {
  return { line: i + 1, sku, quantity, totalMinor: amountMinor, shipped: 0, cancelled: 0, returned: 0 };
};
const called = (line: ToldLine, i: number): OrderLine => ({ ...begin(line, i), cancelled: line.quantity });
const left = (line: ToldLine, i: number): OrderLine => ({ ...begin(line, i), shipped: line.quantity });

/** Counts what came back to the lines of its item, first to the first. */
function takeBack(lines: readonly OrderLine[], returns: readonly Act[]): OrderLine[] {
  const back = new Map<string, number>();
  for (const act of returns) {
    for (const { sku, quantity } of toldOf(act).lines) back.set(sku, (back.get(sku) ?? 0) + quantity);
  }
  return lines.map((line) => {
    const returned = Math.min(line.shipped, back.get(line.sku) ?? 0);
    back.set(line.sku, (back.get(line.sku) ?? 0) - returned);
    return { ...line, returned };
  });
}
