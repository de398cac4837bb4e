import type { Identity } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";

/** An identity as one text, to look it up by. Joined, not concatenated: a cache then keeps one string of it, not three. */
export const identityKey = ({ kind, value }: Identity): string => [kind, value].join("\n");

/** An identity with its key, which is made once: a batch of events looks each up half a dozen times. */
export type KeyedIdentity = Identity & { readonly key: string };
export type KeyedEvent = { readonly event: KeptEvent; readonly identities: readonly KeyedIdentity[] };

export const keyedEvent = (event: KeptEvent): KeyedEvent => ({
  event,
  identities: event.identities.map(({ kind, value }) => ({ kind, value, key: identityKey({ kind, value }) })),
});
