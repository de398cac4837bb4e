import type { EventData, EventTypeName } from "@trato/contract";
import { instant } from "../calendar.ts";

/** An event as `POST /v1/events` takes it. */
export type WireEvent = {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly channel?: string;
  readonly store?: string;
  readonly session?: string;
  readonly identities?: Readonly<Record<string, string>>;
  readonly data: object;
};

/** Writes down what happens in one visit: `data` that does not fit its type does not compile. */
export type Scribe = {
  readonly idStart: string;
  /** The time of what is written next. */
  readonly nowMs: number;
  say<Name extends EventTypeName>(type: Name, data: EventData<Name>): void;
  /** Lets so many seconds pass, but not past the visit's end. */
  wait(seconds: number): void;
  /** Moves on to `atMs`, and the visit's end with it, when that is later. */
  resume(atMs: number): void;
  /** When the visit ends. */
  readonly untilMs: number;
  /** Who everything from here on is about. */
  identify(identities: Readonly<Record<string, string>>): void;
  /** Hands over what was written since the last time. */
  take(): readonly WireEvent[];
};

/** Ids are `<idStart>-<count>`: no two visits may share `idStart`. */
export function createScribe(given: {
  readonly idStart: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly frame: Pick<WireEvent, "channel" | "store" | "session">;
}): Scribe {
  let events: WireEvent[] = [];
  let written = 0;
  let { fromMs: nowMs, untilMs } = given;
  let identities: Readonly<Record<string, string>> = {};
  return {
    idStart: given.idStart,
    get nowMs() {
      return nowMs;
    },
    say(type, data) {
      written += 1;
      const known = Object.keys(identities).length > 0 ? { identities } : {};
      const id = `${given.idStart}-${written}`;
      events.push({ id, type, time: instant(nowMs), ...given.frame, ...known, data });
    },
    get untilMs() {
      return untilMs;
    },
    resume(atMs) {
      const laterMs = Math.max(0, atMs - nowMs);
      nowMs += laterMs;
      untilMs += laterMs;
    },
    wait(seconds) {
      nowMs = Math.min(untilMs, Math.floor(nowMs + seconds * 1_000));
    },
    identify(next) {
      identities = next;
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
  };
}
