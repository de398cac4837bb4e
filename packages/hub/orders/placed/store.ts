import type { Currency, PersonId } from "@trato/base";
import { bigintArray, jsonArray, type Queries, textArray, uuidArray } from "../../platform/index.ts";
import type { Act, LineQuantity, Order, OrderLine } from "./order.ts";
import type { Counted } from "./rules.ts";

type Row = {
  orderId: string;
  origin: Order["origin"];
  state: Order["state"];
  personId: PersonId | null;
  cartId: string | null;
  channel: string | null;
  placeId: string | null;
  currency: Currency;
  totalMinor: string;
  refundedMinor: string;
  version: string;
  placedMs: string;
  body: Pick<Order, "parts" | "priced">;
};
type LineRow = {
  orderId: string;
  line: number;
  sku: string;
  quantity: string;
  totalMinor: string;
} & Record<Counted, string>;

const columns = `order_id as "orderId", origin, state, person_id as "personId", cart_id as "cartId", channel,
  place as "placeId", currency, total_minor as "totalMinor", refunded_minor as "refundedMinor", version,
  placed_ms as "placedMs", body`;

async function withLines(queries: Queries, rows: readonly Row[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  const lines = await queries.query<LineRow>({
    name: "orders/read_lines",
    text: `select order_id as "orderId", line, sku, quantity, total_minor as "totalMinor", shipped, cancelled, returned
             from orders_line where order_id = any($1::text[]) order by order_id, line`,
    values: [textArray(rows.map(({ orderId }) => orderId))],
  });
  const linesOf = Map.groupBy(lines, ({ orderId }) => orderId);
  return rows.map(({ body, ...row }) => ({
    ...row,
    ...body,
    totalMinor: Number(row.totalMinor),
    refundedMinor: Number(row.refundedMinor),
    version: Number(row.version),
    placedMs: Number(row.placedMs),
    lines: (linesOf.get(row.orderId) ?? []).map(lineOf),
  }));
}

const lineOf = (row: LineRow): OrderLine => ({
  line: row.line,
  sku: row.sku,
  quantity: Number(row.quantity),
  totalMinor: Number(row.totalMinor),
  shipped: Number(row.shipped),
  cancelled: Number(row.cancelled),
  returned: Number(row.returned),
});

export async function readOrders(queries: Queries, orderIds: readonly string[]): Promise<Order[]> {
  if (orderIds.length === 0) return [];
  const rows = await queries.query<Row>({
    name: "orders/read_orders",
    text: `select ${columns} from orders_order where order_id = any($1::text[])`,
    values: [textArray(orderIds)],
  });
  return withLines(queries, rows);
}

/** The place and the person of these orders, of those that are there. */
export async function readOrdersWhere(
  queries: Queries,
  orderIds: readonly string[],
): Promise<Map<string, { readonly place: string | null; readonly personId: PersonId | null }>> {
  const rows = await queries.query<{ orderId: string; place: string | null; personId: PersonId | null }>({
    name: "orders/read_where",
    text: `select order_id as "orderId", place, person_id as "personId" from orders_order
            where order_id = any($1::text[])`,
    values: [textArray(orderIds)],
  });
  return new Map(rows.map(({ orderId, ...where }) => [orderId, where]));
}

/** An order, locked until the transaction ends. */
export async function lockOrder(tx: Queries, orderId: string): Promise<Order | undefined> {
  const rows = await tx.query<Row>({
    name: "orders/lock_order",
    text: `select ${columns} from orders_order where order_id = $1 for no key update`,
    values: [orderId],
  });
  return (await withLines(tx, rows))[0];
}

export type OrderPage = {
  readonly members: readonly PersonId[] | null;
  readonly placeId: string | null;
  readonly state: string | null;
  readonly beforeMs: number;
  readonly beforeId: string;
  readonly limit: number;
};

/** A page of orders, latest first. */
export async function listOrders(queries: Queries, page: OrderPage): Promise<Order[]> {
  const whose =
    page.members !== null
      ? { name: "of_person", where: "person_id = any($5::uuid[])" }
      : page.placeId !== null
        ? { name: "of_place", where: "place = $6" }
        : { name: "all", where: "true" };
  const rows = await queries.query<Row>({
    name: `orders/list_${whose.name}`,
    text: `select ${columns} from orders_order
            where ${whose.where} and (placed_ms, order_id) < ($1, $2) and ($4::text is null or state = $4)
              and ($5::uuid[] is null or person_id = any($5::uuid[])) and ($6::text is null or place = $6)
            order by placed_ms desc, order_id desc limit $3`,
    values: [page.beforeMs, page.beforeId, page.limit, page.state, page.members, page.placeId],
  });
  return withLines(queries, rows);
}

/** Of these ids, those that are taken. */
export async function findTaken(queries: Queries, orderIds: readonly string[]): Promise<Set<string>> {
  if (orderIds.length === 0) return new Set();
  const rows = await queries.query<{ orderId: string }>({
    name: "orders/find_taken",
    text: `select order_id as "orderId" from orders_order where order_id = any($1::text[])`,
    values: [textArray(orderIds)],
  });
  return new Set(rows.map(({ orderId }) => orderId));
}

/** Adds orders with their lines; returns how many orders were new. */
export async function insertOrders(tx: Queries, orders: readonly Order[]): Promise<number> {
  if (orders.length === 0) return 0;
  const rows = await tx.query<{ orderId: string }>({
    name: "orders/insert_orders",
    text: `insert into orders_order (order_id, origin, state, person_id, cart_id, channel, place, currency,
                                     total_minor, refunded_minor, version, placed_ms, body)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
                                $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::json[])
           on conflict do nothing returning order_id as "orderId"`,
    values: orderValues(orders),
  });
  const made = new Set(rows.map(({ orderId }) => orderId));
  await insertLines(
    tx,
    orders.filter(({ orderId }) => made.has(orderId)),
  );
  return rows.length;
}

const orderValues = (orders: readonly Order[]): unknown[] => [
  textArray(orders.map((order) => order.orderId)),
  textArray(orders.map((order) => order.origin)),
  textArray(orders.map((order) => order.state)),
  uuidArray(orders.map((order) => order.personId)),
  uuidArray(orders.map((order) => order.cartId)),
  textArray(orders.map((order) => order.channel)),
  textArray(orders.map((order) => order.placeId)),
  textArray(orders.map((order) => order.currency)),
  bigintArray(orders.map((order) => order.totalMinor)),
  bigintArray(orders.map((order) => order.refundedMinor)),
  bigintArray(orders.map((order) => order.version)),
  bigintArray(orders.map((order) => order.placedMs)),
  jsonArray(orders.map(({ parts, priced }) => ({ parts, priced }))),
];

/** Adds lines as they are; `from` leaves out those with a smaller number. */
export async function insertLines(tx: Queries, orders: readonly Order[], from = 1): Promise<void> {
  const lines = orders.flatMap(({ orderId, lines: own }) =>
    own.filter(({ line }) => line >= from).map((line) => ({ orderId, ...line })),
  );
  if (lines.length === 0) return;
  const numbers = (of: (line: OrderLine) => number) => textArray(lines.map((line) => String(of(line))));
  await tx.query({
    name: "orders/insert_lines",
    text: `insert into orders_line (order_id, line, sku, quantity, total_minor, shipped, cancelled, returned)
           select order_id, line, sku, quantity::numeric, total, shipped::numeric, cancelled::numeric, returned::numeric
             from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                         $8::text[])
               as n (order_id, line, sku, quantity, total, shipped, cancelled, returned)`,
    values: [
      textArray(lines.map((line) => line.orderId)),
      bigintArray(lines.map((line) => line.line)),
      textArray(lines.map((line) => line.sku)),
      numbers((line) => line.quantity),
      bigintArray(lines.map((line) => line.totalMinor)),
      numbers((line) => line.shipped),
      numbers((line) => line.cancelled),
      numbers((line) => line.returned),
    ],
  });
}

/** Counts units of lines as shipped, cancelled or returned; the table's checks refuse more than there are. */
export async function countLines(
  tx: Queries,
  orderId: string,
  { what, by }: { readonly what: Counted; readonly by: readonly LineQuantity[] },
): Promise<void> {
  await tx.query({
    name: `orders/count_${what}`,
    text: `update orders_line l set ${what} = l.${what} + n.quantity
             from unnest($2::bigint[], $3::bigint[]) as n (line, quantity)
            where l.order_id = $1 and l.line = n.line`,
    values: [orderId, bigintArray(by.map(({ line }) => line)), bigintArray(by.map((one) => one.quantity))],
  });
}

/** Writes an order that is locked, but for its lines. What is refunded is added in the statement, under the check. */
export async function updateOrder(tx: Queries, order: Order, refundMinor: number): Promise<void> {
  const { orderId, state, version, totalMinor, parts, priced } = order;
  await tx.query({
    name: "orders/update_order",
    text: `update orders_order set state = $2, version = $3, total_minor = $4, refunded_minor = refunded_minor + $5,
                                   body = $6
            where order_id = $1`,
    values: [orderId, state, version, totalMinor, refundMinor, JSON.stringify({ parts, priced })],
  });
}

/** Adds acts; one that is there already stays as it is. Returns the ids of the orders that have new ones. */
export async function insertActs(tx: Queries, acts: readonly Act[]): Promise<Set<string>> {
  if (acts.length === 0) return new Set();
  const rows = await tx.query<{ orderId: string }>({
    name: "orders/insert_acts",
    text: `insert into orders_act (order_id, act_id, kind, source, person_id, at_ms, refund_minor, told)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[],
                                $8::json[])
           on conflict do nothing returning order_id as "orderId"`,
    values: [
      textArray(acts.map((act) => act.orderId)),
      textArray(acts.map((act) => act.actId)),
      textArray(acts.map((act) => act.kind)),
      textArray(acts.map((act) => act.source)),
      uuidArray(acts.map((act) => act.personId)),
      bigintArray(acts.map((act) => act.atMs)),
      bigintArray(acts.map((act) => act.refundMinor)),
      jsonArray(acts.map((act) => act.told)),
    ],
  });
  return new Set(rows.map(({ orderId }) => orderId));
}

/** All that was done with these orders, oldest first. */
export async function readActs(queries: Queries, orderIds: readonly string[]): Promise<Act[]> {
  const rows = await queries.query<Act & { atMs: string; refundMinor: string }>({
    name: "orders/read_acts",
    text: `select order_id as "orderId", act_id as "actId", kind, source, person_id as "personId", at_ms as "atMs",
                  refund_minor as "refundMinor", told
             from orders_act where order_id = any($1::text[]) order by order_id, at_ms, act_id`,
    values: [textArray(orderIds)],
  });
  return rows.map((row) => ({ ...row, atMs: Number(row.atMs), refundMinor: Number(row.refundMinor) }));
}

/** Of these people, those who are not erased, and stay so until the transaction ends. */
export async function holdLiving(tx: Queries, personIds: readonly PersonId[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>({
    name: "orders/hold_living",
    text: "select people_living($1::uuid[]) as id",
    values: [uuidArray(personIds)],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Of these ids, those of the hub's own orders. */
export async function findHubs(queries: Queries, orderIds: readonly string[]): Promise<Set<string>> {
  if (orderIds.length === 0) return new Set();
  const rows = await queries.query<{ orderId: string }>({
    name: "orders/find_hubs",
    text: `select order_id as "orderId" from orders_order where order_id = any($1::text[]) and origin = 'hub'`,
    values: [textArray(orderIds)],
  });
  return new Set(rows.map(({ orderId }) => orderId));
}

/** Writes other systems' orders as they are known now. One reader at a time does this: no row is fought over. */
export async function replaceOutside(tx: Queries, orders: readonly Order[]): Promise<void> {
  if (orders.length === 0) return;
  await tx.query({
    name: "orders/drop_outside",
    text: `with lines as (delete from orders_line l using orders_order o
                           where l.order_id = o.order_id and o.order_id = any($1::text[]) and o.origin = 'event')
           delete from orders_order where order_id = any($1::text[]) and origin = 'event'`,
    values: [textArray(orders.map(({ orderId }) => orderId))],
  });
  await insertOrders(tx, orders);
}
