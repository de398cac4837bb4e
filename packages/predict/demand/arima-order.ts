import { differenced, differencesOf, isStronglySeasonal } from "./differences.ts";

/** (p, d, q)(P, D, Q) of a season of `rows`; `hasMean`: the differences have a mean of their own (a drift). */
export type Order = {
  readonly p: number;
  readonly d: number;
  readonly q: number;
  readonly seasonal: { readonly p: number; readonly d: number; readonly q: number; readonly rows: number };
  readonly hasMean: boolean;
};

const [pMax, seasonalMax, modelsMax] = [5, 2, 60];

/**
 * The order of the least criterion: differences by tests, then from four plain orders to the best neighbour of the best
 * (one share more or less, of one kind or of both; with a mean or without) until none is better.
 */
export function searchOrder(
  values: Float64Array,
  seasonRows: number,
  criterion: (order: Order) => number,
): Order {
  const seasonal = seasonRows > 1 && values.length >= 3 * seasonRows;
  const seasonalD = seasonal && isStronglySeasonal(values, seasonRows) ? 1 : 0;
  const d = differencesOf(seasonalD === 1 ? differenced(values, seasonRows) : values);
  const rows = seasonal ? seasonRows : 1;
  const orderOf = (p: number, q: number, sp: number, sq: number, hasMean: boolean): Order => ({
    ...{ p, d, q, hasMean },
    seasonal: { p: seasonal ? sp : 0, d: seasonalD, q: seasonal ? sq : 0, rows },
  });
  const mayHaveMean = d + seasonalD <= 1;
  const tried = new Map<string, number>();
  let best = { order: orderOf(0, 0, 0, 0, mayHaveMean), value: Number.POSITIVE_INFINITY };
  const left = values.length - d - seasonalD * rows;
  const look = (order: Order): boolean => {
    const { p, q, seasonal: s } = order;
    const key = JSON.stringify(order);
    const within =
      Math.min(p, q, s.p, s.q) >= 0 && Math.max(p, q) <= pMax && Math.max(s.p, s.q) <= seasonalMax;
    const isShort = p + q + rows * (s.p + s.q) > left / 3;
    if (!within || isShort || tried.has(key) || tried.size >= modelsMax || (order.hasMean && !mayHaveMean))
      return false;
    const value = criterion(order);
    tried.set(key, value);
    if (!(value < best.value)) return false;
    best = { order, value };
    return true;
  };
  look(orderOf(0, 0, 0, 0, mayHaveMean));
  look(orderOf(2, 2, 1, 1, mayHaveMean));
  look(orderOf(1, 0, 1, 0, mayHaveMean));
  look(orderOf(0, 1, 0, 1, mayHaveMean));
  if (mayHaveMean) look(orderOf(0, 0, 0, 0, false));
  for (let moved = true; moved; ) {
    const { p, q, seasonal: s, hasMean } = best.order;
    moved = steps.some(([dp, dq, dsp, dsq]) => look(orderOf(p + dp, q + dq, s.p + dsp, s.q + dsq, hasMean)));
    moved = moved || look(orderOf(p, q, s.p, s.q, !hasMean));
  }
  return best.order;
}

const single = [-1, 1];
/** Changes of p, q and their seasonal twins, in the sequence in which they are looked at. */
const steps: readonly (readonly [number, number, number, number])[] = [
  ...single.map((by) => [0, 0, by, 0] as const),
  ...single.map((by) => [0, 0, 0, by] as const),
  ...single.flatMap((a) => single.map((b) => [0, 0, a, b] as const)),
  ...single.map((by) => [by, 0, 0, 0] as const),
  ...single.map((by) => [0, by, 0, 0] as const),
  ...single.flatMap((a) => single.map((b) => [a, b, 0, 0] as const)),
];
