import { limits } from "@trato/base";
import { type BatchResult, type Offer, offer, type Placement, placement } from "@trato/contract";
import { summarise } from "../catalog/index.ts";
import type { ReadEvent } from "../events/index.ts";
import {
  type CheckedRow,
  type Database,
  keepSnapshot,
  type Log,
  type Queries,
  rememberPast,
  rowChecker,
} from "../platform/index.ts";
import { offerErrors, useOf } from "./rules.ts";
import {
  addUses,
  listOffers,
  type OfferInUse,
  type OffersView,
  readPastOffers,
  readPastView,
  readSpent,
  readView,
  type Written,
  writeOffers,
  writePlacements,
} from "./store.ts";

export type Offers = Awaited<ReturnType<typeof openOffers>>;

const checkPlacements = rowChecker<Placement>({ schema: placement, under: "placements", idField: "name" });

type Needs = { readonly database: Database; readonly log: Log; readonly pollMs?: number };

/** Offers and the placements they are shown at, as they are now and as they were; and what is used of budgets. */
export async function openOffers(needs: Needs) {
  const { database } = needs;
  const { snapshots, spent } = await keepViews(needs);
  const past = rememberPast((version) => readPastView(database, version));
  const checkOffers = rowChecker<Offer>({
    schema: offer,
    under: "offers",
    idField: "id",
    more: (row) => offerErrors(row, snapshots.now().placements),
  });
  const answer = async <Row>(
    rows: readonly CheckedRow<Row>[],
    written: Written,
    bound: Bound,
  ): Promise<BatchResult> => {
    await Promise.all([snapshots.refresh(), spent.refresh()]);
    return summarise(written.version, refuseTooMany(rows, written, bound), written.fates);
  };

  return {
    now: (): OffersView => snapshots.now(),
    /** Offers whose budget was spent a moment ago. */
    spent: (): ReadonlySet<string> => spent.now(),
    asOf: async (version: string): Promise<OffersView> =>
      version === snapshots.now().version ? snapshots.now() : past(version),
    offersAsOf: async (ids: readonly string[], version: string): Promise<ReadonlyMap<string, Offer>> => {
      const view = snapshots.now();
      return view.version === version ? view.offers : readPastOffers(database, ids, version);
    },
    /** Writes a batch, each row by itself; when this returns, `now()` shows it. */
    async putOffers(rows: readonly unknown[], language?: string): Promise<BatchResult> {
      const checked = checkOffers(rows, language);
      const written = await database.transaction((tx) => writeOffers(tx, rightOf(checked)));
      return answer(checked, written, offersBound);
    },
    async putPlacements(rows: readonly unknown[], language?: string): Promise<BatchResult> {
      const checked = checkPlacements(rows, language);
      const written = await database.transaction((tx) =>
        writePlacements(tx, rightOf(checked), limits.placementsMax),
      );
      return answer(checked, written, placementsBound);
    },
    list: (page: { after: string; limit: number }): Promise<OfferInUse[]> => listOffers(database, page),
    /** Hears `decision.outcome` from the log, in the transaction that moves the reader on. */
    hear: (tx: Queries, events: readonly ReadEvent[]): Promise<void> =>
      addUses(
        tx,
        events.flatMap(({ event }) => useOf(event) ?? []),
      ),
    refresh: () => Promise.all([snapshots.refresh(), spent.refresh()]),
    stop: async (): Promise<void> => {
      await Promise.all([snapshots.stop(), spent.stop()]);
    },
  };
}

async function keepViews({ database, ...more }: Needs) {
  const snapshots = await keepSnapshot<OffersView>({
    ...more,
    name: "offers",
    load: (before) => readView(database, before),
  });
  const spent = await keepSnapshot<ReadonlySet<string>>({
    ...more,
    name: "spent budgets",
    load: async () => new Set(await readSpent(database)),
  });
  return { snapshots, spent };
}

/** The events that `hear` wants to hear. */
export const heardTypes = ["decision.outcome"] as const;

function rightOf<Row>(checked: readonly CheckedRow<Row>[]): Row[] {
  return checked.flatMap((one) => ("row" in one ? [one.row] : []));
}

/** Where rows stand in the body, and how many there may be. */
type Bound = { readonly under: string; readonly most: number };
const offersBound: Bound = { under: "offers", most: limits.offersMax };
const placementsBound: Bound = { under: "placements", most: limits.placementsMax };

function refuseTooMany<Row>(
  rows: readonly CheckedRow<Row>[],
  { tooMany }: Written,
  { under, most }: Bound,
): CheckedRow<Row>[] {
  return rows.map((one, i) => {
    if (!tooMany.has(one.id)) return one;
    const detail = `there are ${most} already; change one of them instead`;
    return { id: one.id, errors: [{ pointer: `/body/${under}/${i}`, detail }] };
  });
}
