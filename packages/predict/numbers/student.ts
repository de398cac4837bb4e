import { betaBelow } from "./special.ts";

/** The chance that a Student-t variable with `dof` degrees of freedom is below `t`. About a microsecond. */
export function studentBelow(t: number, dof: number): number {
  if (t === Number.POSITIVE_INFINITY) return 1;
  if (t === Number.NEGATIVE_INFINITY) return 0;
  const square = t * t;
  // Two forms of one tail: the first keeps its digits far out, the second near zero.
  const tail =
    square > dof
      ? 0.5 * betaBelow(dof / (dof + square), dof / 2, 0.5)
      : 0.5 - 0.5 * betaBelow(square / (dof + square), 0.5, dof / 2);
  return t > 0 ? 1 - tail : tail;
}

/** The t that a share `level` (0 to 1) of a Student-t variable is below; by halving, exact to 1e-12. */
export function studentQuantile(level: number, dof: number): number {
  if (level === 0.5) return 0;
  if (level <= 0) return Number.NEGATIVE_INFINITY;
  if (level >= 1) return Number.POSITIVE_INFINITY;
  if (level < 0.5) return -studentQuantile(1 - level, dof);
  let high = 1;
  while (studentBelow(high, dof) < level && high < 1e150) high *= 2;
  let low = 0;
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentBelow(middle, dof) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
