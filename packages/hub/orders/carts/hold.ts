import { limits } from "@trato/base";
import { ok, type Result, refuse } from "@trato/contract";
import type { Cart } from "./cart.ts";
import type { Desk } from "./desk.ts";
import type { HoldWanted } from "./needs.ts";

type Refused = "out_of_stock" | "holds_too_many";

/** The goods of a cart as stock is asked for them; undefined when nothing in it needs any. */
export function wantOf(
  { needs, nowMs }: Pick<Desk, "needs" | "nowMs">,
  { cart, changing, onlyAt }: ToHold,
): HoldWanted | undefined {
  const lines = cart.lines.filter(({ sku }) => needs.isStocked(sku));
  if (lines.length === 0) return undefined;
  return {
    holdId: cart.cartId,
    owner: `cart/${cart.cartId}`,
    expiresMs: Math.ceil((nowMs + limits.cartHoldMs) / limits.cartHoldStepMs) * limits.cartHoldStepMs,
    channel: cart.channel,
    placeIds: onlyAt === undefined ? needs.placesFor(cart) : [onlyAt],
    lines,
    changing: changing ?? [],
  };
}

/** A cart whose goods are to be set aside; one that is not `strict` is kept even if they cannot be. */
export type ToHold = {
  readonly cart: Cart;
  readonly strict: boolean;
  /** The items of which there are more or fewer than before. */
  readonly changing?: readonly string[];
  /** Decisions that promised what was added. */
  readonly promisedBy?: readonly string[];
  /** The goods must be here: the buyer takes them along. */
  readonly onlyAt?: string;
};

/**
 * Sets goods aside for many carts: three statements whatever their number. Each is answered as it is afterwards, or
 * refused when it is strict and its goods are not to be had; a refused cart holds what it held before. What a decision
 * promised a person is theirs: when there is no other unit, their cart gets that one.
 */
export async function holdGoods(desk: Desk, asked: readonly ToHold[]): Promise<Result<Cart, Refused>[]> {
  const { needs, tx, nowMs } = desk;
  const wants = asked.map((one) => wantOf(desk, one));
  const wanted = wants.filter((want) => want !== undefined);
  const answers = wanted.length === 0 ? [] : await needs.stock.hold(tx, wanted, nowMs);
  const answerOf = new Map(wanted.map((want, i) => [want, answers[i]!]));
  for (const [i, { cart, promisedBy = [] }] of asked.entries()) {
    const want = wants[i];
    const answer = want === undefined ? undefined : answerOf.get(want);
    if (want === undefined || answer?.ok !== false || answer.problem !== "out_of_stock") continue;
    const to = { personId: cart.personId, decisionIds: promisedBy };
    if (to.personId === null && promisedBy.length === 0) continue;
    const promised = await needs.stock.holdPromised(tx, want, to, nowMs);
    if (promised !== undefined) answerOf.set(want, promised);
  }
  const free: string[] = [];
  const unheld = (cart: Cart): Cart => {
    if (cart.held.length > 0) free.push(cart.cartId);
    return { ...cart, held: [], heldUntilMs: 0 };
  };
  const held = asked.map(({ cart, strict }, i): Result<Cart, Refused> => {
    const want = wants[i];
    if (want === undefined) return ok(unheld(cart));
    const answer = answerOf.get(want)!;
    if (answer.ok) return ok({ ...cart, held: answer.value.lines, heldUntilMs: want.expiresMs });
    return strict ? refuse(answer.problem, answer) : ok(unheld(cart));
  });
  if (free.length > 0) await needs.stock.release(tx, free, nowMs);
  return held;
}
