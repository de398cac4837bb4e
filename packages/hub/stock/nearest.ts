import type { Place } from "@trato/contract";

export type Point = { readonly latitude: number; readonly longitude: number };
export type NearPlace = { readonly place: Place; readonly distanceM: number | undefined };

/** The mean radius of the earth (IUGG), in metres. */
const earthM = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres between two points as the crow flies, by the haversine formula: within 0.6 % of the ellipsoid's. */
export function distanceM(a: Point, b: Point): number {
  const [latitudeA, latitudeB] = [radians(a.latitude), radians(b.latitude)];
  const across = Math.sin((latitudeB - latitudeA) / 2) ** 2;
  const along = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const share = across + Math.cos(latitudeA) * Math.cos(latitudeB) * along;
  return 2 * earthM * Math.asin(Math.min(1, Math.sqrt(share)));
}

const pointOf = ({ latitude, longitude }: Place): Point | undefined =>
  latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };

/**
 * The places that can serve a channel, in the order in which they should: the nearest first, then those without
 * coordinates by priority; without a point, all by priority. Names decide what is left, so that the order is one.
 */
export function placesFor(
  places: Iterable<Place>,
  asked: { readonly channel: string | undefined; readonly near: Point | undefined },
): NearPlace[] {
  const { channel, near } = asked;
  const found: NearPlace[] = [];
  for (const place of places) {
    if (channel !== undefined && !place.channels.includes(channel)) continue;
    const point = pointOf(place);
    const known = near === undefined || point === undefined ? undefined : distanceM(near, point);
    found.push({ place, distanceM: known });
  }
  return found.sort(
    (a, b) =>
      compare(a.distanceM ?? Number.POSITIVE_INFINITY, b.distanceM ?? Number.POSITIVE_INFINITY) ||
      a.place.priority - b.place.priority ||
      compare(a.place.placeId, b.place.placeId),
  );
}

const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
