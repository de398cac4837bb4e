import type { CartAnswer, Result } from "@trato/contract";
import { refuse } from "@trato/contract";
import type { Expected } from "../../events/index.ts";
import { announce } from "../../platform/index.ts";
import { cartAnswerOf } from "./answer.ts";
import { changeAll, type NthChange } from "./change.ts";
import { type Desk, layOut, priceOf, putAway, type Work, workOf } from "./desk.ts";
import { holdGoods } from "./hold.ts";
import { type OpenCommand, openOne, type SignInCommand, signInOne } from "./open.ts";
import type { ChangeAsked } from "./rules.ts";
import { changeOf, eventsOf } from "./says.ts";
import type { CartTokens } from "./token.ts";

export type ChangeCommand = { readonly kind: "change"; readonly cartId: string; readonly asked: ChangeAsked };
export type CartCommand = OpenCommand | SignInCommand | ChangeCommand;

/** Locks the carts that commands are about. */
export function layOutFor(at: Pick<Desk, "needs" | "tx" | "nowMs">, commands: readonly CartCommand[]) {
  return layOut(at, {
    cartIds: commands.filter(({ kind }) => kind !== "open").map(({ cartId }) => cartId),
    members: commands.flatMap((one) => (one.kind === "change" ? [] : [...(one.who?.members ?? [])])),
  });
}

/**
 * Carries out the commands of many channels on many carts in one transaction; each is answered with its cart as it is
 * afterwards, or refused by itself. The desk has at least their carts. Statements: about twenty, whatever the number of
 * commands, in three journeys to the database, plus a hold for each of a cart's commands when that cart asks for more
 * than there is. Who `expects` takes the events to be new: a first attempt.
 *
 * Locks, in this order: carts by id, then stock, then people: the same order in every command of orders.
 */
export async function runCarts(
  desk: Desk,
  { tokens, expects }: { readonly tokens: CartTokens; readonly expects: boolean },
  commands: readonly CartCommand[],
): Promise<readonly Result<CartAnswer>[]> {
  const { nowMs } = desk;
  const done = new Map<number, Result<Work>>();
  for (const [nth, command] of commands.entries()) {
    if (command.kind === "open") done.set(nth, openOne(desk, command));
    if (command.kind === "sign_in") done.set(nth, signInOne(desk, command));
  }
  const people = [...desk.works.values()].flatMap(({ cart: { personId } }) =>
    personId === null ? [] : [personId],
  );
  const expected = people.length === 0 || !expects ? undefined : desk.needs.expect(desk.tx, people);
  await holdMerged(desk);
  const changes = new Map<Work, NthChange[]>();
  for (const [nth, command] of commands.entries()) {
    if (command.kind !== "change") continue;
    const work = workOf(desk, command.cartId);
    if (work === undefined) done.set(nth, refuse("cart_unknown"));
    else changes.set(work, [...(changes.get(work) ?? []), { nth, asked: command.asked }]);
  }
  for (const [nth, result] of await changeAll(desk, changes)) done.set(nth, result);
  await tell(desk, expected);
  const answers = new Map<Work, CartAnswer>();
  return commands.map((_, nth) => {
    const result = done.get(nth)!;
    if (!result.ok) return result;
    const work = result.value;
    const token = tokens.of(work.cart.cartId);
    const answer = answers.get(work) ?? cartAnswerOf(work.cart, pricedOf(desk, work), { token, nowMs });
    answers.set(work, answer);
    return { ok: true, value: answer };
  });
}

/** What two carts held is held for the one they became; if that cannot be, the lines stay and nothing is held. */
async function holdMerged(desk: Desk): Promise<void> {
  const works = [...desk.works.values()];
  const gone = works.filter(({ before, cart }) => before?.state === "open" && cart.state === "merged");
  if (gone.length === 0) return;
  await desk.needs.stock.release(
    desk.tx,
    gone.map(({ cart }) => cart.cartId),
    desk.nowMs,
  );
  const into = [...new Set(gone.map(({ cart }) => workOf(desk, cart.cartId)!))];
  const held = await holdGoods(
    desk,
    into.map(({ cart }) => ({ cart, strict: false })),
  );
  for (const [i, work] of into.entries()) {
    const one = held[i]!;
    if (one.ok) work.cart = one.value;
  }
}

const pricedOf = (desk: Desk, work: Work) => {
  work.priced ??= priceOf(desk, work.cart);
  return work.priced;
};

/** Writes the carts, and tells the log and the subscribers what became of them. */
async function tell(desk: Desk, expected: Expected | undefined): Promise<void> {
  const { needs, tx, nowMs } = desk;
  const changed = await putAway(desk);
  if (changed.length === 0) return;
  const events = changed.flatMap((work) =>
    work.said.flatMap((said) => eventsOf(said, pricedOf(desk, work), nowMs)),
  );
  const changes = changed.map((work) => changeOf(work.cart, pricedOf(desk, work)));
  await announce(tx, changes, nowMs);
  if (events.length > 0) await needs.record(tx, events, expected);
}
