/**
 * A stationary series that is shares of what it was and of the shocks that it met: w_t = Σ φ_i w_(t-i) + e_t + Σ θ_j
 * e_(t-j). `phi` and `theta` hold all lags, seasonal ones multiplied out.
 */
export type Arma = { readonly phi: Float64Array; readonly theta: Float64Array };

/** How much a series was surprised: the mean square of its shocks, and the logarithm of its density. */
export type Fit = { readonly variance: number; readonly lnLikelihood: number };

/** Numbers of any size become shares that are stationary (or invertible): partial correlations between -1 and 1. */
export function sharesOf(free: ArrayLike<number>): Float64Array {
  const shares = new Float64Array(free.length);
  const before = new Float64Array(free.length);
  for (let k = 0; k < free.length; k++) {
    const partial = Math.tanh(free[k]!);
    before.set(shares);
    for (let i = 0; i < k; i++) shares[i] = before[i]! - partial * before[k - 1 - i]!;
    shares[k] = partial;
  }
  return shares;
}

/** 1 - Σ a_i z^i times 1 - Σ b_j z^(m·j), again as shares. */
export function multiplied(a: Float64Array, b: Float64Array, season: number): Float64Array {
  const out = new Float64Array(a.length + season * b.length);
  out.set(a);
  for (let j = 0; j < b.length; j++) {
    out[season * (j + 1) - 1]! += b[j]!;
    for (let i = 0; i < a.length; i++) out[season * (j + 1) + i]! -= b[j]! * a[i]!;
  }
  return out;
}

/**
 * The shocks that each value met, given that there was nothing before the first: quick, and near the truth in a long
 * series. Cost: values × lags.
 */
export function conditionalFit({ phi, theta }: Arma, values: Float64Array): Fit {
  const shocks = new Float64Array(values.length);
  const [back, shockedBack] = [lagsOf(phi), lagsOf(theta)];
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    let said = 0;
    for (const i of back) if (i < t) said += phi[i]! * values[t - 1 - i]!;
    for (const j of shockedBack) if (j < t) said += theta[j]! * shocks[t - 1 - j]!;
    shocks[t] = values[t]! - said;
    squares += shocks[t]! ** 2;
  }
  return fitOf(squares, 0, values.length);
}

function lagsOf(shares: Float64Array): number[] {
  return [...shares.keys()].filter((lag) => shares[lag] !== 0);
}

function fitOf(squares: number, lnVariances: number, count: number): Fit {
  const variance = Math.max(1e-300, squares / count);
  return { variance, lnLikelihood: -0.5 * (count * (Math.log(2 * Math.PI * variance) + 1) + lnVariances) };
}

/**
 * The exact likelihood by Kalman's filter, and the state behind the last value, from which the next are told. Source:
 * Gardner, Harvey and Phillips, "Algorithm AS 154", 1980; the first covariance by doubling (Anderson and Moore, 1979).
 * Cost: values × size², and size³ at first; size is the longest lag.
 */
export function exactFit(arma: Arma, values: Float64Array): Fit & { readonly state: Float64Array } {
  const size = Math.max(arma.phi.length, arma.theta.length + 1);
  const [phi, shock] = [new Float64Array(size), new Float64Array(size)];
  phi.set(arma.phi);
  shock.set(arma.theta, 1);
  shock[0] = 1;
  let covariance = firstCovariance(phi, shock);
  let next = new Float64Array(size * size);
  let state = new Float64Array(size);
  const gain = new Float64Array(size);
  let [squares, lnVariances] = [0, 0];
  for (const value of values) {
    const variance = covariance[0]!;
    const missed = value - state[0]!;
    squares += missed ** 2 / variance;
    lnVariances += Math.log(variance);
    for (let i = 0; i < size; i++) gain[i] = covariance[i * size]! / variance;
    for (let i = 0; i < size; i++) state[i]! += gain[i]! * missed;
    // From P to T (P - gain · P_0) T' + shock · shock': T moves up by one and adds the shares of the first.
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) covariance[i * size + j]! -= gain[i]! * gain[j]! * variance;
    }
    moved(covariance, phi, next);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) next[i * size + j]! += shock[i]! * shock[j]!;
    [covariance, next] = [next, covariance];
    state = stepped(state, phi);
  }
  return { ...fitOf(squares, lnVariances, values.length), state };
}

/** The state a step later, when nothing shocks it. */
export function stepped(state: Float64Array, phi: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(state, (_, i) => (phi[i] ?? 0) * state[0]! + (state[i + 1] ?? 0));
}

/** T · P · T' of a companion matrix T. */
function moved(p: Float64Array, phi: Float64Array, out: Float64Array): void {
  const size = phi.length;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      let sum = phi[i]! * phi[j]! * p[0]!;
      if (j + 1 < size) sum += phi[i]! * p[j + 1]!;
      if (i + 1 < size) sum += phi[j]! * p[(i + 1) * size]!;
      if (i + 1 < size && j + 1 < size) sum += p[(i + 1) * size + j + 1]!;
      out[i * size + j] = sum;
      out[j * size + i] = sum;
    }
  }
}

/** P such that P = T P T' + shock · shock'. */
function firstCovariance(phi: Float64Array, shock: Float64Array): Float64Array<ArrayBuffer> {
  const size = phi.length;
  let step = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    step[i * size] = phi[i]!;
    if (i + 1 < size) step[i * size + i + 1] = 1;
  }
  let sum = Float64Array.from(
    { length: size * size },
    (_, at) => shock[Math.floor(at / size)]! * shock[at % size]!,
  );
  for (let doubling = 0; doubling < 20; doubling++) {
    const added = product(product(step, sum, size), transposed(step, size), size);
    let largest = 0;
    sum = sum.map((value, at) => {
      largest = Math.max(largest, Math.abs(added[at]!) / (1 + Math.abs(value)));
      return value + added[at]!;
    });
    if (largest < 1e-12) break;
    step = product(step, step, size);
  }
  return sum;
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const value = a[i * size + k]!;
      if (value === 0) continue;
      for (let j = 0; j < size; j++) out[i * size + j]! += value * b[k * size + j]!;
    }
  }
  return out;
}

function transposed(a: Float64Array, size: number): Float64Array {
  return a.map((_, at) => a[(at % size) * size + Math.floor(at / size)]!);
}
