import { assert } from "@trato/base";

/**
 * Visits as flat arrays, oldest first: session `s` clicked `itemOf[sessionStart[s] .. sessionStart[s + 1])`
 * in this sequence. Items are numbers from 0; the caller keeps the names.
 */
export type Sessions = {
  readonly itemCount: number;
  readonly sessionStart: Int32Array;
  readonly itemOf: Int32Array;
};

/** Flat sessions of lists of items. Throws when an item is not below `itemCount`. Cost: one pass. */
export function sessionsFrom(lists: readonly ArrayLike<number>[], itemCount: number): Sessions {
  const sessionStart = new Int32Array(lists.length + 1);
  for (const [s, list] of lists.entries()) sessionStart[s + 1] = sessionStart[s]! + list.length;
  const itemOf = new Int32Array(sessionStart[lists.length]!);
  for (const [s, list] of lists.entries()) itemOf.set(Array.from(list), sessionStart[s]);
  const sessions = { itemCount, sessionStart, itemOf };
  checkSessions(sessions);
  return sessions;
}

/** Throws, naming what is wrong, when the arrays are not sessions. Cost: one pass. */
export function checkSessions({ itemCount, sessionStart, itemOf }: Sessions): void {
  assert(sessionStart.length > 0 && sessionStart[0] === 0, "sessionStart begins with 0");
  assert(sessionStart.at(-1) === itemOf.length, "the sessions hold all clicks");
  for (let s = 1; s < sessionStart.length; s++) {
    assert(sessionStart[s - 1]! <= sessionStart[s]!, "sessionStart does not fall");
  }
  for (const item of itemOf) assert(item >= 0 && item < itemCount, `an item is below ${itemCount}`);
}

/** Sessions `from` to `until` (not included), as a view. */
export function sessionsBetween(sessions: Sessions, from: number, until: number): Sessions {
  const { itemCount, sessionStart, itemOf } = sessions;
  const start = sessionStart[from]!;
  return {
    itemCount,
    sessionStart: sessionStart.slice(from, until + 1).map((at) => at - start),
    itemOf: itemOf.subarray(start, sessionStart[until]!),
  };
}
