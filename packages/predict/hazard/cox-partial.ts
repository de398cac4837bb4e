import { type Lives, livesOf } from "./lives.ts";

/** Lives sorted for walking down the ages: who is there at each, and who fails. */
export type Events = {
  readonly lives: Lives;
  /** Rows by descending end, and by descending start. */
  readonly byEnd: Int32Array;
  readonly byStart: Int32Array;
};

export function eventsOf(lives: Lives): Events {
  const { end, start } = lives;
  const byEnd = Int32Array.from(end.keys()).sort((a, b) => end[b]! - end[a]!);
  const byStart =
    start === undefined ? new Int32Array(0) : byEnd.slice().sort((a, b) => start[b]! - start[a]!);
  return { lives, byEnd, byStart };
}

/** Sums over rows, weighted by their risk: of 1, of the row, and of the row's square. */
type Sums = { risk: number; first: Float64Array; second: Float64Array };

const sumsOf = (width: number): Sums => ({
  risk: 0,
  first: new Float64Array(width),
  second: new Float64Array(width * width),
});

function add(sums: Sums, row: Float64Array, risk: number): void {
  const width = row.length;
  sums.risk += risk;
  for (let i = 0; i < width; i++) {
    const x = risk * row[i]!;
    sums.first[i]! += x;
    for (let j = 0; j <= i; j++) sums.second[i * width + j]! += x * row[j]!;
  }
}

/** What is left of a sum below this share of its most is summed anew: taking away has rounded too much of it off. */
const restShareMin = 1e-3;

/**
 * Tells `visit` of each age at which something failed, from the oldest down: the sums of those who could have,
 * and of those who did.
 */
function walk(
  { lives, byEnd, byStart }: Events,
  matrix: Float64Array,
  at: Float64Array,
  visit: (found: { age: number; there: Sums; failed: Sums; rows: readonly number[]; deaths: number }) => void,
): void {
  const width = at.length;
  const { end, start, failed } = lives;
  const rowOf = (row: number) => matrix.subarray(row * width, (row + 1) * width);
  const riskOf = (row: number) =>
    livesOf(lives, row) * Math.exp(rowOf(row).reduce((sum, x, j) => sum + x * at[j]!, 0));
  let there = sumsOf(width);
  let late = 0;
  let most = 0;
  for (let next = 0; next < byEnd.length; ) {
    const age = end[byEnd[next]!]!;
    const dying = sumsOf(width);
    const rows: number[] = [];
    let deaths = 0;
    for (; next < byEnd.length && end[byEnd[next]!] === age; next++) {
      const row = byEnd[next]!;
      add(there, rowOf(row), riskOf(row));
      if (failed[row] === 0) continue;
      add(dying, rowOf(row), riskOf(row));
      rows.push(row);
      deaths += livesOf(lives, row);
    }
    for (; late < byStart.length && start![byStart[late]!]! >= age; late++) {
      add(there, rowOf(byStart[late]!), -riskOf(byStart[late]!));
    }
    most = Math.max(most, there.risk);
    if (there.risk < restShareMin * most) {
      there = sumsOf(width);
      for (const row of byEnd.subarray(0, next)) {
        if (start![row]! < age) add(there, rowOf(row), riskOf(row));
      }
      most = there.risk;
    }
    if (rows.length > 0) visit({ age, there, failed: dying, rows, deaths });
  }
}

/** The partial likelihood by Efron, with its slope and its curvature downwards. */
export function lnPartial(events: Events, matrix: Float64Array, at: Float64Array) {
  const width = at.length;
  const slope = new Float64Array(width);
  const information = new Float64Array(width * width);
  const mean = new Float64Array(width);
  let lnLikelihood = 0;
  walk(events, matrix, at, ({ there, failed, rows, deaths }) => {
    for (const row of rows) {
      const times = livesOf(events.lives, row);
      for (let j = 0; j < width; j++) {
        const x = times * matrix[row * width + j]!;
        slope[j]! += x;
        lnLikelihood += x * at[j]!;
      }
    }
    // Of several at one age each fails before the rest in one part of the possible sequences.
    for (let death = 0; death < deaths; death++) {
      const share = death / deaths;
      const risk = there.risk - share * failed.risk;
      lnLikelihood -= Math.log(risk);
      for (let i = 0; i < width; i++) {
        mean[i] = (there.first[i]! - share * failed.first[i]!) / risk;
        slope[i]! -= mean[i]!;
        for (let j = 0; j <= i; j++) {
          const square = (there.second[i * width + j]! - share * failed.second[i * width + j]!) / risk;
          information[i * width + j]! += square - mean[i]! * mean[j]!;
        }
      }
    }
  });
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) information[j * width + i] = information[i * width + j]!;
  return { lnLikelihood, slope, information };
}

/** The cumulative hazard of a row of zeros at each age of a failure, ascending. */
export function stepsOf(events: Events, matrix: Float64Array, at: Float64Array) {
  const steps: { age: number; hazard: number }[] = [];
  walk(events, matrix, at, ({ age, there, failed, deaths }) => {
    let hazard = 0;
    for (let death = 0; death < deaths; death++) hazard += 1 / (there.risk - (death / deaths) * failed.risk);
    steps.push({ age, hazard });
  });
  steps.reverse();
  let sum = 0;
  return {
    ages: Float64Array.from(steps, ({ age }) => age),
    hazards: Float64Array.from(steps, ({ hazard }) => (sum += hazard)),
  };
}
