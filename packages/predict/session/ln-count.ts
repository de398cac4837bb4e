const tabled = Float64Array.from({ length: 65_536 }, (_, count) => Math.log(count));

/** The logarithm of a whole number; a look into a table below 65,536, where `Math.log` would be most of a prediction. */
export function lnCount(count: number): number {
  return count < tabled.length ? tabled[count]! : Math.log(count);
}
