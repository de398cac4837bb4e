export type { FoundEvent, MomentNeeds } from "./needs.ts";
export { type ListNeeds, listRoute as listMomentsRoute } from "./routes/list.ts";
export {
  type MomentsState,
  momentsAt,
  momentsSlice,
  type OpenMoment,
  openMoments,
  type Seen,
} from "./slice.ts";
export { eraseMomentsOf, type MomentRow, readMoments } from "./store.ts";
export { createMomentWatcher, type MomentWatcher } from "./watch.ts";
