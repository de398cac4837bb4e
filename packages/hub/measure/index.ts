import type { AnySlice } from "../people/index.ts";
import { pressureSlice } from "./slice.ts";

export { pruneOldFacts } from "./jobs/prune.ts";
export { createMeasure, type Measure } from "./measure.ts";
export type { Decided, FirstSlot, MeasureNeeds, Span, Standing } from "./needs.ts";
export type { ReportQuery } from "./report.ts";
export type { PressureState } from "./slice.ts";
export type { PolicyQuery } from "./value-policy.ts";

export const measureSlices: readonly AnySlice[] = [pressureSlice];
