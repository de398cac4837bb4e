import { type Clock, limits, systemClock } from "@trato/base";
import { type BatchResult, type FieldError, type Place, type PlaceInput, placeInput } from "@trato/contract";
import { recordThings, type Thing } from "../events/index.ts";
import { type Database, keepSnapshot, type Log, rememberPast, rowChecker } from "../platform/index.ts";
import { type PlacesView, readPastPlaces, readPlacesView, writePlaces } from "./place-store.ts";
import { summarise } from "./rules.ts";

export type Places = Awaited<ReturnType<typeof openPlaces>>;

/** Where a place without a priority stands: after all that have one. */
const lastPriority = 1_000_000;

const checkPlaces = rowChecker<PlaceInput>({
  schema: placeInput,
  under: "places",
  idField: "placeId",
  more: placeErrors,
});

/** What a schema cannot say of a place: its time zone exists, and a coordinate has its other half. */
export function placeErrors({ timezone, latitude, longitude }: PlaceInput): FieldError[] {
  const errors: FieldError[] = [];
  if (!isTimezone(timezone)) {
    errors.push({
      pointer: "/timezone",
      detail: {
        en: `there is no time zone "${timezone}"; use one such as America/Guayaquil`,
        es: `no hay huso horario "${timezone}"; use uno como America/Guayaquil`,
      },
    });
  }
  if ((latitude === undefined) !== (longitude === undefined)) {
    const missing = latitude === undefined ? "latitude" : "longitude";
    errors.push({
      pointer: `/${missing}`,
      detail: {
        en: `add ${missing}, or leave both coordinates out`,
        es: `agregue ${missing}, o quite ambas coordenadas`,
      },
    });
  }
  return errors;
}

function isTimezone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

const thingOf = (place: Place): Thing => ({
  type: "place.changed",
  store: place.placeId,
  data: { ...place },
});

/** The shop's stores, warehouses and suppliers: as they are now, and as they were. */
export async function openPlaces(needs: {
  readonly database: Database;
  readonly log: Log;
  readonly clock?: Clock;
  readonly pollMs?: number;
}) {
  const { database, log, clock = systemClock } = needs;
  const snapshots = await keepSnapshot<PlacesView>({
    name: "places",
    log,
    load: (before) => readPlacesView(database, before),
    ...(needs.pollMs === undefined ? {} : { pollMs: needs.pollMs }),
  });
  const past = rememberPast((version) => readPastPlaces(database, version));
  return {
    now: (): PlacesView => snapshots.now(),
    asOf: async (version: string): Promise<PlacesView> =>
      version === snapshots.now().version ? snapshots.now() : past(version),
    /** Writes a batch, each row by itself; when this returns, `now()` shows it. */
    async put(rows: readonly unknown[], language?: string): Promise<BatchResult> {
      const checked = checkPlaces(rows, language);
      const places = checked.flatMap((one): Place[] =>
        "row" in one ? [{ ...one.row, priority: one.row.priority ?? lastPriority }] : [],
      );
      const { version, fates, tooMany } = await database.transaction(async (tx) => {
        const done = await writePlaces(tx, places, limits.placesMax);
        await recordThings(tx, done.written.map(thingOf), clock.nowMs());
        return done;
      });
      await snapshots.refresh();
      const bounded = checked.map((one, i) => {
        if (!tooMany.has(one.id)) return one;
        const detail = `there are ${limits.placesMax} places already; change one of them instead`;
        return { id: one.id, errors: [{ pointer: `/body/places/${i}`, detail }] };
      });
      return summarise(version, bounded, fates);
    },
    /** A page of places by name, of this instant. */
    list(page: { readonly after: string; readonly limit: number }): Place[] {
      const names = [...snapshots.now().places.keys()].filter((name) => name > page.after).sort();
      return names.slice(0, page.limit).map((name) => snapshots.now().places.get(name)!);
    },
    refresh: () => snapshots.refresh(),
    stop: () => snapshots.stop(),
  };
}
