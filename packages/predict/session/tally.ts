/**
 * Scores of some of many items: a full row of numbers with the list of those that were touched, so that
 * emptying and ranking cost what was touched and not what there is. Scores added must be above 0.
 */
export type Tally = {
  readonly values: Float64Array;
  readonly touched: Int32Array;
  readonly count: () => number;
  readonly add: (item: number, score: number) => void;
  readonly clear: () => void;
};

/** An empty tally. */
export function tallyOf(itemCount: number): Tally {
  const values = new Float64Array(itemCount);
  const touched = new Int32Array(itemCount);
  let count = 0;
  return {
    values,
    touched,
    count: () => count,
    add(item, score) {
      if (values[item] === 0) {
        if (score === 0) return;
        touched[count++] = item;
      }
      values[item]! += score;
    },
    clear() {
      for (let at = 0; at < count; at++) values[touched[at]!] = 0;
      count = 0;
    },
  };
}

/** The sum of all scores. */
export function tallySum({ values, touched, count }: Tally): number {
  let sum = 0;
  for (let at = 0; at < count(); at++) sum += values[touched[at]!]!;
  return sum;
}
