import { ok, type ProblemCode, type Refusal, type Result, refuse } from "@trato/contract";
import type { PricedCart } from "../../catalog/index.ts";
import type { Cart } from "./cart.ts";
import { type Desk, priceOf, type Work } from "./desk.ts";
import { holdGoods } from "./hold.ts";
import { type ChangeAsked, changeCart, deltasOf, grows } from "./rules.ts";
import type { Said } from "./says.ts";

/** A change of the batch: `nth` is its place in it. */
export type NthChange = { readonly nth: number; readonly asked: ChangeAsked };
type Turn = { readonly work: Work; readonly changes: readonly NthChange[] };

/**
 * Carries out the changes of many carts, those of one cart in their order. First all of a cart's at once, with one look
 * at prices and one hold; only a cart that cannot have them all takes them one by one, so that each is judged by
 * itself and the ones that can be had are.
 */
export async function changeAll(
  desk: Desk,
  changesOf: ReadonlyMap<Work, readonly NthChange[]>,
): Promise<Map<number, Result<Work>>> {
  const done = new Map<number, Result<Work>>();
  const turns = [...changesOf].map(([work, changes]) => ({ work, changes }));
  let apart = await takeTurns(desk, turns, done);
  while (apart.length > 0) {
    const first = apart.map(({ work, changes }) => ({ work, changes: changes.slice(0, 1) }));
    await takeTurns(desk, first, done);
    apart = apart
      .map(({ work, changes }) => ({ work, changes: changes.slice(1) }))
      .filter(({ changes }) => changes.length > 0);
  }
  return done;
}

/** One try for each cart; returns those whose changes have to be tried one by one. */
async function takeTurns(
  desk: Desk,
  turns: readonly Turn[],
  done: Map<number, Result<Work>>,
): Promise<Turn[]> {
  const trials = turns.map((turn) => tryChanges(desk, turn));
  const toHold = trials.filter(({ applied, blocked }) => applied.length > 0 && blocked === undefined);
  const held = await holdGoods(
    desk,
    toHold.map(({ cart, grew, changing, promisedBy }) => ({ cart, strict: grew, changing, promisedBy })),
  );
  const heldOf = new Map(toHold.map((trial, i) => [trial, held[i]!]));
  const apart: Turn[] = [];
  for (const trial of trials) {
    const { turn, applied, refused } = trial;
    const answer = trial.blocked ?? heldOf.get(trial);
    if (answer !== undefined && !answer.ok && turn.changes.length > 1) {
      apart.push(turn);
      continue;
    }
    for (const [nth, refusal] of refused) done.set(nth, refusal);
    for (const { nth } of applied) done.set(nth, answer?.ok === false ? answer : ok(turn.work));
    if (answer?.ok !== true) continue;
    turn.work.cart = answer.value;
    turn.work.priced = trial.priced;
    turn.work.said.push(...trial.said);
  }
  return apart;
}

type Trial = {
  readonly turn: Turn;
  readonly cart: Cart;
  readonly priced: PricedCart;
  readonly grew: boolean;
  readonly changing: readonly string[];
  /** The decisions that promised what is added. */
  readonly promisedBy: readonly string[];
  readonly applied: readonly NthChange[];
  readonly refused: ReadonlyMap<number, Refusal>;
  readonly said: readonly Said[];
  /** Why the cart cannot be as it would be: an item is not for sale here. */
  readonly blocked: Refusal | undefined;
};

/** What a cart would be after its changes; nothing is written. */
function tryChanges(desk: Desk, turn: Turn): Trial {
  let { cart } = turn.work;
  const applied: NthChange[] = [];
  const refused = new Map<number, Refusal>();
  const said: Said[] = [];
  for (const change of turn.changes) {
    const changed = changeCart(cart, change.asked, desk.nowMs);
    if (!changed.ok) {
      refused.set(change.nth, changed);
      continue;
    }
    cart = changed.value.cart;
    applied.push(change);
    said.push({ cart, deltas: changed.value.deltas });
  }
  const deltas = deltasOf(turn.work.cart.lines, cart.lines);
  const priced = priceOf(desk, cart);
  const missing = priced.unpriced.find(({ sku }) => (deltas.get(sku) ?? 0) > 0);
  const blocked =
    missing === undefined ? undefined : refuse(problemOf(missing.problem), { detail: missing.sku });
  const changing = [...deltas.keys()];
  const promisedBy = applied.flatMap(({ asked: { decisionId } }) => decisionId ?? []);
  return { turn, cart, priced, grew: grows(deltas), changing, promisedBy, applied, refused, said, blocked };
}

function problemOf(problem: PricedCart["unpriced"][number]["problem"]): ProblemCode {
  return problem === "amount_too_large" ? "cart_full" : problem;
}
