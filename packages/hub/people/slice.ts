import { limits } from "@trato/base";
import type { JsonObject } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import type { AnySlice, Slice, SliceStates } from "./fold.ts";

/** What a person is called and how they like to be spoken to: the last value that was said of each. */
export type TraitsState = {
  firstMs: number | null;
  lastMs: number | null;
  events: number;
  said: { [name: string]: string };
};

const traitNames = [
  "name",
  "language",
  "country",
  "city",
  "birthday",
  "gender",
  "store",
  "timezone",
] as const;

const traits: Slice<TraitsState> = {
  name: "traits",
  version: 1,
  hears: () => true,
  start: () => ({ firstMs: null, lastMs: null, events: 0, said: {} }),
  fold(state, event) {
    state.firstMs ??= event.timeMs;
    state.lastMs = event.timeMs;
    state.events += 1;
    if (event.type !== "person.described") return;
    const given = (event.data["traits"] ?? event.data) as JsonObject;
    if (typeof given !== "object" || given === null || Array.isArray(given)) return;
    for (const name of traitNames) {
      const value = given[name];
      if (typeof value === "string" && value !== "") state.said[name] = value.slice(0, limits.traitCharsMax);
    }
  },
};

/** A person's last word per purpose and channel, and the event that is its evidence. */
export type ConsentState = {
  [purposeAndChannel: string]: { given: boolean; timeMs: number; eventId: string };
};

const consent: Slice<ConsentState> = {
  name: "consent",
  version: 1,
  hears: (type) => type === "consent.given" || type === "consent.withdrawn",
  start: () => ({}),
  fold(state, event) {
    const purpose = event.data["purpose"];
    if (typeof purpose !== "string") return;
    const channel = typeof event.data["channel"] === "string" ? event.data["channel"] : anyChannel;
    const key = `${purpose}/${channel}`;
    if (!(key in state) && Object.keys(state).length >= limits.consentsKept) return;
    state[key] = { given: event.type === "consent.given", timeMs: event.timeMs, eventId: event.id };
    if (channel === anyChannel) overrule(state, purpose, event);
  },
};

const anyChannel = "any";

/** A word about every channel settles what was said before about single ones. */
function overrule(state: ConsentState, purpose: string, event: KeptEvent): void {
  for (const key of Object.keys(state)) {
    if (
      key.startsWith(`${purpose}/`) &&
      state[key]!.timeMs <= event.timeMs &&
      key !== `${purpose}/${anyChannel}`
    ) {
      delete state[key];
    }
  }
}

export const slices: readonly AnySlice[] = [traits, consent];

export function consentOf(states: SliceStates): ConsentState {
  return (states["consent"] ?? {}) as ConsentState;
}

/**
 * Whether a person has agreed to a purpose on a channel. The word about the channel itself counts before the word
 * about any channel; who said nothing has not agreed.
 */
export function hasConsent(state: ConsentState, purpose: string, channel: string): boolean {
  return (state[`${purpose}/${channel}`] ?? state[`${purpose}/${anyChannel}`])?.given === true;
}

/** True when the person has said no to the purpose, on this channel or on any: the strongest word there is. */
export function hasObjected(state: ConsentState, purpose: string, channel: string): boolean {
  return (
    state[`${purpose}/${channel}`]?.given === false || state[`${purpose}/${anyChannel}`]?.given === false
  );
}
