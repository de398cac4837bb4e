import { styleText } from "node:util";
import { type Clock, limits, secondMs } from "@trato/base";
import { localTime } from "../calendar.ts";
import { type Language, wording } from "./wording.ts";

/** How a kind of line looks, and how many of them a reader is shown in a second at most. */
const kinds = {
  visit: { mark: "●", colour: "gray", perSecond: 1.5 },
  bought: { mark: "✔", colour: "green", perSecond: 2 },
  left: { mark: "○", colour: "yellow", perSecond: 1 },
  moment: { mark: "◆", colour: "magenta", perSecond: 1.5 },
  decision: { mark: "▶", colour: "cyan", perSecond: 2 },
  quiet: { mark: "▷", colour: "gray", perSecond: 0.3 },
  message: { mark: "✉", colour: "blue", perSecond: 0.7 },
  consent: { mark: "§", colour: "white", perSecond: 1 },
  aside: { mark: "✖", colour: "red", perSecond: 1 },
} as const;
export type LineKind = keyof typeof kinds;

/** Prints what happens, line by line: as much as an eye can follow, nothing wider than a terminal. */
export type Ticker = {
  /** One thing that happened. Left out when there was enough of it, or of everything, in the last second. */
  happened(kind: LineKind, atMs: number, text: string): void;
  /** A heading or a figure: always printed, whole. */
  say(text: string, colour?: "bold" | "dim"): void;
};

const columnsMax = 100;
/** What is left of a line beside time and mark. */
export const textColumns = columnsMax - 13;

/** `speed` is how many times faster than real time the clock runs: it turns the clock into seconds of the reader. */
export function createTicker(given: {
  readonly print: (line: string) => void;
  readonly clock: Clock;
  readonly speed: number;
  readonly language: Language;
}): Ticker {
  const { print, clock, speed } = given;
  const { weekdays } = wording[given.language];
  const all = createBucket(limits.townLinesPerSecond);
  const each = new Map<LineKind, Bucket>();
  for (const [kind, { perSecond }] of Object.entries(kinds))
    each.set(kind as LineKind, createBucket(perSecond));
  return {
    happened(kind, atMs, text) {
      const nowMs = clock.nowMs() / speed;
      if (!all.has(nowMs) || !each.get(kind)!.has(nowMs)) return;
      all.take();
      each.get(kind)!.take();
      const { mark, colour } = kinds[kind];
      const { weekday, hour, minute } = localTime(atMs);
      const time = `${weekdays[weekday]} ${pad(hour)}:${pad(minute)}`;
      print(`${styleText("dim", time)}  ${styleText(colour, mark)} ${clip(text, textColumns)}`);
    },
    say: (text, colour) => print(colour === undefined ? text : styleText(colour, text)),
  };
}

type Bucket = { has(nowMs: number): boolean; take(): void };

/** Full at first; holds a second's worth, and always room for one. */
function createBucket(perSecond: number): Bucket {
  const most = Math.max(1, perSecond);
  let room = most;
  let filledMs = Number.NEGATIVE_INFINITY;
  return {
    has(nowMs) {
      room = Math.min(most, room + (Math.max(0, nowMs - filledMs) / secondMs) * perSecond);
      filledMs = nowMs;
      return room >= 1;
    },
    take() {
      room -= 1;
    },
  };
}

const pad = (number: number): string => String(number).padStart(2, "0");

/** How wide the text is: the town uses no wide or combined letters. */
export const columnsOf = (text: string): number => [...text].length;

/** The text in at most so many columns; what does not fit becomes "…". */
export function clip(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${[...text].slice(0, columns - 1).join("")}…`;
}

/** The text in lines no wider than a terminal, broken between words. */
export function wrap(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (columnsOf(line) + 1 + columnsOf(word) <= columnsMax) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** 12345 as "12 345": read the same in Spanish and in English. */
export function grouped(number: number): string {
  return String(Math.round(number)).replaceAll(/\B(?=(\d{3})+(?!\d))/g, " ");
}
