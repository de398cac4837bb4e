import { type FieldError, type Place, type Refusal, refuse } from "@trato/contract";
import type { Parts } from "./choose.ts";

type Places = ReadonlyMap<string, Place>;

export const noPlace = (placeId: string) =>
  refuse("place_unknown", {
    detail: {
      en: `there is no place "${placeId}"; PUT /v1/places makes one`,
      es: `no hay lugar "${placeId}"; PUT /v1/places crea uno`,
    },
  });

/** Why nobody can serve this: a place that does not exist, or a channel that no place serves. */
export function unservedBy(
  places: Places,
  asked: { readonly channel: string; readonly placeIds?: readonly string[] | undefined },
): Refusal<"place_unknown" | "request_invalid"> | undefined {
  const unknown = asked.placeIds?.find((placeId) => !places.has(placeId));
  if (unknown !== undefined) return noPlace(unknown);
  if (asked.placeIds !== undefined) return undefined;
  if (places.values().some(({ channels }) => channels.includes(asked.channel))) return undefined;
  const detail = {
    en: `no place serves "${asked.channel}"; PUT /v1/places says which channels a place serves`,
    es: `ningún lugar atiende "${asked.channel}"; PUT /v1/places dice qué canales atiende un lugar`,
  };
  return refuse("request_invalid", { errors: [{ pointer: "/body/channel", detail }] });
}

/** A bundle has no stock of its own, only its parts have. */
export const bundleError = (sku: string, items: Parts, pointer: string): FieldError[] =>
  items.get(sku)?.parts === undefined
    ? []
    : [
        {
          pointer,
          detail: {
            en: `"${sku}" is a bundle: its stock is that of its parts; send those`,
            es: `"${sku}" es un paquete: sus existencias son las de sus partes; envíelas`,
          },
        },
      ];

/** The refusal of lines that name bundles as goods. */
export function bundlesAmong(lines: readonly { readonly sku: string }[], items: Parts) {
  const errors = lines.flatMap(({ sku }, i) => bundleError(sku, items, `/body/lines/${i}/sku`));
  return errors.length === 0 ? undefined : refuse("request_invalid", { errors });
}
