import { writeSync } from "node:fs";

/** One measured number beside its floor: what the bare cost would be, measured in the same run. */
export type Figure = {
  readonly bench: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number | null;
  /** value / floor for rates (1 is as fast as the floor), value − floor told as a ratio for times. */
  readonly ratio: number | null;
  readonly target: number | null;
  readonly met: boolean | null;
};

export type Report = (
  figure: string,
  value: number,
  unit: string,
  against?: { floor?: number; atLeast?: number; atMost?: number },
) => void;

const round = (value: number): number => Number(value.toPrecision(4));

/** Prints figures as they come: a line for people, or one JSON line each. */
export function reporter(bench: string, asJson: boolean, keep: (figure: Figure) => void): Report {
  return (figure, value, unit, against = {}) => {
    const { floor, atLeast, atMost } = against;
    const target = atLeast ?? atMost ?? null;
    const met = atLeast !== undefined ? value >= atLeast : atMost !== undefined ? value <= atMost : null;
    const row: Figure = {
      bench,
      figure,
      value: round(value),
      unit,
      floor: floor === undefined ? null : round(floor),
      ratio: floor === undefined || floor === 0 ? null : round(value / floor),
      target,
      met,
    };
    keep(row);
    writeSync(1, asJson ? `${JSON.stringify(row)}\n` : `${readable(row, atMost !== undefined)}\n`);
  };
}

function readable(row: Figure, isCeiling: boolean): string {
  const floor = row.floor === null ? "" : `  floor ${row.floor} (${row.ratio}×)`;
  const target =
    row.target === null
      ? ""
      : `  target ${isCeiling ? "≤" : "≥"} ${row.target} ${row.met ? "met" : "MISSED"}`;
  return `${`${row.bench} ${row.figure}`.padEnd(34)} ${String(row.value).padStart(10)} ${row.unit}${floor}${target}`;
}
