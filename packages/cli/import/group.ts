import { limits } from "@trato/base";
import type { BadLine, GoodLine, Line } from "./line.ts";

/** Lines that stand together and have order, customer and store in common, and the bad lines met on the way. */
export type Group = { readonly lines: readonly GoodLine[]; readonly bad: readonly BadLine[] };

export type Grouper = {
  /** Returns the group that this line ended, if it ended one. */
  readonly add: (line: Line) => Group | undefined;
  /** The last group, if any line is left. */
  readonly end: () => Group | undefined;
};

/** Groups lines as they come; a group has at most `limits.linesPerOrderMax` good and as many bad lines. */
export function createGrouper(linesMax: number = limits.linesPerOrderMax): Grouper {
  let lines: GoodLine[] = [];
  let bad: BadLine[] = [];
  const take = (): Group | undefined => {
    if (lines.length === 0 && bad.length === 0) return undefined;
    const group = { lines, bad };
    lines = [];
    bad = [];
    return group;
  };
  return {
    add(line) {
      const first = lines[0];
      const isBad = line.fate === "quarantined";
      const isFull = (isBad ? bad : lines).length >= linesMax;
      const isNext = !isBad && first !== undefined && !isTogether(first, line);
      const ended = isFull || isNext ? take() : undefined;
      if (isBad) bad.push(line);
      else lines.push(line);
      return ended;
    },
    end: take,
  };
}

const isTogether = (a: GoodLine, b: GoodLine): boolean =>
  a.order === b.order && a.customer === b.customer && a.store === b.store;
