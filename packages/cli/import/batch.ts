import { limits } from "@trato/base";
import type { BadLine } from "./line.ts";
import type { OutEvent } from "./to-events.ts";

export type Aside = { reason: "line_invalid"; detail: string; eventId: string; bytes: string };

/** What is sent together, and acknowledged together: events, and lines to put aside. */
export type Batch = {
  readonly events: readonly string[];
  readonly asides: readonly Aside[];
  /** How many groups of the file are told when this batch and all before it are acknowledged. */
  readonly groups: number;
};

export type BatchMaker = {
  /** Adds a group's events and bad lines; returns a batch when it is full. */
  readonly add: (events: readonly OutEvent[], asides: readonly Aside[], groups: number) => Batch | undefined;
  readonly end: () => Batch | undefined;
};

/** Fills batches to `eventsMax` events or lines, or `limits.importBatchBytesMax` characters, whatever comes first. */
export function createBatchMaker(eventsMax: number): BatchMaker {
  let events: string[] = [];
  let asides: Aside[] = [];
  let size = 0;
  let told = 0;
  const take = (): Batch | undefined => {
    if (events.length === 0 && asides.length === 0) return undefined;
    const batch = { events, asides, groups: told };
    events = [];
    asides = [];
    size = 0;
    return batch;
  };
  return {
    add(moreEvents, moreAsides, groups) {
      told = groups;
      for (const event of moreEvents) {
        const text = JSON.stringify(event);
        events.push(text);
        size += text.length;
      }
      for (const aside of moreAsides) {
        asides.push(aside);
        size += aside.bytes.length + aside.detail.length;
      }
      const isFull =
        Math.max(events.length, asides.length) >= eventsMax || size >= limits.importBatchBytesMax;
      return isFull ? take() : undefined;
    },
    end: take,
  };
}

/** A bad line as it is put aside. Its number makes it differ from the same line met twice. */
export function asideOf(name: string, { number, raw, detail }: BadLine): Aside {
  return {
    reason: "line_invalid",
    detail: `Line ${number}: ${detail}`,
    eventId: `${name}/line/${number}`,
    bytes: `line ${number}: ${raw}`.slice(0, limits.importLineCharsMax),
  };
}
