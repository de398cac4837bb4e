import { assert, type PersonId } from "@trato/base";
import type { KeptEvent } from "../events/index.ts";

/**
 * One module's part of a profile. `fold` may change only the state it is handed, looks at nothing else, is defined
 * for every event it hears and never throws: the same events always give the same bytes. A state is bounded.
 */
export type Slice<State> = {
  readonly name: string;
  /** Raised when `fold` changes its mind; profiles folded by an older version are folded again. */
  readonly version: number;
  hears(type: string): boolean;
  start(): State;
  fold(state: State, event: KeptEvent): void;
  /** When this person must be looked at again though nothing happens, such as a cart left for half an hour. */
  wakeAtMs?(state: State): number | null;
  /**
   * Given with `wakeAtMs`: a bound without the state. The event can make nobody be looked at before this; Infinity when
   * at no time, -Infinity when only the state can say.
   */
  wakesNotBeforeMs?(event: KeptEvent): number;
};

/** A slice whose state's type is known only to its owner. */
export type AnySlice = Slice<unknown>;

/** A state per slice that has heard something; the others are as they start and are not kept. */
export type SliceStates = { [slice: string]: unknown };

export type Profile = {
  readonly personId: PersonId;
  /** The person's own id and those merged into it, sorted. */
  readonly members: readonly PersonId[];
  readonly version: number;
  /** What the database saw of the log; with `members` it names exactly the events this profile is made of. */
  readonly position: string;
  readonly headMs: number;
  readonly slices: SliceStates;
};

/** The fold of everything: one state per slice that hears the event. */
export type Folder = {
  /** Changes when any slice's code does; kept beside each profile and each decision. */
  readonly version: string;
  start(): SliceStates;
  fold(states: SliceStates, event: KeptEvent): void;
  wakeAtMs(states: SliceStates): number | null;
  /** Until when an event may be left unfolded if its person is looked at by then; -Infinity when it may not. */
  mayWaitUntilMs(event: KeptEvent): number;
};

export function createFolder(slices: readonly AnySlice[]): Folder {
  const names = new Set(slices.map((slice) => slice.name));
  assert(names.size === slices.length, "each slice has a name of its own");
  const hearers = new Map<string, readonly AnySlice[]>();
  const hearersOf = (type: string): readonly AnySlice[] => {
    let found = hearers.get(type);
    if (found === undefined) {
      found = slices.filter((slice) => slice.hears(type));
      if (hearers.size < 1_000) hearers.set(type, found);
    }
    return found;
  };
  return {
    version: slices.map((slice) => `${slice.name}:${slice.version}`).join(","),
    start: () => ({}),
    fold(states, event) {
      for (const slice of hearersOf(event.type)) {
        states[slice.name] ??= slice.start();
        slice.fold(states[slice.name], event);
      }
    },
    mayWaitUntilMs(event) {
      let untilMs = Number.POSITIVE_INFINITY;
      for (const slice of hearersOf(event.type)) {
        if (slice.wakeAtMs === undefined) continue;
        untilMs = Math.min(untilMs, slice.wakesNotBeforeMs?.(event) ?? Number.NEGATIVE_INFINITY);
      }
      return untilMs;
    },
    wakeAtMs(states) {
      let soonest: number | null = null;
      for (const slice of slices) {
        const state = states[slice.name];
        const at = state === undefined ? null : (slice.wakeAtMs?.(state) ?? null);
        if (at !== null && (soonest === null || at < soonest)) soonest = at;
      }
      return soonest;
    },
  };
}
