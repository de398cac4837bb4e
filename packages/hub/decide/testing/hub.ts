import { fakeClock, type PersonId, uuid7 } from "@trato/base";
import type { Identity, JsonObject } from "@trato/contract";
import { openCatalog } from "../../catalog/index.ts";
import { createIntake, type KeptEvent } from "../../events/index.ts";
import { measureSlices } from "../../measure/index.ts";
import { momentsSlice } from "../../moments/index.ts";
import { openOffers } from "../../offers/index.ts";
import { ordersSlice } from "../../orders/index.ts";
import { createFolder, createPeople, peopleSlices } from "../../people/index.ts";
import { silentLog } from "../../platform/index.ts";
import { interestSlice } from "../../scores/index.ts";
import type { TestDatabase } from "../../testing/database.ts";
import { serve } from "../../testing/serve.ts";
import {
  type DecideNeeds,
  explainDecisionRoute,
  listDecisionsRoute,
  makeDecisionRoute,
  openDecisions,
  type Policy,
  readDecisionRoute,
  replayDecisionRoute,
  type ScoresView,
  type SeenSlices,
  type StockNeeds,
} from "../index.ts";
import { items, plainPolicy, scores, today } from "./shop.ts";

export const folder = createFolder([
  ...peopleSlices,
  ordersSlice,
  interestSlice,
  momentsSlice,
  ...measureSlices,
]);

const noStock: StockNeeds = {
  isKept: () => false,
  soldOut: async () => new Set(),
  hold: async () => "nothing",
  release: async () => undefined,
};

export type TestHub = Awaited<ReturnType<typeof openHub>>;

/** The rooms a decision needs, on a real database, with the models of shop.ts in charge. */
export async function openHub(
  at: TestDatabase,
  options: { policy?: Policy; foldVersion?: string; stock?: StockNeeds } = {},
) {
  const { database } = at;
  const clock = fakeClock(today);
  const people = createPeople({ database, folder, clock, tombstoneSecret: "test" });
  const intake = createIntake({
    database,
    people: people.forIntake,
    clock,
    log: silentLog,
    onTaken: () => undefined,
  });
  const catalog = await openCatalog({ database, log: silentLog, pollMs: 60_000 });
  const offers = await openOffers({ database, log: silentLog, pollMs: 60_000 });
  await catalog.put(items);
  const models: { inCharge: ScoresView } = { inCharge: scores };
  const needs: DecideNeeds = {
    database,
    policy: options.policy ?? plainPolicy,
    people: {
      foldVersion: options.foldVersion ?? folder.version,
      find: (named) =>
        people.find("personId" in named ? named : { identities: identitiesOf(named.identities) }),
      asOf: async (asked) => (await people.profileAsOf(asked)) as SeenSlices,
    },
    catalogue: catalog,
    offers,
    scores: {
      now: () => models.inCharge,
      asOf: async (version) => (version === scores.version ? scores : null),
    },
    stock: options.stock ?? noStock,
  };
  const decisions = await openDecisions(needs, today);
  const routes = [
    makeDecisionRoute,
    readDecisionRoute,
    explainDecisionRoute,
    replayDecisionRoute,
    listDecisionsRoute,
  ];
  const { ask, stop } = serve(
    database,
    routes.map((one) => one(decisions)),
    clock,
  );
  return {
    ...{ clock, people, catalog, offers, decisions, models, ask },
    /** Takes in events of one person; `daysAgo` may be negative. */
    take: (email: string, ...events: readonly Told[]) =>
      intake.take({ source: "shop", events: events.map((one) => eventOf(email, one)), rejects: [] }),
    idOf: async (email: string): Promise<PersonId> => {
      const found = await people.find({ identities: [{ kind: "email", value: email }] });
      if (!found.ok) throw new Error(`nobody is ${email}`);
      return found.value.personId;
    },
    stop: async () => {
      await stop();
      await catalog.stop();
      await offers.stop();
    },
  };
}

export type Told = { type: string; daysAgo?: number; data?: JsonObject; also?: Identity };

function eventOf(email: string, { type, daysAgo = 1, data = {}, also }: Told): KeptEvent {
  const timeMs = today - daysAgo * 24 * 3_600_000;
  const identities: Identity[] = [{ kind: "email", value: email }, ...(also === undefined ? [] : [also])];
  const id = uuid7(timeMs);
  const where = { channel: "web", store: null, session: null };
  return { id, source: "shop", type, timeMs, receivedAtMs: today, ...where, identities, data };
}

function identitiesOf(named: { readonly [kind: string]: string | undefined }): Identity[] {
  return Object.entries(named).map(([kind, value]) => ({ kind, value }) as Identity);
}

export const agreed = (purpose: string, channel = "any"): Told => ({
  type: "consent.given",
  daysAgo: 300,
  data: { purpose, channel, textVersion: "1", language: "es", evidence: "box" },
});

export const placed = (orderId: string, daysAgo: number, ...skus: readonly string[]): Told => ({
  type: "order.placed",
  daysAgo,
  data: {
    orderId,
    currency: "USD",
    totalMinor: 100 * skus.length,
    lines: skus.map((sku) => ({ sku, quantity: 1, amountMinor: 100 })),
  },
});

export const viewed = (sku: string, daysAgo = 1): Told => ({ type: "item.viewed", daysAgo, data: { sku } });
