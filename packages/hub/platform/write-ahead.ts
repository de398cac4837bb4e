/** What is to be seen to once a statement was carried out that nobody waits for. */
export type HowWritten = {
  /** What to throw instead of a failure. */
  readonly meaning?: (cause: unknown) => unknown;
};

/** The end of a statement as its writer wants it. */
export async function ended(carriedOut: Promise<unknown>, how: HowWritten = {}): Promise<void> {
  try {
    await carriedOut;
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
  return {
    send(carriedOut: Promise<unknown>, how?: HowWritten): void {
      last = ended(carriedOut, how).catch((cause: unknown) => {
        failure ??= { cause };
      });
    },
    /** Waits for all of them; throws what failed. */
    async answered(): Promise<void> {
      await last;
      this.throwFailure();
    },
    throwFailure(causeOf: (cause: unknown) => unknown = (cause) => cause): void {
      if (failure !== undefined) throw causeOf(failure.cause);
    },
  };
}
