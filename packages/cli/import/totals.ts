import { type Fate, fates, type Line } from "./line.ts";

/** Lines and amounts of one fate. `minor` is what was sent, `micros` what the file says; both with their sign. */
export type Sum = { lines: number; micros: bigint; minor: bigint };
export type Totals = {
  /** Every line as it was read, whatever became of it. */
  readonly file: Sum & { withoutAmount: number };
  /** Every line as it was handed on, by its fate. */
  readonly byFate: Readonly<Record<Fate, Sum>>;
};

const nothing = (): Sum => ({ lines: 0, micros: 0n, minor: 0n });

export function startTotals(): Totals {
  const byFate = Object.fromEntries(fates.map((fate) => [fate, nothing()])) as Record<Fate, Sum>;
  return { file: { ...nothing(), withoutAmount: 0 }, byFate };
}

/** Counts a line as it is read. */
export function countRead({ file }: Totals, line: Line): void {
  file.lines += 1;
  if (line.micros === null) file.withoutAmount += 1;
  else file.micros += line.micros;
}

/** Counts lines as they are handed on to the hub. */
export function countTold({ byFate }: Totals, lines: readonly Line[]): void {
  for (const line of lines) {
    const sum = byFate[line.fate];
    sum.lines += 1;
    sum.micros += line.micros ?? 0n;
    if (line.fate !== "quarantined")
      sum.minor += BigInt(line.micros < 0n ? -line.amountMinor : line.amountMinor);
  }
}

/** All fates together. */
export function sumOf({ byFate }: Totals): Sum {
  const all = nothing();
  for (const fate of fates) {
    all.lines += byFate[fate].lines;
    all.micros += byFate[fate].micros;
    all.minor += byFate[fate].minor;
  }
  return all;
}

/** True when every line that was read was handed on, with the amount the file gives it. */
export function reconciles(totals: Totals): boolean {
  const all = sumOf(totals);
  return all.lines === totals.file.lines && all.micros === totals.file.micros;
}
