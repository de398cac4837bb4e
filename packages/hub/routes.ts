import type { Clock } from "@trato/base";
import {
  getHealth,
  getReady,
  ok,
  type Refusal,
  refoldProfiles,
  refuse,
  verifyProfiles,
} from "@trato/contract";
import {
  explainPriceRoute,
  listItemsRoute,
  listPlacesRoute,
  putItemsRoute,
  putPlacesRoute,
  readItemRoute,
  ruleRoutes,
} from "./catalog/index.ts";
import {
  explainDecisionRoute,
  listDecisionsRoute,
  makeDecisionRoute,
  readDecisionRoute,
  replayDecisionRoute,
} from "./decide/index.ts";
import { countersOf } from "./events/index.ts";
import { type EraseRoom, governRoutes } from "./govern/index.ts";
import { eraseMomentsOf, listMomentsRoute } from "./moments/index.ts";
import { listOffersRoute, listPlacementsRoute, putOffersRoute, putPlacementsRoute } from "./offers/index.ts";
import {
  checkBooks as checkPaymentBooks,
  giftCardRoutes,
  paymentRoutes,
  providerRoutes,
} from "./payments/index.ts";
import { peopleRoutes } from "./people/index.ts";
import {
  type Database,
  eraseChangesOf,
  type KeyRing,
  type Metrics,
  type Route,
  route,
  streamRoute,
} from "./platform/index.ts";
import type { Rooms } from "./rooms.ts";
import {
  askIntentRoute,
  eraseScoresOf,
  listAnomaliesRoute,
  listDemandRoute,
  listFamiliesRoute,
  listModelsRoute,
  promoteModelRoute,
  readModelRoute,
  readPriceResponseRoute,
  readScoresRoute,
  readTrainingRoute,
  startTrainingRoute,
} from "./scores/index.ts";
import { deliveryRoutes, eraseDeliveriesOf, webhookRoutes } from "./send/index.ts";
import { checkBooks as checkStockBooks, stockRoutes } from "./stock/index.ts";

export type RouteNeeds = {
  readonly rooms: Rooms;
  readonly database: Database;
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly metrics: Metrics;
  readonly country: string;
  readonly webhooksLoopback: boolean;
  readonly refusesWrites: () => Omit<Refusal, "ok"> | undefined;
  readonly freeBytes: () => Promise<number>;
  readonly onTrainingAsked: () => void;
};

/** Every endpoint of the hub. */
export function hubRoutes(needs: RouteNeeds): Route[] {
  const { rooms, database, keys, country } = needs;
  const { people, catalog, offers, decisions, scores } = rooms;
  return [
    ...stateRoutes(needs),
    ...rooms.events.routes,
    ...peopleRoutes({ people, queries: database, country }),
    ...governRoutes({ database, keys, erasePeople: people.erase, rooms: eraseRooms(rooms) }),
    ...[listItemsRoute, putItemsRoute, readItemRoute, listPlacesRoute, putPlacesRoute].map((one) =>
      one(catalog),
    ),
    ...ruleRoutes(rooms.pricing),
    explainPriceRoute(rooms.pricing),
    ...stockRoutes(rooms.stock, {
      places: () => catalog.places().places,
      items: () => catalog.now().items,
      clock: needs.clock,
    }),
    ...[paymentRoutes, giftCardRoutes, providerRoutes].flatMap((routes) => routes(rooms.payments)),
    ...[listOffersRoute, putOffersRoute, listPlacementsRoute, putPlacementsRoute].map((one) => one(offers)),
    ...[
      listModelsRoute,
      listFamiliesRoute,
      listDemandRoute,
      listAnomaliesRoute,
      readModelRoute,
      readTrainingRoute,
    ].map((one) => one({ database })),
    askIntentRoute({ scores: scores.current }),
    readPriceResponseRoute({ scores: scores.current }),
    readScoresRoute({ database, find: people.find }),
    startTrainingRoute({ onAsked: needs.onTrainingAsked }),
    promoteModelRoute({ onPromoted: () => void scores.refresh().catch(() => undefined) }),
    ...rooms.orders.routes,
    ...rooms.measure.routes,
    listMomentsRoute({ database, find: people.find }),
    ...webhookRoutes({ database, allow: { loopback: needs.webhooksLoopback } }),
    ...deliveryRoutes({ database }),
    streamRoute({
      streams: rooms.streams,
      metrics: needs.metrics,
      membersOf: async (personId) => (await people.whoIs(database, [personId])).get(personId)?.members,
      passOf: async ({ cart }) => (typeof cart === "string" ? rooms.orders.passOf(cart) : undefined),
    }),
    ...[
      makeDecisionRoute,
      readDecisionRoute,
      explainDecisionRoute,
      replayDecisionRoute,
      listDecisionsRoute,
    ].map((one) => one(decisions)),
  ];
}

/** Every room that holds rows of a person, and how it forgets them. */
export function eraseRooms(rooms: Rooms): EraseRoom[] {
  return [
    { room: "moments", erase: eraseMomentsOf },
    { room: "decisions", erase: rooms.decisions.erase },
    { room: "stock", erase: rooms.stock.erase },
    { room: "orders", erase: rooms.orders.erase },
    { room: "measure", erase: rooms.measure.erase },
    { room: "scores", erase: eraseScoresOf },
    { room: "changes", erase: eraseChangesOf },
    { room: "send", erase: eraseDeliveriesOf },
  ];
}

/** Is it alive, is it ready, does it hold together. */
function stateRoutes({ rooms, database, refusesWrites, metrics, freeBytes }: RouteNeeds): Route[] {
  return [
    route(getHealth, async () => ok({ ok: true as const })),
    route(getReady, async () => {
      const closed = refusesWrites();
      if (closed !== undefined)
        return { ok: false as const, problem: closed.problem as "disk_low" | "stopping" };
      metrics.diskFreeBytes.set(await freeBytes());
      const answers = await database
        .query({ name: "platform/ping", text: "select 1", values: [] })
        .catch(() => undefined);
      metrics.databaseUp.set(answers === undefined ? 0 : 1);
      return answers === undefined ? refuse("database_away") : ok({ ready: true as const });
    }),
    route(verifyProfiles, async () => {
      const startMs = performance.now();
      const { people, different } = await rooms.people.verify();
      const { adds } = await countersOf(database);
      const books = (await Promise.all([checkStockBooks(database), checkPaymentBooks(database)])).flatMap(
        ({ wrong }) => wrong,
      );
      const tookMs = Math.round(performance.now() - startMs);
      return ok({
        people,
        different: [...different],
        countersAdd: adds,
        books,
        ok: adds && different.length === 0 && books.length === 0,
        tookMs,
      });
    }),
    route(refoldProfiles, async () => {
      const startMs = performance.now();
      const people = await rooms.people.refold();
      return ok({ people, tookMs: Math.round(performance.now() - startMs) });
    }),
  ];
}
