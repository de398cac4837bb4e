/** What is to be seen to once a statement was carried out that nobody waits for. */
export type HowWritten<Row> = {
  /** Looks at the rows before the commit; throws when they are not what they must be. */
  readonly check?: (rows: readonly Row[]) => void;
  /** What to throw instead of a failure. */
  readonly meaning?: (cause: unknown) => unknown;
};

/** The end of a statement as its writer wants it. */
export async function checked<Row>(rows: Promise<readonly Row[]>, how: HowWritten<Row> = {}): Promise<void> {
  try {
    how.check?.(await rows);
    await rows;
  } catch (cause) {
    throw how.meaning?.(cause) ?? cause;
  }
}

/**
 * The statements of one transaction that nobody waits for. PostgreSQL answers in the order in which it is asked: once
 * the last one is answered all are, and the first failure is the cause of those behind it.
 */
export function writeAhead() {
  let failure: { readonly cause: unknown } | undefined;
  let last: Promise<void> = Promise.resolve();
  let lastChecked = last;
  return {
    send<Row>(rows: Promise<readonly Row[]>, how: HowWritten<Row> = {}): void {
      last = checked(rows, how).catch((cause: unknown) => {
        failure ??= { cause };
      });
      if (how.check !== undefined) lastChecked = last;
    },
    /** Waits for all of them, or for those with a check; throws what failed. */
    async answered(which: "all" | "checked"): Promise<void> {
      await (which === "all" ? last : lastChecked);
      this.throwFailure();
    },
    throwFailure(): void {
      if (failure !== undefined) throw failure.cause;
    },
  };
}
