/**
 * Climbs one coordinate at a time: a step up or down, kept when the value rises, halved when neither helps.
 * Deterministic and without derivatives; for smooth functions of a handful of variables.
 *
 * Cost: about 2 × variables × rounds evaluations. Source: Hooke and Jeeves, 1961, without pattern moves.
 * Not for functions with several peaks, nor for many variables.
 */
export function maximise(
  value: (at: readonly number[]) => number,
  start: readonly number[],
  options: { step: number; stepMin: number; roundsMax: number },
): { at: number[]; value: number } {
  const at = [...start];
  let best = value(at);
  if (!Number.isFinite(best)) throw new Error(`Cannot climb from ${start.join(", ")}: the value is ${best}.`);
  let step = options.step;
  for (let round = 0; round < options.roundsMax && step >= options.stepMin; round++) {
    let rose = false;
    for (let i = 0; i < at.length; i++) {
      const here = at[i]!;
      for (const move of [step, -step]) {
        at[i] = here + move;
        const there = value(at);
        if (there > best) {
          best = there;
          rose = true;
          break;
        }
        at[i] = here;
      }
    }
    if (!rose) step /= 2;
  }
  return { at, value: best };
}
