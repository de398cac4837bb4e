import { limits, type PersonId } from "@trato/base";
import { type CartAnswer, ok, type Result, refuse } from "@trato/contract";
import {
  type Acted,
  type Asked,
  actOnce,
  answerOf,
  byKey,
  coalesce,
  halving,
  type Outcome,
  type Queries,
} from "../../platform/index.ts";
import { cartAnswerOf } from "./answer.ts";
import type { Cart } from "./cart.ts";
import { readCode } from "./code.ts";
import { priceOf } from "./desk.ts";
import type { CartNeeds } from "./needs.ts";
import { isOpen } from "./rules.ts";
import { type CartCommand, layOutFor, runCarts } from "./run.ts";
import { eraseCartsOf, findByCode, pruneCarts, readCarts } from "./store.ts";
import { type CartTokens, cartTokens } from "./token.ts";

const lanes = 2;

export type Carts = ReturnType<typeof createCarts>;

/** Carts: one for a person in every channel. Commands that arrive together are one transaction. */
export function createCarts(plain: CartNeeds & { readonly nowMs: () => number }) {
  const needs = { ...plain, tokens: cartTokens(plain.tokenSecret) };
  const run = (batch: readonly Asked<CartCommand>[]) => carryOut(needs, batch);
  const queue = byKey({
    lanes: Array.from({ length: lanes }, () =>
      coalesce<Asked<CartCommand>, Outcome<Acted<CartAnswer>>>({
        mostPerRun: limits.cartsPerTransactionMax,
        waitingMax: limits.cartsWaitingMax / lanes,
        lanes: 1,
        run: (batch) => halving(batch, run),
      }),
    ),
    keyOf: ({ command }) =>
      command.kind === "open" ? (command.who?.personId ?? command.cartId) : command.cartId,
    fullAt: limits.cartsWaitingForLanes,
  });
  const readMany = coalesce<string, Cart | undefined>({
    mostPerRun: limits.cartsPerTransactionMax,
    waitingMax: limits.cartsWaitingMax,
    lanes,
    run: (cartIds) => readFollowing(needs.database, cartIds),
  });
  return {
    act: async (asked: Asked<CartCommand>): Promise<Acted<CartAnswer>> => answerOf(await queue(asked)),
    /** The cart an id leads to, with what it costs now; one whose time is over is none. */
    async find(cartId: string, nowMs: number) {
      const cart = await readMany(cartId);
      if (cart === undefined || (cart.state !== "ordered" && !isOpen(cart, nowMs)))
        return refuse("cart_unknown");
      return ok({ cart, priced: priceOf({ needs, nowMs }, cart) });
    },
    async read(cartId: string, nowMs: number): Promise<Result<CartAnswer, "cart_unknown">> {
      const found = await this.find(cartId, nowMs);
      if (!found.ok) return found;
      const { cart, priced } = found.value;
      return ok(cartAnswerOf(cart, priced, { token: needs.tokens.of(cart.cartId), nowMs }));
    },
    /** The id that a code or a token names. */
    async idOf(named: {
      code?: string | undefined;
      token?: string | undefined;
    }): Promise<string | undefined> {
      if (named.token !== undefined) return needs.tokens.read(named.token);
      const code = readCode(named.code ?? "");
      return code === undefined ? undefined : findByCode(needs.database, code);
    },
    /** Forgets the carts of people in the transaction that erases them; what was held for them is free. */
    async erase(tx: Queries, members: readonly PersonId[], nowMs: number): Promise<number> {
      const cartIds = await eraseCartsOf(tx, members);
      if (cartIds.length > 0) await needs.stock.release(tx, cartIds, nowMs);
      return cartIds.length;
    },
    /** Deletes carts whose time is over; returns how many. */
    async prune(nowMs: number): Promise<number> {
      for (let total = 0; ; ) {
        const rows = limits.cartPruneRows;
        const gone = await pruneCarts(needs.database, { nowMs, rows });
        total += gone;
        if (gone < rows) return total;
      }
    },
  };
}

type Needs = CartNeeds & { readonly nowMs: () => number; readonly tokens: CartTokens };

/** A batch of commands in one transaction. Only a first attempt takes the events it tells to be new. */
function carryOut(needs: Needs, batch: readonly Asked<CartCommand>[]): Promise<readonly Acted<CartAnswer>[]> {
  const { database, tokens } = needs;
  return database.transaction(async (tx, attempt) => {
    // The carts are asked for together with the keys: one journey less.
    const commands = batch.map(({ command }) => command);
    const laidOut = layOutFor({ needs, tx, nowMs: needs.nowMs() }, commands);
    const how = { tokens, expects: attempt === 1 };
    const act = async (fresh: readonly CartCommand[]) => runCarts(await laidOut, how, fresh);
    return (await Promise.all([actOnce(tx, batch, 200, act), laidOut]))[0];
  });
}

async function readFollowing(queries: Queries, cartIds: readonly string[]): Promise<(Cart | undefined)[]> {
  const found = new Map<string, Cart>();
  let wanted = [...new Set(cartIds)];
  while (wanted.length > 0) {
    const carts = await readCarts(queries, wanted);
    for (const cart of carts) found.set(cart.cartId, cart);
    wanted = carts.flatMap(({ mergedInto }) =>
      mergedInto === null || found.has(mergedInto) ? [] : [mergedInto],
    );
  }
  return cartIds.map((cartId) => {
    let cart = found.get(cartId);
    while (cart !== undefined && cart.mergedInto !== null) cart = found.get(cart.mergedInto);
    return cart;
  });
}
