import type { PersonId } from "@trato/base";
import {
  BeginAgain,
  bigintArray,
  jsonArray,
  type Queries,
  textArray,
  uuidArray,
} from "../../platform/index.ts";
import type { Cart } from "./cart.ts";

type Columns = "cartId" | "code" | "state" | "personId" | "version" | "expiresMs";
type Row = {
  cartId: string;
  code: string;
  state: Cart["state"];
  personId: PersonId | null;
  version: string;
  expiresMs: string;
  cart: Omit<Cart, Columns>;
};

const columns = `cart_id as "cartId", code, state, person_id as "personId", version, expires_ms as "expiresMs", cart`;

const cartOf = ({ cart, version, expiresMs, ...row }: Row): Cart => ({
  ...cart,
  ...row,
  version: Number(version),
  expiresMs: Number(expiresMs),
});

const documentOf = ({ cartId, code, state, personId, version, expiresMs, ...cart }: Cart) => cart;

/** The carts with these ids, locked in sorted order until the transaction ends. */
export async function lockCarts(tx: Queries, cartIds: readonly string[]): Promise<Cart[]> {
  if (cartIds.length === 0) return [];
  const rows = await tx.query<Row>({
    name: "orders/lock_carts",
    text: `select ${columns} from orders_cart where cart_id = any($1::uuid[]) order by cart_id for no key update`,
    values: [uuidArray(cartIds)],
  });
  return rows.map(cartOf);
}

export async function readCarts(queries: Queries, cartIds: readonly string[]): Promise<Cart[]> {
  if (cartIds.length === 0) return [];
  const rows = await queries.query<Row>({
    name: "orders/read_carts",
    text: `select ${columns} from orders_cart where cart_id = any($1::uuid[])`,
    values: [uuidArray(cartIds)],
  });
  return rows.map(cartOf);
}

/** The ids of the open carts of people, by any of the ids they are known under. */
export async function findOpenOf(queries: Queries, members: readonly PersonId[]): Promise<string[]> {
  if (members.length === 0) return [];
  const rows = await queries.query<{ cartId: string }>({
    name: "orders/find_open_of",
    text: `select cart_id as "cartId" from orders_cart where person_id = any($1::uuid[]) and state = 'open'`,
    values: [uuidArray(members)],
  });
  return rows.map(({ cartId }) => cartId);
}

/** The open cart with this code, or one with it that was merged into another. */
export async function findByCode(queries: Queries, code: string): Promise<string | undefined> {
  const rows = await queries.query<{ cartId: string }>({
    name: "orders/find_by_code",
    text: `select cart_id as "cartId" from orders_cart where code = $1 and state = 'open'
            union all
           (select cart_id from orders_cart where code = $1 and state = 'merged' order by cart_id desc limit 1)
            limit 1`,
    values: [code],
  });
  return rows[0]?.cartId;
}

/** Adds carts; returns how many. One whose code or person has an open cart already is missing. */
export async function insertCarts(tx: Queries, carts: readonly Cart[]): Promise<number> {
  if (carts.length === 0) return 0;
  const rows = await tx.query<{ n: string }>({
    name: "orders/insert_carts",
    text: `with made as (
             insert into orders_cart (cart_id, code, state, person_id, version, expires_ms, cart)
             select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[],
                                  $7::json[])
             on conflict do nothing returning 1)
           select count(*) as n from made`,
    values: valuesOf(carts),
  });
  return Number(rows[0]!.n);
}

/** Writes carts that are locked; begins again when a person was given another cart meanwhile. */
export async function updateCarts(tx: Queries, carts: readonly Cart[]): Promise<void> {
  if (carts.length === 0) return;
  const update = {
    name: "orders/update_carts",
    text: `update orders_cart c
              set code = n.code, state = n.state, person_id = n.person_id, version = n.version,
                  expires_ms = n.expires_ms, cart = n.cart
             from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::json[])
               as n (cart_id, code, state, person_id, version, expires_ms, cart)
            where c.cart_id = n.cart_id`,
    values: valuesOf(carts),
  };
  await tx.write(update, {
    meaning: (cause) => (isTaken(cause) ? new BeginAgain("the person was given another cart") : cause),
  });
}

const isTaken = (cause: unknown): boolean => (cause as { code?: unknown }).code === "23505";

const valuesOf = (carts: readonly Cart[]): unknown[] => [
  uuidArray(carts.map((cart) => cart.cartId)),
  textArray(carts.map((cart) => cart.code)),
  textArray(carts.map((cart) => cart.state)),
  uuidArray(carts.map((cart) => cart.personId)),
  bigintArray(carts.map((cart) => cart.version)),
  bigintArray(carts.map((cart) => cart.expiresMs)),
  jsonArray(carts.map(documentOf)),
];

/** Deletes the carts of erased people; returns their ids, so that what they held is let go. */
export async function eraseCartsOf(tx: Queries, members: readonly PersonId[]): Promise<string[]> {
  const rows = await tx.query<{ cartId: string }>({
    name: "orders/erase_carts",
    text: `delete from orders_cart where person_id = any($1::uuid[]) returning cart_id as "cartId"`,
    values: [uuidArray(members)],
  });
  return rows.map(({ cartId }) => cartId);
}

/** Deletes carts whose time is over, whatever became of them, at most `rows`; returns how many. */
export async function pruneCarts(queries: Queries, at: { nowMs: number; rows: number }): Promise<number> {
  const rows = await queries.query<{ n: string }>({
    name: "orders/prune_carts",
    text: `with over as (select cart_id from orders_cart where expires_ms <= $1 order by expires_ms limit $2
                            for update skip locked),
                gone as (delete from orders_cart c using over where c.cart_id = over.cart_id returning 1)
           select count(*) as n from gone`,
    values: [at.nowMs, at.rows],
  });
  return Number(rows[0]!.n);
}
