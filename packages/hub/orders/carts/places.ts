import { limits } from "@trato/base";
import { type Place, type Refusal, refuse } from "@trato/contract";
import type { CartContext } from "./cart.ts";
import type { CartNeeds } from "./needs.ts";

type Asked = { readonly placeId: string | null; readonly channel: string };
type Nearest = (asked: {
  readonly channel: string;
  readonly near: { readonly latitude: number; readonly longitude: number } | undefined;
}) => readonly { readonly place: Place }[];

/**
 * The places that can serve a cart: the shopper's own first, then the nearest to it in the same country. Worked out
 * once for each version of the places, shopper's place and channel.
 */
export function servingPlaces(
  view: () => ReadonlyMap<string, Place>,
  nearest: Nearest,
): (asked: Asked) => readonly string[] {
  let of: ReadonlyMap<string, Place> | undefined;
  let known = new Map<string, readonly string[]>();
  const workOut = (places: ReadonlyMap<string, Place>, { placeId, channel }: Asked): readonly string[] => {
    const own = placeId === null ? undefined : places.get(placeId);
    const { latitude, longitude } = own ?? {};
    const near = latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
    const all = nearest({ channel, near })
      .map(({ place }) => place)
      .filter(({ country }) => own === undefined || country === own.country);
    const isOwn = (place: Place) => place.placeId === placeId;
    return [...all.filter(isOwn), ...all.filter((place) => !isOwn(place))]
      .slice(0, limits.cartPlacesMax)
      .map((place) => place.placeId);
  };
  return (asked) => {
    const places = view();
    if (of !== places) {
      of = places;
      known = new Map();
    }
    const name = `${asked.placeId ?? ""}\n${asked.channel}`;
    const found = known.get(name) ?? workOut(places, asked);
    if (known.size < limits.placesMax) known.set(name, found);
    return found;
  };
}

/** The refusal of a cart that is said to be where no place is. */
export function nowhereOf(
  { mayBePlace }: Pick<CartNeeds, "mayBePlace">,
  { placeId }: Pick<CartContext, "placeId">,
): Refusal<"place_unknown"> | undefined {
  if (placeId === undefined || mayBePlace(placeId)) return undefined;
  return refuse("place_unknown", { detail: placeId });
}
