import { type Chance, normal } from "@trato/base";

/** Seeded draws from the distributions of the models. Source: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */

/** A draw from Gamma(shape, rate 1); about three plain draws each. */
export function drawGamma(draw: Chance, shape: number): number {
  if (shape < 1) return drawGamma(draw, shape + 1) * (1 - draw()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(draw);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - draw()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A draw from Beta(a, b). */
export function drawBeta(draw: Chance, a: number, b: number): number {
  const x = drawGamma(draw, a);
  const y = drawGamma(draw, b);
  // Both can underflow to zero for tiny shapes; then either end is as near as a double gets.
  return x + y === 0 ? (draw() < a / (a + b) ? 1 : 0) : x / (x + y);
}
