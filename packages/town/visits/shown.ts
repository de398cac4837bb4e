import type { Basis } from "@trato/contract";

/** One thing a decision put before somebody. */
export type Shown = {
  readonly decisionId: string;
  readonly placement: string;
  readonly basis: Basis;
  readonly rank: number;
  readonly key: string;
  readonly sku?: string;
  readonly offerId?: string;
};
