import type { PersonId } from "@trato/base";
import type { ProblemCode, Result, Tender } from "@trato/contract";
import type { Queries } from "../../platform/index.ts";
import type { CartNeeds, HeldPart, StockForCarts } from "../carts/index.ts";
import type { PartQuantity } from "./order.ts";

/** What orders ask of stock, always with the open transaction; each member is done or refused by itself. */
export type StockForOrders = StockForCarts & {
  /** Turns holds into goods that are put aside for an order. */
  allocate(
    tx: Queries,
    wants: readonly { readonly holdId: string; readonly orderId: string }[],
    nowMs: number,
  ): Promise<readonly Result<readonly HeldPart[], "hold_expired">[]>;
  /** What was put aside for an order is free again. */
  deallocate(tx: Queries, asked: readonly GoodsOfOrder[], nowMs: number): Promise<readonly GoodsMoved[]>;
  /** What was put aside for an order has left. */
  ship(tx: Queries, asked: readonly GoodsOfOrder[], nowMs: number): Promise<readonly GoodsMoved[]>;
  /** Goods came back and are on hand. */
  receive(
    tx: Queries,
    goods: readonly {
      readonly placeId: string;
      readonly sku: string;
      readonly quantity: number;
      readonly commandId: string;
      readonly reason: "return";
      readonly ref: string;
    }[],
    nowMs: number,
  ): Promise<unknown>;
};
export type GoodsOfOrder = {
  readonly orderId: string;
  readonly commandId: string;
  readonly lines: readonly PartQuantity[];
};
export type GoodsMoved = Result<unknown, "not_allocated">;

/** What orders ask of payments. */
export type PaymentsForOrders = {
  /** Takes the tenders of orders: they add up to the total, or the order is refused. */
  bind(
    tx: Queries,
    orders: readonly {
      readonly orderId: string;
      readonly currency: string;
      readonly totalMinor: number;
      readonly tenders: readonly Tender[];
      readonly commandId: string;
      readonly place: string | null;
      readonly personId: PersonId | null;
    }[],
    nowMs: number,
  ): Promise<readonly Result<unknown, ProblemCode>[]>;
  /** Gives money back to the tenders that paid: so much, or what is left of what they paid. */
  refund(
    tx: Queries,
    asked: readonly {
      readonly orderId: string;
      readonly amountMinor: number;
      readonly commandId: string;
      readonly orLeft: true;
    }[],
    nowMs: number,
  ): Promise<readonly Result<{ readonly parts: readonly { readonly amountMinor: number }[] }, ProblemCode>[]>;
  /** How much of an order tenders were to pay whose provider did not take it. */
  voidedMinor(queries: Queries, orderId: string): Promise<number>;
  /** Providers are asked in a moment for what a committed transaction wants of them. */
  wake(): void;
  /** The payments of an order, as `GET …/why` shows them. */
  why(queries: Queries, orderId: string): Promise<unknown>;
};

export type OrderNeeds = Pick<CartNeeds, "database" | "price" | "isStocked" | "find" | "record"> & {
  readonly stock: StockForOrders;
  readonly payments: PaymentsForOrders;
  readonly isPlace: (placeId: string) => boolean;
};
