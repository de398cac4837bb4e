import type { PersonId } from "@trato/base";
import type { ModelFamily } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import type { Profile } from "../people/index.ts";
import type { Database, Queries } from "../platform/index.ts";
import type { PersonScore, ScoreCursor, Scores } from "../scores/index.ts";

/** A moment as an event of the log, with the person it is about: the hub knows who it means, no identity is needed. */
export type FoundEvent = { readonly personId: PersonId; readonly event: KeptEvent };

/** What moments ask of the rest of the hub, in their own words. "Living" is neither erased nor merged away. */
export type MomentNeeds = {
  readonly database: Database;
  /**
   * Locks at most `limit` living profiles that wanted to be looked at by `nowMs`, some perhaps too early; other hubs
   * skip them. They are not handed out again until what is known of them asks for it.
   */
  takeWakeUps(tx: Queries, nowMs: number, limit: number): Promise<readonly Profile[]>;
  /** At most `limit` living profiles after this person id (`nobody` for the first), sorted by id. */
  profilePage(afterPersonId: PersonId, limit: number): Promise<readonly Profile[]>;
  /** Locks these profiles, in sorted order, and reads them again; those that are not living are missing. */
  lockProfiles(tx: Queries, personIds: readonly PersonId[]): Promise<readonly Profile[]>;
  /** Takes the hub's own events in, inside the transaction: keep once, fold, hand on. */
  record(tx: Queries, events: readonly FoundEvent[]): Promise<void>;
  /** The models in charge. */
  scores(): Scores;
  /** When models last said what they expect of people, 0 before. */
  lastScoredMs(): Promise<number>;
  /**
   * How far the model of who orders again looks ahead, in days, where it does better than what lifetimes say; null
   * where lifetimes alone say who may be leaving.
   */
  churnHorizonDays(): Promise<number | null>;
  /** A page of what the models of a family expect of each person or thing of theirs, by person. */
  scorePage(family: ModelFamily, after: ScoreCursor, limit: number): Promise<readonly PersonScore[]>;
};
