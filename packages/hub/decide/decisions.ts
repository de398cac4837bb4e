import { limits, type PersonId, uuid7 } from "@trato/base";
import {
  type DecisionAnswer,
  type DecisionContext,
  type DecisionWhy,
  type IdentityKind,
  type Item,
  type Offer,
  ok,
  type Result,
  refuse,
} from "@trato/contract";
import { coalesce, type Database, type Queries } from "../platform/index.ts";
import { answerOf, whyOf } from "./answer.ts";

import { type Lookup, wordsNeeded } from "./explain.ts";
import { decideAndHold, decideInStock, type StockNeeds, type Where } from "./in-stock.ts";
import type { CatalogueView, Clicked, OffersView, ScoresView, SeenProfile, SeenSlices } from "./needs.ts";
import { type Policy, policyVersion } from "./policy.ts";
import type { DecisionRecord } from "./record.ts";
import { type Replayed, replay } from "./replay.ts";
import { createShelves, type Shelves } from "./shelf.ts";
import { eraseDecisionsOf, insertDecisions, keepPolicy, listRecords, readRecordText } from "./store.ts";

/** How the caller names the person; identities as they were sent, not normalised. */
export type Named =
  | { readonly personId: PersonId }
  | { readonly identities: { readonly [kind in IdentityKind]?: string | undefined } };

/** What deciding asks of the rest of the hub. Views never change; `asOf` gives one as it was, null when it is gone. */
export type DecideNeeds = {
  readonly database: Database;
  readonly policy: Policy;
  readonly people: {
    readonly foldVersion: string;
    find(named: Named): Promise<Result<SeenProfile, "person_unknown" | "person_erased">>;
    /** The fold of what the log held of these members up to a position. */
    asOf(at: { readonly members: readonly PersonId[]; readonly position: string }): Promise<SeenSlices>;
  };
  readonly catalogue: {
    now(): CatalogueView;
    asOf(version: string): Promise<CatalogueView>;
    itemsAsOf(skus: readonly string[], version: string): Promise<ReadonlyMap<string, Item>>;
  };
  readonly offers: {
    now(): OffersView;
    spent(): ReadonlySet<string>;
    asOf(version: string): Promise<OffersView>;
    offersAsOf(ids: readonly string[], version: string): Promise<ReadonlyMap<string, Offer>>;
  };
  readonly scores: { now(): ScoresView; asOf(version: string): Promise<ScoresView | null> };
  /** What those who looked at these, oldest first, look at next. */
  readonly clicked?: (recent: readonly string[]) => readonly Clicked[];
  readonly stock: StockNeeds;
  /** What a unit of these costs at an instant, where that is not the item's own price. */
  readonly prices?: (skus: readonly string[], where: Where, atMs: number) => Readonly<Record<string, number>>;
  readonly onDecided?: (record: DecisionRecord) => void;
};

export type Asked = {
  readonly placement: string;
  readonly named: Named | null;
  readonly limit?: number | undefined;
  readonly context?: DecisionContext | undefined;
  /** Whether a unit of each item that is shown is held for as long as the decision is fresh. */
  readonly hold?: boolean | undefined;
};

/** What the functions below share. */
type Engine = {
  readonly needs: DecideNeeds;
  readonly shelves: Shelves;
  /** Resolves once the record is durable; false when its person was erased meanwhile, and nothing was kept. */
  readonly keep: (record: DecisionRecord) => Promise<boolean>;
};

export type Decisions = Awaited<ReturnType<typeof openDecisions>>;

/** The decide room: makes decisions, keeps them before they are told, explains and replays them. */
export async function openDecisions(needs: DecideNeeds, nowMs: number) {
  const { database, policy } = needs;
  await keepPolicy(database, { version: policyVersion(policy), policy, nowMs });
  const engine: Engine = { needs, shelves: createShelves(), keep: keepTogether(needs) };
  return {
    make: (asked: Asked, nowMs: number) => make(engine, asked, nowMs),
    /** The answer as it was given. */
    async read(decisionId: string): Promise<Result<DecisionAnswer, "decision_unknown">> {
      const found = await readRecord(database, decisionId);
      return found.ok ? ok(answerOf(found.value, await lookupOf(needs, found.value))) : found;
    },
    async why(decisionId: string): Promise<Result<DecisionWhy, "decision_unknown">> {
      const found = await readRecord(database, decisionId);
      return found.ok ? ok(whyOf(found.value, await lookupOf(needs, found.value))) : found;
    },
    replay: (decisionId: string): Promise<Replayed> => replay(needs, engine.shelves, decisionId),
    list: (page: Page) => list(needs, page),
    erase: (tx: Queries, members: readonly PersonId[]): Promise<number> => eraseDecisionsOf(tx, members),
  };
}

/** One transaction for all decisions of a moment: a commit is shared, and none is told before it. */
function keepTogether({ database }: DecideNeeds): Engine["keep"] {
  return coalesce<DecisionRecord, boolean>({
    mostPerRun: limits.decisionsPerTransactionMax,
    waitingMax: limits.decisionsWaitingMax,
    lanes: 2,
    run: async (records) => {
      const kept = await insertDecisions(database, records);
      return records.map(({ decisionId }) => kept.has(decisionId));
    },
  });
}

type PersonRefusal = "person_unknown" | "person_erased";

async function make(
  { needs, shelves, keep }: Engine,
  asked: Asked,
  nowMs: number,
): Promise<Result<DecisionAnswer, "placement_unknown" | PersonRefusal>> {
  const { placement, limit, context } = asked;
  const channel = needs.offers.now().placements.get(placement)?.channel;
  if (channel === undefined) return refuse("placement_unknown");
  const found = await find(needs, asked.named);
  if (!found.ok) return found;
  const shelf = shelves(needs.catalogue.now(), needs.offers.now(), needs.scores.now(), needs.policy);
  const where: Where = { channel, store: context?.store };
  const decided = await (asked.hold === true ? decideAndHold : decideInStock)(
    needs.stock,
    {
      decisionId: uuid7(nowMs),
      nowMs,
      request: {
        placement,
        ...(limit === undefined ? {} : { limit }),
        ...(context === undefined ? {} : { context }),
      },
      profile: found.value,
      shelf,
      spent: needs.offers.spent(),
      soldOut: new Set(),
      ...(needs.clicked === undefined ? {} : { clicked: needs.clicked }),
      foldVersion: needs.people.foldVersion,
    },
    where,
  );
  const skus = decided.shown.flatMap(({ sku }) => sku ?? []);
  const prices = needs.prices?.(skus, where, nowMs) ?? {};
  const record = Object.keys(prices).length === 0 ? decided : { ...decided, prices };
  // Whoever was erased while we decided is asked for again: they are gone, or nobody.
  if (!(await keep(record))) {
    if (record.promise !== undefined) await needs.stock.release(record.promise.holdId);
    return make({ needs, shelves, keep }, asked, nowMs);
  }
  needs.onDecided?.(record);
  const { items } = shelf.catalogue;
  const { offers } = shelf.offers;
  return ok(answerOf(record, { item: (sku) => items.get(sku), offer: (id) => offers.get(id) }));
}

/** Who sends identities may be the first to name somebody: that is nobody yet, not a mistake. */
async function find(
  needs: DecideNeeds,
  named: Named | null,
): Promise<Result<SeenProfile | null, PersonRefusal>> {
  if (named === null) return ok(null);
  const found = await needs.people.find(named);
  return found.ok || "personId" in named ? found : ok(null);
}

async function readRecord(
  queries: Queries,
  decisionId: string,
): Promise<Result<DecisionRecord, "decision_unknown">> {
  const text = await readRecordText(queries, decisionId);
  return text === undefined ? refuse("decision_unknown") : ok(JSON.parse(text) as DecisionRecord);
}

async function lookupOf(needs: DecideNeeds, record: DecisionRecord): Promise<Lookup> {
  const { skus, offerIds } = wordsNeeded(record);
  const [items, offers] = await Promise.all([
    needs.catalogue.itemsAsOf(skus, record.versions.catalogue),
    needs.offers.offersAsOf(offerIds, record.versions.offers),
  ]);
  return { item: (sku) => items.get(sku), offer: (id) => offers.get(id) };
}

export type Page = {
  readonly before: string | null;
  readonly limit: number;
  readonly personId: PersonId | null;
  readonly placement: string | null;
};

/** A page of records, latest first. A person's include those of everybody merged into them. */
async function list({ database, people }: DecideNeeds, page: Page): Promise<DecisionRecord[]> {
  const { personId, ...rest } = page;
  if (personId === null) return listRecords(database, { ...rest, members: null });
  const found = await people.find({ personId });
  return listRecords(database, { ...rest, members: found.ok ? found.value.members : [personId] });
}
