/** One line of the page of results: what we measured beside what others published on the same data and protocol. */
export type Result = {
  readonly family: string;
  /** The folder in shared/data. */
  readonly data: string;
  /** Such as "Recall@20" or "log-likelihood". */
  readonly metric: string;
  readonly ours: number;
  /** Digits after the point that are printed. */
  readonly digits: number;
  /** The bar, and what we aim at; `atMost` where less is better. Absent where there is none. */
  readonly bar?: { readonly atLeast?: number; readonly atMost?: number; readonly aim?: number };
  /** Published figures with their method, such as "GF-CF 0.1849, BSPM 0.1920". */
  readonly published: string;
  /** Processor time of fitting and of predicting all that was measured, in seconds. */
  readonly fitSeconds: number;
  readonly predictSeconds: number;
  /** The most memory that the process had held by then, the data and what was measured before included. */
  readonly memoryMb?: number;
};

/** Called once per figure, as soon as it is known. */
export type Say = (result: Result) => void;

export type Measurement = (say: Say) => void | Promise<void>;

/**
 * A family's measurements, each by the name of its data so that it can be taken alone. Read `shared/data`; parameters
 * were chosen on a validation part of train.
 */
export type Family = { readonly says: string; readonly parts: Readonly<Record<string, Measurement>> };
