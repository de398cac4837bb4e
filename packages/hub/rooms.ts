import { type Clock, chance, limits } from "@trato/base";
import { type Catalog, openCatalog, openPricing, type Pricing } from "./catalog/index.ts";
import {
  type DecidedPerson,
  type DecideNeeds,
  defaultPolicy,
  openDecisions,
  readDecided,
  readFirstSlots,
  type SeenSlices,
} from "./decide/index.ts";
import {
  type Consumer,
  createEvents,
  type KeptEvent,
  ownSource,
  readIdentities,
  recordOfNobody,
  startConsumer,
} from "./events/index.ts";
import { readVisits } from "./facts-for-scores.ts";
import { createMeasure, type Decided, type MeasureNeeds, measureSlices } from "./measure/index.ts";
import { createMomentWatcher, type MomentNeeds, momentsSlice } from "./moments/index.ts";
import { type Offers, offersHear, openOffers } from "./offers/index.ts";
import { openOrders, ordersSlice, readOrdersWhere } from "./orders/index.ts";
import { openPayments, type Payments, type RecordFacts, stripe } from "./payments/index.ts";
import { createFolder, createPeople, type People, peopleSlices } from "./people/index.ts";
import {
  type Config,
  type Database,
  keepSecret,
  type Log,
  type Metrics,
  openStreams,
} from "./platform/index.ts";
import {
  churnHorizonOf,
  createLiveScores,
  createLiveVisits,
  interestSlice,
  type LiveScores,
  type LiveVisits,
  lastScoredMs,
  readChampion,
  readScorePage,
  type Scores,
  shareClicks,
} from "./scores/index.ts";
import { ordersNeeds } from "./selling.ts";
import { createSender, resolveBySystem } from "./send/index.ts";
import { openStock, type Stock } from "./stock/index.ts";
import { stockForDecide } from "./stock-for-decide.ts";

/** The fold of a profile: every room's slices. */
export const folder = createFolder([
  ...peopleSlices,
  ordersSlice,
  interestSlice,
  momentsSlice,
  ...measureSlices,
]);

export type RoomNeeds = {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

export type Rooms = Awaited<ReturnType<typeof openRooms>>;

/** Opens every room and hands each what it asks of the others. */
export async function openRooms(needs: RoomNeeds) {
  const { config, database, clock, log, metrics } = needs;
  const people = createPeople({
    database,
    folder,
    clock,
    tombstoneSecret: await keepSecret(database, "people.tombstones"),
    onRefold: (count) => metrics.refoldedPeople.inc(count),
  });
  // Profiles that an older version of the slices folded are folded again before anybody reads them.
  const caughtUp = await people.catchUp();
  if (caughtUp > 0) log.info({ people: caughtUp }, "profiles were folded again by this version");
  const consumers: Consumer[] = [];
  const visits = createLiveVisits({
    ...{ log, browsed: () => readVisits(database) },
    tell: (clicks) => sharedClicks.tell(clicks),
  });
  const sharedClicks = await shareClicks({ database, log, hear: visits.add });
  const onTaken = (applied: readonly KeptEvent[]) => {
    visits.hear(applied);
    for (const consumer of consumers) consumer.wake();
  };
  const { country } = config;
  const events = createEvents({ database, people: people.forIntake, clock, log, metrics, country, onTaken });
  const catalog = await openCatalog({ database, log, clock });
  const pricing = await openPricing({
    ...{ database, log, clock, items: catalog.now, mayBePlace: catalog.mayBePlace },
    countryOf: (placeId) =>
      (placeId === null ? undefined : catalog.places().places.get(placeId)?.country) ?? country,
  });
  const stock = stockRoom({ database, clock, log }, catalog);
  const payments = await openPaying(needs);
  const offers = await openOffers({ database, log });
  const onChange = (now: Scores) => void visits.follow(now.visits);
  const scores = await createLiveScores({ database, log, onChange });
  const decisions = await openDeciding(needs, { people, catalog, pricing, offers, scores, visits, stock });
  const orders = await openOrders(ordersNeeds(needs, { people, events, catalog, pricing, stock, payments }));
  const measure = createMeasure(measureNeeds(needs, people));
  const watcher = createMomentWatcher({ needs: momentNeeds(needs, { people, events, scores }), clock, log });
  watcher.start();
  const hear: Offers["hear"] = (tx, heard) => offers.hear(tx, heard);
  consumers.push(await startConsumer({ name: "offers", types: offersHear, database, log, hear }));
  consumers.push(await measure.startConsumer());
  consumers.push(await orders.startConsumer());

  const streams = await openStreams({ database, log, metrics });
  const sender = createSender({ database, clock, log, draw: chance(clock.nowMs()), http: httpOf(config) });
  await sender.start();

  return {
    ...{ streams, sender, people, events, catalog, pricing, stock, payments, orders, offers },
    ...{ scores, visits, decisions },
    ...{ measure, watcher, consumers },
    async stop(): Promise<void> {
      await streams.stop();
      await sharedClicks.stop();
      await sender.stop();
      await watcher.stop();
      await payments.stop();
      for (const consumer of consumers) await consumer.stop();
      await stock.stop();
      await Promise.all([catalog.stop(), pricing.stop(), offers.stop(), scores.stop()]);
    },
  };
}

function stockRoom(needs: Pick<RoomNeeds, "database" | "clock" | "log">, catalog: Catalog): Stock {
  return openStock({
    ...needs,
    items: () => catalog.now().items,
    places: () => catalog.places().places,
  });
}

const httpOf = ({ webhooksLoopback: loopback }: Config) => ({
  allow: { loopback },
  resolve: resolveBySystem,
  answerMsMax: limits.sendAnswerMsMax,
});

function openDeciding(
  { config, database, clock, metrics }: RoomNeeds,
  rooms: {
    people: People;
    catalog: Catalog;
    pricing: Pricing;
    offers: Offers;
    scores: LiveScores;
    visits: LiveVisits;
    stock: Stock;
  },
) {
  const { people, catalog, pricing, offers, scores, visits, stock } = rooms;
  const needs: DecideNeeds = {
    database,
    policy: defaultPolicy,
    people: peopleForDecide(people, config.country),
    catalogue: catalog,
    offers,
    scores: { now: scores.current, asOf: scores.load },
    clicked: visits.next,
    stock: stockForDecide({ database, clock }, { catalog, stock }),
    prices: (skus, { channel, store }, atMs) =>
      pricing.unitPrices(skus, { placeId: store ?? null, channel, atMs }),
    onDecided: (record) => metrics.decisions.inc({ basis: record.basis }),
  };
  return openDecisions(needs, clock.nowMs());
}

/** Payments say what happened to money into the log, in the transaction that moves it. */
async function openPaying({ config, database, clock, log }: RoomNeeds): Promise<Payments> {
  const facts: RecordFacts["facts"] = (tx, all, nowMs) => {
    const nowhere = { channel: null, store: null, session: null, identities: [] };
    const told = all.map((fact) => ({
      ...{ ...fact, ...nowhere, source: ownSource, timeMs: nowMs, receivedAtMs: nowMs },
    }));
    return recordOfNobody(tx, told);
  };
  return openPayments({
    ...{ database, record: { facts, whereOf: readOrdersWhere }, clock, log },
    providers: config.stripe === undefined ? [] : [stripe(config.stripe)],
    giftCardSecret: await keepSecret(database, "payments.gift_cards"),
  });
}

const measureNeeds = ({ database, log }: RoomNeeds, people: People): MeasureNeeds => ({
  ...{ database, log, whoIs: people.whoIs },
  decided: (period) => armsOf(readDecided(database, period)),
  firstSlots: (asked) => readFirstSlots(database, asked),
});

/** Decide knows on what a decision was based; measuring compares those left alone with those who were not. */
async function* armsOf(pages: AsyncIterable<readonly DecidedPerson[]>): AsyncGenerator<Decided[]> {
  for await (const page of pages) {
    yield page.map(({ basis, ...person }) => ({
      ...person,
      arm: basis === "personal" ? "treated" : basis === "holdout" ? "holdout" : "other",
    }));
  }
}

/** Decide names people as callers send them; people knows them normalised. */
function peopleForDecide(people: People, country: string): DecideNeeds["people"] {
  return {
    foldVersion: people.folder.version,
    async find(named) {
      const asked =
        "personId" in named
          ? named
          : {
              identities: readIdentities(named.identities, { trusted: true, defaultCountry: country })
                .identities,
            };
      return people.find(asked);
    },
    asOf: async (at) => (await people.profileAsOf(at)) as SeenSlices,
  };
}

function momentNeeds(
  { database }: RoomNeeds,
  rooms: { people: People; events: ReturnType<typeof createEvents>; scores: LiveScores },
): MomentNeeds {
  const { people, events, scores } = rooms;
  return {
    database,
    takeWakeUps: people.takeWakeUps,
    profilePage: people.profilePage,
    lockProfiles: people.lockProfiles,
    record: async (tx, found) => {
      await events.intake.recordFor(tx, ownSource, found);
    },
    scores: scores.current,
    lastScoredMs: () => lastScoredMs(database),
    async churnHorizonDays() {
      const champion = await readChampion(database, "churn");
      return champion === null ? null : churnHorizonOf(champion.card);
    },
    scorePage: (family, after, limit) => readScorePage(database, { family, after, limit }),
  };
}
