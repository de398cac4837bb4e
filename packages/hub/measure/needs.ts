import type { PersonId } from "@trato/base";
import type { Database, Log, Queries } from "../platform/index.ts";

/** What measuring asks of the rest of the hub, in its own words; main.ts passes it in. */
export type MeasureNeeds = {
  readonly database: Database;
  readonly log: Log;
  /** Who each of these ids is today. Those of erased people, and those nobody knows, are missing. */
  whoIs(queries: Queries, personIds: readonly PersonId[]): Promise<ReadonlyMap<PersonId, Standing>>;
  /** The people decided for in a period, a page at a time, in any sequence. */
  decided(period: Span): AsyncIterable<readonly Decided[]>;
  /** The first personal decision of each id in a period, at a placement when it is named, that showed something. */
  firstSlots(asked: Span & { readonly placement: string | null }): AsyncIterable<readonly FirstSlot[]>;
};

/** How the first slot of a decision was drawn: in a `share` of them it goes to any of the best `among`. */
export type FirstSlot = {
  readonly personId: string;
  readonly decisionId: string;
  readonly decidedMs: number;
  /** The chance, before the draw, of what stands there. */
  readonly propensity: number;
  readonly share: number;
  readonly among: number;
};

/** From `fromMs` on, up to and without `untilMs`. */
export type Span = { readonly fromMs: number; readonly untilMs: number };

/** A person: the id that stands for it, and every id that is it, that one included. */
export type Standing = { readonly personId: PersonId; readonly members: readonly PersonId[] };

/**
 * One id that was decided for in the period, as it was named then; the same id may come more than once. "other" is who
 * was decided for without a look at them: no consent, or nobody (the nil id).
 */
export type Decided = {
  readonly personId: string;
  readonly arm: "treated" | "holdout" | "other";
  /** Its first decision of the period in that arm. */
  readonly firstMs: number;
  readonly decisions: number;
};
