import type { Clock } from "@trato/base";
import { openCatalog } from "./catalog/index.ts";
import { type DecideNeeds, defaultPolicy, openDecisions, type SeenSlices } from "./decide/index.ts";
import { createEvents, readIdentities, startConsumer } from "./events/index.ts";
import { createMomentWatcher, type MomentNeeds, momentsSlice } from "./moments/index.ts";
import { offersHear, openOffers } from "./offers/index.ts";
import { ordersSlice } from "./orders/index.ts";
import { createFolder, createPeople, type People, peopleSlices } from "./people/index.ts";
import { type Config, type Database, keepSecret, type Log, type Metrics } from "./platform/index.ts";
import { createLiveScores, interestSlice, type LiveScores } from "./scores/index.ts";

/** The fold of a profile: every room's slices. */
export const folder = createFolder([...peopleSlices, ordersSlice, interestSlice, momentsSlice]);

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
  const wakers: (() => void)[] = [];
  const onTaken = () => {
    for (const wake of wakers) wake();
  };
  const events = createEvents({ database, people: people.forIntake, clock, log, metrics, country: config.country, onTaken });
  const catalog = await openCatalog({ database, log });
  const offers = await openOffers({ database, log });
  const scores = await createLiveScores({ database, log });
  const decisions = await openDecisions(
    {
      database,
      policy: defaultPolicy,
      people: peopleForDecide(people, config.country),
      catalogue: catalog,
      offers,
      scores: { now: scores.current, asOf: scores.load },
      onDecided: (record) => metrics.decisions.inc({ basis: record.basis }),
    },
    clock.nowMs(),
  );
  const watcher = createMomentWatcher({ needs: momentNeeds(needs, { people, events, scores }), clock, log });
  watcher.start();
  const consumers = [
    await startConsumer({ name: "offers", types: offersHear, database, log, hear: (tx, heard) => offers.hear(tx, heard) }),
  ];
  for (const consumer of consumers) wakers.push(consumer.wake);

  let trainingAsked = () => {};
  return {
    people,
    events,
    catalog,
    offers,
    scores,
    decisions,
    watcher,
    consumers,
    /** Called when somebody asked for a training. */
    trainingAsked: () => trainingAsked(),
    onTrainingAsked: (hear: () => void) => {
      trainingAsked = hear;
    },
    async stop(): Promise<void> {
      await watcher.stop();
      for (const consumer of consumers) await consumer.stop();
      await Promise.all([catalog.stop(), offers.stop(), scores.stop()]);
    },
  };
}

/** Decide names people as callers send them; people knows them normalised. */
function peopleForDecide(people: People, country: string): DecideNeeds["people"] {
  return {
    foldVersion: people.folder.version,
    async find(named) {
      const asked =
        "personId" in named
          ? named
          : { identities: readIdentities(named.identities, { trusted: true, defaultCountry: country }).identities };
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
    lockWakeUps: people.lockWakeUps,
    clearWakeUps: people.clearWakeUps,
    profilePage: people.profilePage,
    lockProfiles: people.lockProfiles,
    record: async (tx, found) => {
      await events.intake.recordFor(tx, "trato", found);
    },
    scores: scores.current,
  };
}
