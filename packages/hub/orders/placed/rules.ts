import { assert } from "@trato/base";
import { mayBecome, type OrderState, ok, orderStates, type Result, refuse } from "@trato/contract";
import type { LineQuantity, Order, OrderLine, OrderPart, PartQuantity } from "./order.ts";

export type Counted = "shipped" | "cancelled" | "returned";

/** How many of a line can still be shipped, called off or brought back. */
export function openOf(line: OrderLine, what: Counted): number {
  return what === "returned" ? line.shipped - line.returned : line.quantity - line.shipped - line.cancelled;
}

/** What an order is, from what became of its lines. */
export function stateOf(lines: readonly OrderLine[]): OrderState {
  const sum = (what: Counted | "quantity") => lines.reduce((total, line) => total + line[what], 0);
  const [quantity, shipped, cancelled, returned] = [
    sum("quantity"),
    sum("shipped"),
    sum("cancelled"),
    sum("returned"),
  ];
  if (cancelled === quantity) return "cancelled";
  if (shipped === 0) return "placed";
  if (shipped + cancelled < quantity) return "partly_shipped";
  if (returned === 0) return "shipped";
  return returned < shipped ? "partly_returned" : "returned";
}

/**
 * The lines that a command means: those it names, or all that is open; the same line named twice counts together.
 */
export function meant(
  order: Order,
  what: Counted,
  asked: readonly LineQuantity[] | undefined,
): Result<LineQuantity[], "quantity_not_open" | "request_invalid"> {
  const wanted = new Map<number, number>();
  for (const { line, quantity } of asked ?? []) wanted.set(line, (wanted.get(line) ?? 0) + quantity);
  if (asked === undefined) for (const line of order.lines) wanted.set(line.line, openOf(line, what));
  const found: LineQuantity[] = [];
  for (const [line, quantity] of wanted) {
    const one = order.lines.find((each) => each.line === line);
    if (one === undefined) {
      const errors = [
        {
          pointer: "/body/lines",
          detail: { en: `the order has no line ${line}`, es: `el pedido no tiene línea ${line}` },
        },
      ];
      return refuse("request_invalid", { errors });
    }
    const open = openOf(one, what);
    if (quantity > open)
      return refuse("quantity_not_open", {
        detail: { en: `line ${line}: ${open}`, es: `línea ${line}: ${open}` },
      });
    if (quantity > 0) found.push({ line, quantity });
  }
  return found.length > 0
    ? ok(found)
    : refuse("quantity_not_open", {
        detail: { en: "Nothing is left of any line.", es: "No queda nada de ninguna línea." },
      });
}

/** The order after so many of its lines were shipped, called off or came back. */
export function count(order: Order, what: Counted, by: readonly LineQuantity[]): Order {
  const more = new Map(by.map(({ line, quantity }) => [line, quantity]));
  const lines = order.lines.map((line) => ({ ...line, [what]: line[what] + (more.get(line.line) ?? 0) }));
  return withState({ ...order, lines });
}

/** One version on, in the state that its lines say; a step that the table does not know is a bug. */
export function withState(order: Order): Order {
  const state = stateOf(order.lines);
  assert(
    mayBecome(orderStates, { from: order.state, to: state }),
    `an order that is ${order.state} may become ${state}`,
  );
  return { ...order, state, version: order.version + 1 };
}

/**
 * What goes back for so many of a line: its share of what was paid for the line. Shares are taken from the line's
 * running total, so that whatever the steps, all of it together is exactly what was paid.
 */
export function refundFor(line: OrderLine, quantity: number): number {
  const before = line.cancelled + line.returned;
  const shareOf = (count: number): number =>
    Number((BigInt(line.totalMinor) * BigInt(count)) / BigInt(line.quantity));
  return shareOf(before + quantity) - shareOf(before);
}

/** Of an order whose provider did not take `voidedMinor`: what is unpaid of what was not called off. */
export function unpaidOf({ lines }: Order, voidedMinor: number): number {
  const calledOff = lines.reduce(
    (sum, line) => sum + refundFor({ ...line, cancelled: 0, returned: 0 }, line.cancelled),
    0,
  );
  return Math.max(0, voidedMinor - calledOff);
}

export function refundOf(order: Order, by: readonly LineQuantity[]): number {
  return by.reduce((sum, { line, quantity }) => {
    const one = order.lines.find((each) => each.line === line)!;
    return sum + refundFor(one, quantity);
  }, 0);
}

export type Taken = { readonly parts: readonly OrderPart[]; readonly taken: readonly PartQuantity[] };

/**
 * Takes the goods of some lines out of what is still to leave, at one place or wherever they are, in the order of the
 * parts. A line that needs no stock takes none. A bundle takes all its parts in their proportion.
 */
export function takeGoods(
  order: Order,
  by: readonly LineQuantity[],
  placeId: string | undefined,
): Result<Taken, "quantity_not_open"> {
  const left = order.parts.map((part) => ({ ...part }));
  const taken: PartQuantity[] = [];
  for (const { sku, since, quantity, of } of heapsOf(order, by)) {
    for (const [component, perLine] of componentsOf(order.parts, { sku, since })) {
      let missing = (perLine * quantity) / of;
      assert(Number.isInteger(missing), "a bundle is whole");
      for (const part of left) {
        if (missing === 0) break;
        if (part.forSku !== sku || part.sku !== component || sinceOf(part) !== since) continue;
        if (placeId !== undefined && part.placeId !== placeId) continue;
        const count = Math.min(missing, part.left);
        if (count === 0) continue;
        part.left -= count;
        missing -= count;
        taken.push({ placeId: part.placeId, forSku: sku, sku: component, quantity: count });
      }
      if (missing > 0) {
        const [at, en] = placeId === undefined ? ["", ""] : [` at ${placeId}`, ` en ${placeId}`];
        const detail = {
          en: `${sku}: ${missing} of ${component} too few${at}`,
          es: `${sku}: faltan ${missing} de ${component}${en}`,
        };
        return refuse("quantity_not_open", { detail });
      }
    }
  }
  return ok({ parts: left, taken });
}

/** Goods that are one heap: those of an item that were taken at one time, when it was placed or in an exchange. */
type Heap = { readonly sku: string; readonly since: number };

const sinceOf = ({ sinceLine = 1 }: OrderPart): number => sinceLine;

/** The heap a line's goods are in: the last one that began with it or before. */
function heapOf({ parts }: Order, { line, sku }: OrderLine): Heap {
  const since = parts.reduce((last, part) => {
    const began = sinceOf(part);
    return began <= line && began > last ? began : last;
  }, 1);
  return { sku, since };
}

const isSame = (a: Heap, b: Heap): boolean => a.sku === b.sku && a.since === b.since;

/** How many units of an item a heap was taken for. */
const sizeOf = (order: Order, heap: Heap): number =>
  order.lines.reduce((sum, line) => (isSame(heapOf(order, line), heap) ? sum + line.quantity : sum), 0);

/** Several lines of one time may be of one item: their goods are one heap. */
function heapsOf(order: Order, by: readonly LineQuantity[]) {
  const sums = new Map<string, Heap & { quantity: number }>();
  for (const { line, quantity } of by) {
    const heap = heapOf(order, order.lines.find((each) => each.line === line)!);
    const name = `${heap.since}\n${heap.sku}`;
    sums.set(name, { ...heap, quantity: (sums.get(name)?.quantity ?? 0) + quantity });
  }
  return [...sums.values()].map((heap) => ({ ...heap, of: sizeOf(order, heap) }));
}

function componentsOf(parts: readonly OrderPart[], { sku, since }: Heap): Map<string, number> {
  const components = new Map<string, number>();
  for (const part of parts) {
    if (part.forSku !== sku || sinceOf(part) !== since) continue;
    components.set(part.sku, (components.get(part.sku) ?? 0) + part.quantity);
  }
  return components;
}

/** Of all that is open, what can leave one place: as many of each item, line after line, as its goods there allow. */
export function leavingFrom(order: Order, placeId: string): LineQuantity[] {
  const leftOf = new Map<string, number>();
  return order.lines.flatMap((line) => {
    const heap = heapOf(order, line);
    const name = `${heap.since}\n${heap.sku}`;
    const left = leftOf.get(name) ?? unitsAt(order, heap, placeId);
    const quantity = Math.min(left, openOf(line, "shipped"));
    leftOf.set(name, left - quantity);
    return quantity > 0 ? [{ line: line.line, quantity }] : [];
  });
}

/** How many of an item the goods at a place make up; of a bundle as many as of its scarcest part. */
function unitsAt(order: Order, heap: Heap, placeId: string): number {
  const of = sizeOf(order, heap);
  const own = order.parts.filter((part) => part.forSku === heap.sku && sinceOf(part) === heap.since);
  const most = [...componentsOf(own, heap)].map(([component, ofAll]) => {
    const there = own.filter((part) => part.sku === component && part.placeId === placeId);
    return Math.floor((there.reduce((sum, part) => sum + part.left, 0) * of) / ofAll);
  });
  return most.length === 0 ? 0 : Math.min(...most);
}
