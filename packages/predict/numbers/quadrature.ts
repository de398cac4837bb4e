/**
 * Gauss–Legendre quadrature: the sum of `n` well-placed values that integrates polynomials of degree 2n − 1
 * exactly. Source: Newton's method on the Legendre recurrence, DLMF 3.5 and 18.9. Not for integrands with
 * kinks inside the range: cut it there.
 */
export type Nodes = { readonly at: Float64Array; readonly weight: Float64Array };

/** Nodes and weights on (0, 1). */
export function legendreNodes(n: number): Nodes {
  const at = new Float64Array(n);
  const weight = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let round = 0; round < 100; round++) {
      let [before, here] = [1, x];
      for (let k = 2; k <= n; k++) [before, here] = [here, ((2 * k - 1) * x * here - (k - 1) * before) / k];
      slope = (n * (x * here - before)) / (x * x - 1);
      const step = here / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    at[i] = (1 - x) / 2;
    weight[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { at, weight };
}

/** The integral of `f` from `from` until `until`. */
export function integrate(f: (x: number) => number, from: number, until: number, nodes: Nodes): number {
  let sum = 0;
  for (let i = 0; i < nodes.at.length; i++) sum += nodes.weight[i]! * f(from + (until - from) * nodes.at[i]!);
  return sum * (until - from);
}
