import type { PersonId } from "@trato/base";
import type { Queries } from "../platform/index.ts";
import type { KeptEvent } from "./event.ts";

/** What became of an event's owner: the person's home id, or erased: that person asked to be forgotten. */
export type Home = PersonId | "erased";

/** An event that is in the log now. `position` is the log's. */
export type LoggedEvent = { readonly event: KeptEvent; readonly home: PersonId; readonly position: number };

/** An event of the hub itself, which names its person by id. */
export type OwnEvent = { readonly personId: PersonId; readonly event: KeptEvent };

/** People that were asked about ahead, and those of them who live. */
export type Living = {
  readonly asked: ReadonlySet<PersonId>;
  readonly living: Promise<ReadonlySet<PersonId>>;
};

/** What intake asks of the people room, in its own words, inside its transaction. */
export type PeopleNeeds = {
  /**
   * Finds or makes the person of each event and holds them until the transaction ends: as they were read, so that a
   * faster writer makes it begin again, or locked when it has begun `again`.
   */
  settle(tx: Queries, events: readonly KeptEvent[], again: boolean): Promise<Settled>;
  /** The same for the hub's own events, whose people are known: who was erased meanwhile is "erased". */
  settleKnown(tx: Queries, own: readonly OwnEvent[], living?: Living): Promise<Settled>;
  /** Which of these people were not erased, and are not until the transaction ends. */
  holdLiving(tx: Queries, personIds: readonly PersonId[]): Promise<ReadonlySet<PersonId>>;
};

export type Settled = {
  readonly homes: readonly Home[];
  /** Folds what was new into the profiles that are held. */
  fold(logged: readonly LoggedEvent[]): Promise<void>;
  /** The transaction is committed: what it wrote may be remembered. */
  committed(): void;
};
