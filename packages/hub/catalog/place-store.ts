import type { Place } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import { type Fate, fateOf } from "./rules.ts";

/** Every place as it was at a version. Never changed once made. */
export type PlacesView = { readonly version: string; readonly places: ReadonlyMap<string, Place> };

export type WrittenPlaces = {
  readonly version: string;
  readonly fates: ReadonlyMap<string, Fate>;
  /** Places for which there was no room. */
  readonly tooMany: ReadonlySet<string>;
  readonly written: readonly Place[];
};

/** Writes places in the caller's transaction, at most `most` in all; see `writeItems` for what holds. */
export async function writePlaces(
  tx: Queries,
  places: readonly Place[],
  most: number,
): Promise<WrittenPlaces> {
  const held = await tx.query<{ version: string }>({
    name: "catalog/hold_place_version",
    text: "select version from catalog_place_version_now for update",
    values: [],
  });
  const there = new Map((await readPlaces(tx)).map((one) => [one.placeId, one]));
  const fates = new Map<string, Fate>();
  const tooMany = new Set<string>();
  let left = most - there.size;
  for (const one of places) {
    const fate = fateOf(one, there.get(one.placeId));
    if (fate === "created" && left-- <= 0) tooMany.add(one.placeId);
    else fates.set(one.placeId, fate);
  }
  const written = places.filter(({ placeId }) => (fates.get(placeId) ?? "unchanged") !== "unchanged");
  if (written.length === 0) return { version: held[0]!.version, fates, tooMany, written };
  const rows = await tx.query<{ version: string }>({
    name: "catalog/write_places",
    text: `with now as (update catalog_place_version_now set version = version + 1 returning version),
                given as (select r.place_id, r.place, now.version
                            from now, json_to_recordset($1::json) as r (place_id text, place json)),
                history as (insert into catalog_place_version (place_id, version, place)
                            select place_id, version, place from given),
                current as (insert into catalog_place (place_id, version, place)
                            select place_id, version, place from given
                            on conflict (place_id) do update
                              set version = excluded.version, place = excluded.place)
           select version from now`,
    values: [JSON.stringify(written.map((one) => ({ place_id: one.placeId, place: one })))],
  });
  return { version: rows[0]!.version, fates, tooMany, written };
}

async function readPlaces(queries: Queries): Promise<Place[]> {
  const rows = await queries.query<{ place: Place }>({
    name: "catalog/read_places",
    text: "select place from catalog_place",
    values: [],
  });
  return rows.map(({ place }) => place);
}

/** The snapshot as it is now, made of the one before and what changed since; the same one when nothing did. */
export async function readPlacesView(queries: Queries, before: PlacesView | undefined): Promise<PlacesView> {
  const rows = await queries.query<{ version: string; place: Place | null }>({
    name: "catalog/read_place_changes",
    text: `select v.version, p.place from catalog_place_version_now v
             left join catalog_place p on p.version > $1::bigint`,
    values: [before?.version ?? "-1"],
  });
  const version = rows[0]!.version;
  if (version === before?.version) return before;
  const places = new Map(before?.places);
  for (const { place } of rows) if (place !== null) places.set(place.placeId, place);
  return { version, places };
}

/** The places as they were at a version. */
export async function readPastPlaces(queries: Queries, version: string): Promise<PlacesView> {
  const rows = await queries.query<{ place: Place }>({
    name: "catalog/read_past_places",
    text: `select distinct on (place_id) place from catalog_place_version
            where version <= $1::bigint order by place_id, version desc`,
    values: [version],
  });
  return { version, places: new Map(rows.map(({ place }) => [place.placeId, place])) };
}
