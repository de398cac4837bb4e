import type { Offer, Placement } from "@trato/contract";
import { type Fate, fateOf } from "../catalog/index.ts";
import type { Queries } from "../platform/index.ts";
import { type OfferUse, roomForOffers } from "./rules.ts";

/** Every offer and placement as they were at a version, and whose budget is spent now. Never changed once made. */
export type OffersView = {
  readonly version: string;
  readonly offers: ReadonlyMap<string, Offer>;
  readonly placements: ReadonlyMap<string, Placement>;
};

export type Written = {
  readonly version: string;
  readonly fates: ReadonlyMap<string, Fate>;
  /** Ids for which there was no room. */
  readonly tooMany: ReadonlySet<string>;
};

type Kind = "offer" | "placement";
type Row = { readonly id: string; readonly value: Offer | Placement };

/** Statements of both kinds; they differ in the names of their tables and columns alone. */
const statements = {
  offer: {
    read: "select id, offer as value from offers_offer where id = any($1::text[])",
    count: "select count(*) as n from offers_offer",
    write: `with now as (update offers_version set version = version + 1 returning version),
                 given as (select r.id, r.value, now.version
                             from now, json_to_recordset($1::json) as r (id text, value json)),
                 history as (insert into offers_offer_version (id, version, offer)
                             select id, version, value from given),
                 current as (insert into offers_offer (id, version, offer) select id, version, value from given
                             on conflict (id) do update set version = excluded.version, offer = excluded.offer)
            select version from now`,
  },
  placement: {
    read: "select id, placement as value from offers_placement where id = any($1::text[])",
    count: "select count(*) as n from offers_placement",
    write: `with now as (update offers_version set version = version + 1 returning version),
                 given as (select r.id, r.value, now.version
                             from now, json_to_recordset($1::json) as r (id text, value json)),
                 history as (insert into offers_placement_version (id, version, placement)
                             select id, version, value from given),
                 current as (insert into offers_placement (id, version, placement) select id, version, value from given
                             on conflict (id)
                             do update set version = excluded.version, placement = excluded.placement)
            select version from now`,
  },
} as const satisfies Record<Kind, Record<"read" | "count" | "write", string>>;

/** Writes offers or placements in the caller's transaction; see catalog's `writeItems` for what holds. */
async function write(
  tx: Queries,
  kind: Kind,
  rows: readonly Row[],
  room: (there: number) => number,
): Promise<Written> {
  const held = await tx.query<{ version: string }>({
    name: "offers/hold_version",
    text: "select version from offers_version for update",
    values: [],
  });
  const { read, count, write: text } = statements[kind];
  const ids = rows.map((row) => row.id);
  const there = new Map(
    (await tx.query<Row>({ name: `offers/read_${kind}s`, text: read, values: [ids] })).map((row) => [
      row.id,
      row.value,
    ]),
  );
  const counted = await tx.query<{ n: string }>({ name: `offers/count_${kind}s`, text: count, values: [] });
  let left = room(Number(counted[0]!.n));
  const fates = new Map<string, Fate>();
  const tooMany = new Set<string>();
  for (const { id, value } of rows) {
    const fate = fateOf(value, there.get(id));
    if (fate === "created" && left-- <= 0) tooMany.add(id);
    else fates.set(id, fate);
  }
  const written = rows.filter((row) => fates.has(row.id) && fates.get(row.id) !== "unchanged");
  if (written.length === 0) return { version: held[0]!.version, fates, tooMany };
  const now = await tx.query<{ version: string }>({
    name: `offers/write_${kind}s`,
    text,
    values: [JSON.stringify(written)],
  });
  return { version: now[0]!.version, fates, tooMany };
}

export const writeOffers = (tx: Queries, offers: readonly Offer[]): Promise<Written> =>
  write(
    tx,
    "offer",
    offers.map((value) => ({ id: value.id, value })),
    roomForOffers,
  );

export const writePlacements = (
  tx: Queries,
  placements: readonly Placement[],
  most: number,
): Promise<Written> =>
  write(
    tx,
    "placement",
    placements.map((value) => ({ id: value.name, value })),
    (there) => Math.max(0, most - there),
  );

export type OfferInUse = { readonly offer: Offer; readonly used: number };

/** A page of offers by id, with what is used of each. */
export async function listOffers(
  queries: Queries,
  page: { readonly after: string; readonly limit: number },
): Promise<OfferInUse[]> {
  const rows = await queries.query<{ offer: Offer; used: string }>({
    name: "offers/list",
    text: `select offer, coalesce(used, 0) as used from offers_offer left join offers_budget on offer_id = id
            where id > $1 order by id limit $2`,
    values: [page.after, page.limit],
  });
  return rows.map(({ offer, used }) => ({ offer, used: Number(used) }));
}

/** The snapshot as it is now, made of the one before and what changed since; the same one when nothing did. */
export async function readView(queries: Queries, before: OffersView | undefined): Promise<OffersView> {
  const rows = await queries.query<{ version: string; offer: Offer | null; placement: Placement | null }>({
    name: "offers/read_changes",
    text: `select v.version, c.offer, c.placement
             from offers_version v
             left join (select version, offer, null::json as placement from offers_offer
                        union all
                        select version, null, placement from offers_placement) c on c.version > $1::bigint`,
    values: [before?.version ?? "-1"],
  });
  const version = rows[0]!.version;
  if (version === before?.version) return before;
  const offers = new Map(before?.offers);
  const placements = new Map(before?.placements);
  for (const { offer, placement } of rows) {
    if (offer !== null) offers.set(offer.id, offer);
    if (placement !== null) placements.set(placement.name, placement);
  }
  return { version, offers, placements };
}

/** The snapshot as it was at a version. */
export async function readPastView(queries: Queries, version: string): Promise<OffersView> {
  const offers = await queries.query<{ offer: Offer }>({
    name: "offers/read_past_offers",
    text: `select distinct on (id) offer from offers_offer_version
            where version <= $1::bigint order by id, version desc`,
    values: [version],
  });
  const placements = await queries.query<{ placement: Placement }>({
    name: "offers/read_past_placements",
    text: `select distinct on (id) placement from offers_placement_version
            where version <= $1::bigint order by id, version desc`,
    values: [version],
  });
  return {
    version,
    offers: new Map(offers.map(({ offer }) => [offer.id, offer])),
    placements: new Map(placements.map(({ placement }) => [placement.name, placement])),
  };
}

/** Single offers as they were at a version. */
export async function readPastOffers(
  queries: Queries,
  ids: readonly string[],
  version: string,
): Promise<Map<string, Offer>> {
  const rows = await queries.query<{ offer: Offer }>({
    name: "offers/read_past_some",
    text: `select distinct on (id) offer from offers_offer_version
            where id = any($1::text[]) and version <= $2::bigint order by id, version desc`,
    values: [ids, version],
  });
  return new Map(rows.map(({ offer }) => [offer.id, offer]));
}

/** Counts uses; one that was counted before is left out. In the transaction that moves the reader of the log. */
export async function addUses(tx: Queries, uses: readonly OfferUse[]): Promise<void> {
  if (uses.length === 0) return;
  await tx.query({
    name: "offers/add_uses",
    text: `with given as (select distinct on (offer_id, decision_id) offer_id, decision_id, used_ms
                            from json_to_recordset($1::json) as u (offer_id text, decision_id text, used_ms bigint)
                           where exists (select from offers_offer where id = offer_id)
                           order by offer_id, decision_id, used_ms),
                fresh as (insert into offers_use (offer_id, decision_id, used_ms)
                          select offer_id, decision_id, used_ms from given on conflict do nothing returning offer_id)
           insert into offers_budget (offer_id, used)
           select offer_id, count(*) from fresh group by offer_id order by offer_id
           on conflict (offer_id) do update set used = offers_budget.used + excluded.used`,
    values: [
      JSON.stringify(
        uses.map((one) => ({ offer_id: one.offerId, decision_id: one.decisionId, used_ms: one.usedMs })),
      ),
    ],
  });
}

/** The offers whose budget is spent, sorted by id. */
export async function readSpent(queries: Queries): Promise<string[]> {
  const rows = await queries.query<{ id: string }>({
    name: "offers/read_spent",
    text: `select id from offers_budget join offers_offer on id = offer_id
            where used >= (offer ->> 'budgetUnits')::bigint order by id`,
    values: [],
  });
  return rows.map((row) => row.id);
}
