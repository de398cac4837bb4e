import type { PersonId } from "@trato/base";
import type { Result } from "@trato/contract";
import type { CartToPrice, PricedCart } from "../../catalog/index.ts";
import type { Expected, Frame, KeptEvent } from "../../events/index.ts";
import type { Database, Queries } from "../../platform/index.ts";
import type { CartLine, HeldPart } from "./cart.ts";

/** Goods to be set aside: all lines or none; they replace what the hold had before. */
export type HoldWanted = {
  readonly holdId: string;
  readonly owner: string;
  readonly expiresMs: number;
  readonly channel: string;
  /** Who may serve, in order of preference. */
  readonly placeIds: readonly string[];
  readonly lines: readonly CartLine[];
  /** Items of which probably more or fewer are held than before. */
  readonly changing?: readonly string[];
};
export type Held = { readonly lines: readonly HeldPart[] };

/** What carts ask of the rooms beside them, always with the open transaction. */
export type StockForCarts = {
  hold(
    tx: Queries,
    wants: readonly HoldWanted[],
    nowMs: number,
  ): Promise<readonly Result<Held, "out_of_stock" | "holds_too_many">[]>;
  release(tx: Queries, holdIds: readonly string[], nowMs: number): Promise<unknown>;
  /** Holds what was refused, out of what decisions promised; undefined when they promised nothing of it. */
  holdPromised(
    tx: Queries,
    want: HoldWanted,
    to: { readonly personId: PersonId | null; readonly decisionIds: readonly string[] },
    nowMs: number,
  ): Promise<Result<Held, "out_of_stock" | "holds_too_many"> | undefined>;
};

export type ToldEvent = { readonly personId: PersonId | null; readonly event: KeptEvent };

export type Who = { readonly personId: PersonId; readonly members: readonly PersonId[] };
export type WhoFound = Result<Who, "person_unknown" | "person_erased" | "request_invalid">;

export type CartNeeds = {
  readonly database: Database;
  readonly country: string;
  readonly tokenSecret: string;
  readonly price: (cart: CartToPrice) => PricedCart;
  /** The places that can serve a shopper, nearest first. */
  readonly placesFor: (at: {
    readonly placeId: string | null;
    readonly channel: string;
  }) => readonly string[];
  /** False for a name that no place has, where there are places. */
  readonly mayBePlace: (placeId: string) => boolean;
  /** False for what needs no stock, such as a service. */
  readonly isStocked: (sku: string) => boolean;
  readonly stock: StockForCarts;
  readonly find: (
    named: { readonly personId: PersonId } | { readonly identities: Frame["events"][number]["identities"] },
  ) => Promise<WhoFound>;
  /** Takes an event in, which makes the person it names. */
  readonly take: (frame: Frame) => Promise<unknown>;
  /** Writes events into the log: a person's to them, nobody's to the log alone. */
  readonly record: (tx: Queries, told: readonly ToldEvent[], expected?: Expected) => Promise<unknown>;
  /** Asks ahead what recording events of these people will want to know. */
  readonly expect: (tx: Queries, personIds: readonly PersonId[]) => Expected;
};
