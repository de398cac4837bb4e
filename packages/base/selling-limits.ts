const kib = 1024;

/** The bounds of stock and payments; `limits` has them among all others. */
export const sellingLimits = {
  stockUnitsMax: 1_000_000_000,
  /** Goods that nobody bought are back after so long; half an hour is what a basket at a till takes at most. */
  holdMsDefault: 30 * 60_000,
  holdMsMax: 7 * 24 * 3_600_000,
  /** A bundle may have bundles as parts, down to so many levels. */
  bundleDepthMax: 3,
  holdLinesMax: 200,
  holdPlacesMax: 200,
  /** One cart, one basket at the till, some decisions: who opens more at once is no shopper. */
  holdsPerOwnerMax: 20,
  holdsWaitingMax: 4_000,
  holdsPerTransactionMax: 256,
  holdLanes: 2,
  /** Rounds of planning when others take what was planned on. */
  holdRoundsMax: 6,
  stockSweepMs: 1_000,
  stockSweepHolds: 500,
  stockFeedRowsPerTransactionMax: 2_000,
  stockFeedWaitingRowsMax: 40_000,
  stockFeedLanes: 2,
  levelsPerChangeMax: 500,
  transferLinesMax: 1_000,

  /** How long a provider of payments is waited for, once, and when the same is asked again at the latest. */
  providerCallMsMax: 15_000,
  providerBytesMax: 256 * kib,
  providerAgainMsMax: 3_600_000,
  /** Stripe forgets idempotency keys after 24 hours: beyond, asking again could act twice. */
  providerKeyMs: 23 * 3_600_000,
  /** How often a payment is looked at whose buyer has to act, and for how long: what is told later is heard as well. */
  actionLookMs: 60_000,
  actionLookMsMax: 23 * 3_600_000,
  operationsPerSweep: 20,
  operationSweepMs: 2_000,
  operationLeaseMs: 30_000,
  /** How long a caller is kept waiting for a provider before it is told that nobody knows yet. */
  operationWaitMsMax: 20_000,
  webhookToleranceMs: 5 * 60_000,
} as const;
