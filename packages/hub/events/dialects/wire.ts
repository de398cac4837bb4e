import type { Json } from "@trato/base";

/** An event in Trato's own words, as `POST /v1/events` takes it; not yet checked. */
export type WireEvent = {
  readonly id: unknown;
  readonly type: unknown;
  readonly time: unknown;
  readonly sentAt?: unknown;
  readonly channel?: string;
  readonly store?: string;
  readonly session?: string;
  readonly identities: { readonly [kind: string]: Json };
  readonly data: { readonly [name: string]: Json };
};

/** A name as it may stand in a type: "Café Tasted!" is cafe_tasted. */
export function slug(name: string): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, "");
  const joined = words
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replace(/^_+/, "")
    .slice(0, 80)
    .replace(/_+$/, "");
  return joined === "" ? "event" : joined;
}
