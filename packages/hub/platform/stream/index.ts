export type { Interest } from "./interest.ts";
export { idOf, isAfter, type Position, readId } from "./position.ts";
export { type Pass, streamRoute } from "./route.ts";
export { type Announced, endOfOutbox, readOn } from "./store.ts";
export { openStreams, type Streams } from "./streams.ts";
