import { lnNormalDensity, normalBelow } from "../numbers/normal.ts";

/** Which distribution a life has: what the error of its logarithm is like. */
export type LifeKind = "weibull" | "log-logistic" | "log-normal";

/** The logarithms of density and survival of the error, and their derivatives. */
export type LogError = {
  lnDensity(w: number): number;
  lnSurvival(w: number): number;
  densitySlope(w: number): number;
  survivalSlope(w: number): number;
};

/** Smallest extreme value: hazards that grow or fall as a power of age. */
const weibull: LogError = {
  lnDensity: (w) => w - Math.exp(w),
  lnSurvival: (w) => -Math.exp(w),
  densitySlope: (w) => 1 - Math.exp(w),
  survivalSlope: (w) => -Math.exp(w),
};

const softplus = (w: number): number => (w > 30 ? w : Math.log1p(Math.exp(w)));
const logistic = (w: number): number => 1 / (1 + Math.exp(-w));

/** Hazards that rise and then fall again. */
const logLogistic: LogError = {
  lnDensity: (w) => w - 2 * softplus(w),
  lnSurvival: (w) => -softplus(w),
  densitySlope: (w) => 1 - 2 * logistic(w),
  survivalSlope: (w) => -logistic(w),
};

const logNormal: LogError = {
  lnDensity: lnNormalDensity,
  lnSurvival: (w) => Math.log(normalBelow(-w)),
  densitySlope: (w) => -w,
  survivalSlope: (w) => -Math.exp(lnNormalDensity(w)) / normalBelow(-w),
};

export function errorOf(kind: LifeKind): LogError {
  return { weibull, "log-logistic": logLogistic, "log-normal": logNormal }[kind];
}
