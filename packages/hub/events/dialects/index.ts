export { mappedNames } from "./ecommerce.ts";
export { type SegmentOptions, segment } from "./segment.ts";
export { rudderSourceConfig, segmentSettings } from "./settings.ts";
export type { WireEvent } from "./wire.ts";
