import { type Clock, limits } from "@trato/base";
import type { Catalog } from "./catalog/index.ts";
import type { DecideNeeds, Where } from "./decide/index.ts";
import { coalesce, type Database } from "./platform/index.ts";
import { promiseOwner, type Stock } from "./stock/index.ts";

type StockNeeds = DecideNeeds["stock"];
type Promised = Parameters<StockNeeds["hold"]>[0];
type Held = Awaited<ReturnType<StockNeeds["hold"]>>;
type Look = { readonly skus: readonly string[]; readonly where: Where };

/**
 * What decide asks of the stock. Decisions of one moment share the statements that look and the transaction that
 * holds, so that many of them wait neither for connections nor for each other's locks.
 */
export function stockForDecide(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { catalog, stock }: { readonly catalog: Catalog; readonly stock: Stock },
): StockNeeds {
  const placesOf = placesFor(catalog, stock);
  const together = { mostPerRun: limits.decisionsPerTransactionMax, waitingMax: limits.decisionsWaitingMax };
  const look = coalesce<Look, ReadonlySet<string>>({
    ...together,
    lanes: 2,
    run: async (looks) => {
      const answers = new Map<string, Promise<ReadonlySet<string>>>();
      for (const [key, some] of Map.groupBy(looks, ({ where }) => JSON.stringify(where))) {
        const { where } = some[0]!;
        const skus = [...new Set(some.flatMap((one) => one.skus))];
        const asked = { skus, placeIds: placesOf(where), channel: where.channel };
        answers.set(key, stock.soldOut(database, asked, clock.nowMs()));
      }
      return Promise.all(looks.map(({ where }) => answers.get(JSON.stringify(where))!));
    },
  });
  const hold = coalesce<Promised, Held>({
    ...together,
    mostPerRun: limits.holdsPerTransactionMax,
    lanes: 1,
    run: (promises) =>
      database.transaction(async (tx) => {
        const kept = await stock.keptAmong(tx, [...new Set(promises.flatMap(({ skus }) => skus))]);
        const wants = promises.map(({ holdId, personId, skus, expiresMs, where }) => ({
          holdId,
          owner: promiseOwner(personId ?? holdId),
          expiresMs,
          channel: where.channel,
          placeIds: placesOf(where),
          lines: skus.filter((sku) => kept.has(sku)).map((sku) => ({ sku, quantity: 1 })),
        }));
        const some = wants.filter(({ lines }) => lines.length > 0);
        const held = (await stock.hold(tx, some, clock.nowMs())).values();
        return wants.map(({ lines }) => {
          if (lines.length === 0) return "nothing";
          return held.next().value!.ok ? "held" : "sold";
        });
      }),
  });
  return {
    isKept: () => catalog.places().places.size > 0,
    soldOut: async (skus, where) => {
      const missing = await look({ skus, where });
      return new Set(skus.filter((sku) => missing.has(sku)));
    },
    hold,
    release: async (holdId) => {
      await database.transaction((tx) => stock.release(tx, [holdId], clock.nowMs()));
    },
  };
}

/** A till serves from its own store; other channels from every place of its country that serves them, the store
 * that asks first. */
function placesFor(catalog: Catalog, stock: Stock): (where: Where) => string[] {
  return ({ channel, store }) => {
    const own = store === undefined ? undefined : catalog.places().places.get(store);
    if (own !== undefined && channel === "pos") return [own.placeId];
    const serving = stock
      .placesFor({ channel, near: undefined })
      .filter(({ place }) => own === undefined || place.country === own.country)
      .map(({ place }) => place.placeId);
    return own === undefined ? serving : [own.placeId, ...serving.filter((id) => id !== own.placeId)];
  };
}
