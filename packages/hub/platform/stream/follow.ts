import { limits } from "@trato/base";
import type { Database } from "../database.ts";
import type { Connection } from "./connection.ts";
import type { Groups } from "./groups.ts";
import type { Interest } from "./interest.ts";
import { isAfter, type Position } from "./position.ts";
import { encodeChange, encodeNotice } from "./sse.ts";
import { endOfOutbox, isWhole, readPast } from "./store.ts";
import type { Tail } from "./tail.ts";

export type Wish = {
  readonly interest: Interest;
  /** Where the reader broke off; undefined to hear what comes from now on. */
  readonly after: Position | undefined;
  /** Ends the stream once all that is settled now was told, instead of waiting for more. */
  readonly endsCaughtUp: boolean;
};
export type FollowNeeds = { readonly database: Database; readonly tail: Tail; readonly groups: Groups };

/**
 * Tells a reader what it missed, from the outbox, and then takes it in among those who hear what comes: it joins first
 * and keeps what it hears, so that nothing falls between the two. Resolves when it hears live (true), or has gone.
 */
export async function follow(needs: FollowNeeds, connection: Connection, wish: Wish): Promise<boolean> {
  const { database, tail, groups } = needs;
  const { interest, after, endsCaughtUp } = wish;
  const isGap = after !== undefined && !(await isWhole(database, after));
  let seen = after === undefined || isGap ? tail.at() : after;
  if (isGap) connection.write(encodeNotice("gap", { says: "changes were missed: read again what you show" }));
  connection.write(encodeNotice("ready", {}, seen));
  // Another hub may have told this reader more than was read here.
  await tail.reached(endsCaughtUp ? await endOfOutbox(database) : seen);
  for (;;) {
    const upTo = tail.at();
    const seat = takeSeat(connection);
    const leave = groups.join(interest, seat.hear);
    connection.onClose(leave);
    await catchUp(database, connection, { interest, after: seen, upTo });
    if (!connection.isOpen()) return false;
    if (endsCaughtUp) {
      connection.end(encodeNotice("caught_up", {}, upTo));
      return false;
    }
    if (seat.goLive()) return true;
    leave();
    if (isAfter(upTo, seen)) seen = upTo;
  }
}

/** Tells what happened after one position and up to another, no faster than the reader takes it. */
async function catchUp(
  database: Database,
  connection: Connection,
  range: { readonly interest: Interest; readonly after: Position; readonly upTo: Position },
): Promise<void> {
  const { interest, upTo } = range;
  let at = range.after;
  while (isAfter(upTo, at) && connection.isOpen()) {
    const page = await readPast(database, { after: at, upTo, interest, limit: limits.streamPageRows });
    if (page.changes.length > 0) connection.write(page.changes.map(encodeChange).join(""));
    await connection.drained();
    at = page.lookedTo;
  }
}

/** Keeps what comes while a reader catches up, so much and no more, and hands it on when that is done. */
function takeSeat(connection: Connection) {
  let held: Buffer[] | undefined = [];
  let heldBytes = 0;
  return {
    hear(chunk: Buffer): void {
      if (held === undefined) {
        connection.write(chunk);
        return;
      }
      heldBytes += chunk.length;
      if (heldBytes <= limits.streamBufferBytesMax) held.push(chunk);
      else held = [];
    },
    /** False when more came than could be kept: it has to be read from the outbox. */
    goLive(): boolean {
      if (heldBytes > limits.streamBufferBytesMax) return false;
      for (const chunk of held ?? []) connection.write(chunk);
      held = undefined;
      return true;
    },
  };
}
