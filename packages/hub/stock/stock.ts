import { type Clock, limits } from "@trato/base";
import type { Place, StockFate } from "@trato/contract";
import {
  type Acted,
  type Asked,
  actOnce,
  coalesce,
  type Database,
  type Log,
  type Queries,
} from "../platform/index.ts";
import type { Parts } from "./choose.ts";
import { feedAll } from "./feed.ts";
import type { FeedRow } from "./feed-rules.ts";
import { receiveAll, receiveTransfer, sendTransfer } from "./goods.ts";
import { type Held, type Hold, isOver, type Want } from "./hold-rules.ts";
import { readHolds } from "./hold-store.ts";
import { holdAll, releaseAll, sweep } from "./holding.ts";
import { type Point, placesFor } from "./nearest.ts";
import { allocateAll, deallocateAll, shipAll } from "./orders.ts";
import { erasePromises, holdPromised, type PromisedTo } from "./promised.ts";
import { availableAt } from "./reading.ts";
import { keptAmong, soldOutAt } from "./sold-out.ts";

export type StockNeeds = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** The items of this instant: what bundles are made of. */
  readonly items: () => Parts;
  readonly places: () => ReadonlyMap<string, Place>;
  readonly sweepMs?: number;
};

export type Stock = ReturnType<typeof openStock>;

/**
 * What each place has of each item, and what of it is promised. The functions that take a transaction are for other
 * rooms: many at a time, each member done or refused by itself. Rows are locked in one order: holds, owners, what is
 * put aside, levels; a caller that locks before and after does so in the same order everywhere.
 */
export function openStock(needs: StockNeeds) {
  const { database } = needs;
  const at = (nowMs: number) => ({ items: needs.items(), nowMs });
  const holds = holdTogether(needs);
  const feed = feedTogether(needs);
  const sweeper = startSweeper(needs);
  return {
    hold: (tx: Queries, wants: readonly Want[], nowMs: number) => holdAll(tx, wants, at(nowMs)),
    release: releaseAll,
    /** Holds what was refused, out of what decisions promised; see `holdPromised`. */
    holdPromised: (tx: Queries, want: Want, to: PromisedTo, nowMs: number) =>
      holdPromised(tx, want, to, at(nowMs)),
    /** Gives back what was promised to people in the transaction that erases them. */
    erase: (tx: Queries, personIds: readonly string[]) => erasePromises(tx, personIds, needs.clock.nowMs()),
    allocate: allocateAll,
    deallocate: deallocateAll,
    ship: shipAll,
    receive: receiveAll,
    /** Ends holds that are over, some hundred at a time; done by the clock as well. */
    tidy: sweep,
    /** Available-to-promise at this instant: sku → place → units. */
    available: (queries: Queries, asked: Parameters<typeof availableAt>[1], nowMs: number) =>
      availableAt(queries, asked, at(nowMs)),
    /** Which of these items cannot be promised at any of these places, though stock is kept of them. */
    soldOut: (queries: Queries, asked: Parameters<typeof soldOutAt>[1], nowMs: number) =>
      soldOutAt(queries, asked, at(nowMs)),
    /** Those of these items of which stock is kept: only they can be held. */
    keptAmong: (queries: Queries, skus: readonly string[]) => keptAmong(queries, skus, needs.items()),
    /** Whether stock is kept of an item; those asked about at one moment are looked up together. */
    isKept: askKept(needs),
    /** The places that serve a channel, in the order in which they should. */
    placesFor: (asked: { readonly channel: string | undefined; readonly near: Point | undefined }) =>
      placesFor(needs.places().values(), asked),
    /** One command of many that share a transaction. */
    place: holds,
    feed,
    sendTransfer,
    receiveTransfer,
    /** A hold that is not over. */
    find: async (holdId: string, nowMs: number): Promise<Hold | undefined> => {
      const [hold] = await readHolds(database, [holdId]);
      return hold === undefined || isOver(hold, nowMs) ? undefined : hold;
    },
    /** Ends holds of an item that are over, so that its movements tell what its level does. */
    settleExpired: (sku: string, nowMs: number) =>
      database.transaction((tx) => sweep(tx, nowMs, { skus: [sku] })),
    queries: database,
    stop: () => sweeper.stop(),
  };
}

/** Holds that arrive together are one transaction. */
function holdTogether({ database, clock, items }: StockNeeds) {
  return coalesce<Asked<Want>, Acted<Held>>({
    mostPerRun: limits.holdsPerTransactionMax,
    waitingMax: limits.holdsWaitingMax,
    lanes: limits.holdLanes,
    run: (asked) =>
      database.transaction((tx) =>
        actOnce<Want, Held>(tx, asked, 201, (wants) =>
          holdAll(tx, wants, { items: items(), nowMs: clock.nowMs() }),
        ),
      ),
  });
}

function askKept({ database, items }: StockNeeds) {
  return coalesce<string, boolean>({
    mostPerRun: limits.holdsPerTransactionMax,
    waitingMax: limits.holdsWaitingMax,
    lanes: 1,
    run: async (skus) => {
      const kept = await keptAmong(database, [...new Set(skus)], items());
      return skus.map((sku) => kept.has(sku));
    },
  });
}

/** Rows of the feed that arrive together are one transaction. */
function feedTogether({ database, clock }: StockNeeds) {
  return coalesce<readonly FeedRow[], readonly StockFate[]>({
    mostPerRun: limits.stockFeedRowsPerTransactionMax,
    waitingMax: limits.stockFeedWaitingRowsMax,
    lanes: limits.stockFeedLanes,
    weigh: (rows) => rows.length,
    run: async (batches) => {
      const fates = await database.transaction((tx) => feedAll(tx, batches.flat(), clock.nowMs()));
      const next = fates.values();
      return batches.map((rows) => next.take(rows.length).toArray());
    },
  });
}

/** Ends holds that are over, so that subscribers hear of it; whoever reads or holds judges by the clock anyway. */
function startSweeper({ database, clock, log, sweepMs = limits.stockSweepMs }: StockNeeds) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const sweepAll = async (): Promise<void> => {
    for (let ended: number = limits.stockSweepHolds; ended === limits.stockSweepHolds && !stopped; )
      ended = await database.transaction((tx) => sweep(tx, clock.nowMs()));
  };
  const wait = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = sweepAll()
        .catch((cause: unknown) =>
          log.warn({ cause: String(cause) }, "holds could not be tidied away; once more"),
        )
        .finally(wait);
    }, sweepMs);
    timer.unref();
  };
  wait();
  return {
    stop: async (): Promise<void> => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
