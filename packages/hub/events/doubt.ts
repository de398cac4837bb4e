import { limits } from "@trato/base";

/**
 * Repeats come in runs, from a client that sends again what it had no answer to. The first one costs a transaction;
 * after it a lane reckons with more of them for a while.
 */
export type Doubt = { mayRepeat(attempt: number): boolean };

export function createDoubt(): Doubt {
  let transactionsLeft = 0;
  return {
    mayRepeat(attempt) {
      if (attempt > 1) transactionsLeft = limits.intakeDoubtTransactions;
      else if (transactionsLeft > 0) transactionsLeft -= 1;
      return transactionsLeft > 0;
    },
  };
}
